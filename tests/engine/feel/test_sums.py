"""What a caseworker reads under a due date."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.engine.feel import Sum, World, compile_expression
from app.engine.meaning import TODAY

NOW = datetime(2026, 3, 25, 12, tzinfo=UTC)


def told(source: str, meaning: int = TODAY) -> list[Sum]:
    sums: list[Sum] = []
    compile_expression(source).evaluate({}, World(now=NOW, sums=sums, meaning=meaning))
    return sums


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (
            'working_days_after("2026-03-25", 5)',
            "5 working days after Wednesday 25 March 2026: 26, 27, 30, 31 March, 1 April"
            "; skipped Saturday 28 and Sunday 29 March (weekend)",
        ),
        (
            'working_days_after("2026-04-01", 2)',
            "2 working days after Wednesday 1 April 2026: 2, 7 April; skipped Friday 3 April "
            "(Good Friday), Saturday 4 and Sunday 5 April (weekend), Monday 6 April "
            "(Easter Monday)",
        ),
        (
            'working_days_after("2026-12-23", 5)',
            "5 working days after Wednesday 23 December 2026: 24, 29, 30, 31 December, "
            "4 January 2027; skipped Friday 25 December (Christmas Day), Saturday 26 and Sunday 27 "
            "December (weekend), Monday 28 December (Boxing Day, substitute day), Friday 1 January "
            "2027 (New Year’s Day), Saturday 2 and Sunday 3 January 2027 (weekend)",
        ),
        (
            'working_days_after("2026-03-25", 20)',
            "20 working days after Wednesday 25 March 2026: 26, 27, 30, 31 March, 1, 2, 7, 8, 9, "
            "10, 13, 14, 15, 16, 17, 20, 21, 22, 23, 24 April; skipped Friday 3 April (Good "
            "Friday), Saturday 4 and Sunday 5 April (weekend), Monday 6 April (Easter Monday), "
            "3 other weekends",
        ),
        (
            'working_days_after("2026-01-29", 1)',
            "1 working day after Thursday 29 January 2026: 30 January",
        ),
        (
            'working_days_after("2026-01-30", 1)',
            "1 working day after Friday 30 January 2026: 2 February"
            "; skipped Saturday 31 January and Sunday 1 February (weekend)",
        ),
        (
            'working_days_before("2026-04-09", 2)',
            "2 working days before Thursday 9 April 2026: 8, 7 April",
        ),
        (
            'working_day("2026-06-13", 3)',
            "Day 3, with Day 1 on Monday 15 June 2026: 16, 17 June"
            "; skipped Saturday 13 and Sunday 14 June (weekend)",
        ),
        (
            'months_after("2026-08-31", 6)',
            "6 months after Monday 31 August 2026 (February 2027 has no 31st): Sunday 28 February "
            "2027 is no working day (weekend), so back to Friday 26 February 2027",
        ),
        (
            'days_after("2026-11-30", 28, "forward")',
            "28 days after Monday 30 November 2026: Monday 28 December 2026 is no working day "
            "(Boxing Day, substitute day), so on to Tuesday 29 December 2026",
        ),
        (
            'hours_after(@"2026-10-24T10:00:00@Europe/London", 24)',
            "24 hours after Saturday 24 October 2026 at 10am: Sunday 25 October 2026 at 9am "
            "(the clocks change in between)",
        ),
        (
            'at_clock(working_days_after("2026-03-25", 1), "12:00")',
            "1 working day after Wednesday 25 March 2026: 26 March; at midday",
        ),
        ('at_clock(@"2026-03-26", "9:00")', ""),
        ('at_clock(@"2026-03-26", "09:00")', "9am on Thursday 26 March 2026"),
        (
            'working_days_after(@"2026-10-22T08:30:00Z", 2)',
            "2 working days after Thursday 22 October 2026: 23, 26 October; skipped Saturday 24 "
            "and Sunday 25 October (weekend); at 9:30am, the time of day it began",
        ),
    ],
)
def test_a_sum_is_told_in_words(source: str, text: str) -> None:
    sums = told(source)
    assert (sums[-1].text if sums else "") == text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (
            'hours_after(@"2026-03-02T10:00:05@Europe/London", 4)',
            "4 hours after Monday 2 March 2026 at 10:00:05: Monday 2 March 2026 at 14:00:05",
        ),
        ('at_clock(@"2026-03-26", "12:00")', "12:00 on Thursday 26 March 2026"),
    ],
)
def test_an_old_sum_says_its_clock_times_as_it_did(source: str, text: str) -> None:
    """Sums are facts of a history: one from before 2:05pm was written so is run again as it was."""
    assert told(source, meaning=1)[-1].text == text


def test_the_outermost_sum_is_the_last_and_names_its_calendar() -> None:
    sums = told('working_days_before(months_after(working_days_after("2026-03-25", 5), 6), 7)')
    assert [one.result.isoformat() for one in sums] == ["2026-04-01", "2026-10-01", "2026-09-22"]
    assert len({one.calendar for one in sums}) == 1


def test_nothing_is_kept_where_nobody_asks() -> None:
    assert compile_expression('working_days_after("2026-03-25", 5)').evaluate({}) is not None
