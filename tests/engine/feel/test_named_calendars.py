"""A limit chooses the calendar it counts on, and says which."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.engine.errors import ExpressionFault, UnknownHolidays
from app.engine.feel import Calendar, OneOff, Sum, World, compile_expression

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
UK = ("england-and-wales", "scotland", "northern-ireland")
GAMES = OneOff(date(2026, 6, 15), "the games", ("scotland",), known_from=date(2026, 2, 4))


def house(*closed: str) -> Calendar:
    named = {
        "national": Calendar.of("england-and-wales", extra=[GAMES], called="England’s holidays"),
        "uk": Calendar.of(UK, extra=[GAMES], called="the holidays of all of the United Kingdom"),
    }
    days = [date.fromisoformat(day) for day in closed]
    return Calendar.of("england-and-wales", days, [GAMES], called="our calendar", named=named)


def told(source: str, *closed: str, now: datetime = NOW) -> tuple[Any, list[Sum]]:
    sums: list[Sum] = []
    world = World(now=now, calendar=house(*closed), sums=sums)
    return compile_expression(source).evaluate({}, world), sums


@pytest.mark.parametrize(
    ("source", "day"),
    [
        # freedom of information: 13 July (Northern Ireland) and 3 August (Scotland) do not count
        ('working_days_after("2026-07-06", 20, "uk")', "2026-08-05"),
        ('working_days_after("2026-07-06", 20, "national")', "2026-08-03"),
        ('working_days_after("2026-06-10", 5, "uk")', "2026-06-18"),
        ('working_days_after("2026-06-10", 5, "national")', "2026-06-17"),
        ('working_days_after("2026-12-21", 5)', "2027-01-04"),
        ('working_days_after("2026-12-21", 5, "house")', "2027-01-04"),
        ('working_days_after("2026-12-21", 5, "national")', "2026-12-30"),
        ('working_days_after(date: "2026-12-21", n: 5, calendar: "national")', "2026-12-30"),
        ('working_days_before("2027-01-04", 2, "national")', "2026-12-30"),
        ('working_day("2026-12-24", 1, "national")', "2026-12-24"),
        ('working_day("2026-12-24", 1)', "2026-12-30"),
        ('working_day("2026-12-24", 2, 1, "national")', "2026-12-30"),
        ('months_after("2026-06-24", 6, "national")', "2026-12-24"),
        ('months_after("2026-06-24", 6)', "2026-12-23"),
        ('months_after("2026-06-24", 6, "forward", "national")', "2026-12-24"),
        ('days_after("2026-12-23", 1, "back", "national")', "2026-12-24"),
    ],
)  # fmt: skip
def test_a_limit_counts_on_the_calendar_that_it_names(source: str, day: str) -> None:
    assert told(source, "2026-12-24", "2026-12-29")[0] == date.fromisoformat(day)


def test_days_are_counted_and_judged_on_a_named_calendar() -> None:
    between = 'working_days_between("2026-12-23", "2026-12-31", "national")'
    assert told(between, "2026-12-24", "2026-12-29")[0] == 4
    assert told('is_working_day("2026-12-24", "national")', "2026-12-24")[0] is True
    assert told('is_working_day("2026-12-24")', "2026-12-24")[0] is False


def test_the_sum_says_the_calendar_and_the_closures_that_do_not_count() -> None:
    _, sums = told('working_days_after("2026-12-21", 5, "national")', "2026-12-24", "2026-12-29")
    assert sums[-1].text.endswith(
        "; counted on England’s holidays; our closures on 24, 29 December do not count here"
    )
    _, sums = told(
        'at_clock(working_days_after("2026-12-21", 3, "national"), "09:00")', "2026-12-24"
    )
    assert "counted on England’s holidays; our closure on 24 December does not" in sums[-1].text
    assert sums[-1].calendar.startswith("national@")
    _, sums = told('working_days_after("2026-12-21", 3)', "2026-12-24")
    assert sums[-1].text.endswith("; counted on our calendar")


def test_the_sum_says_which_day_is_counted_as_the_first() -> None:
    assert (
        "Day 5, with Day 1 on Thursday 26 March"
        in told('working_day("2026-03-26", 5, 0)')[1][-1].text
    )
    value, sums = told('working_day("2026-03-26", 5, 1)')
    assert "Day 5, with Day 0 on Thursday 26 March" in sums[-1].text
    assert value == told('working_day("2026-03-26", 6)')[0]
    assert told('working_day("2026-03-26", 5, 2)')[0] is None


def test_a_name_that_stands_nowhere_is_a_fault_with_the_nearest() -> None:
    with pytest.raises(ExpressionFault, match=r"no calendar called “nationl”.*“national”"):
        told('working_days_after("2026-12-21", 5, "nationl")')


def test_a_one_off_holiday_counts_from_the_day_it_became_known() -> None:
    source = 'working_days_after("2026-06-10", 5, "uk")'
    assert told(source, now=datetime(2026, 2, 3, 12, tzinfo=UTC))[0] == date(2026, 6, 17)
    assert told(source, now=datetime(2026, 2, 4, 12, tzinfo=UTC))[0] == date(2026, 6, 18)
    assert "the games, Scotland" in told(source)[1][-1].text


def test_what_is_known_is_asked_of_the_present_also_for_a_limit_that_was_set_before() -> None:
    world = World(now=datetime(2026, 2, 1, tzinfo=UTC), known=NOW, calendar=house())
    source = 'working_days_after("2026-06-10", 5, "uk")'
    assert compile_expression(source).evaluate({}, world) == date(2026, 6, 18)


def test_a_calendar_comes_back_from_its_content_as_it_was() -> None:
    calendar = house("2026-12-24")
    again = Calendar.from_dict(calendar.to_dict())
    assert (again, again.version) == (calendar, calendar.version)
    assert again.marked("national@anything").name == "national"
    assert again.marked(again.version) is again


def test_a_calendar_of_before_keeps_its_version() -> None:
    """Histories name it: what is new is left out of the content where it is empty."""
    content = Calendar.of("england-and-wales", [date(2026, 12, 24)]).to_dict()
    assert set(content) == {"region", "first", "last", "holidays", "closed"}


def test_beyond_the_list_a_fault_names_the_year() -> None:
    with pytest.raises(UnknownHolidays) as unknown:
        told('working_days_after("2028-12-28", 5, "uk")')
    assert unknown.value.year == 2029
