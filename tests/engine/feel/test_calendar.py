"""Working days: the rows other engines get wrong, the worked examples, and a second source."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import holidays
import pytest

from app.engine.errors import Fault
from app.engine.feel import Calendar, ExpressionFault, World, compile_expression
from app.engine.feel.calendar.calendar import REGIONS

ENGLAND = Calendar.of("england-and-wales")
SUBDIVISIONS = ("ENG", "SCT", "NIR")


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "n", "due"),
    [
        ("2025-12-15", 10, "2025-12-31"),
        ("2025-12-22", 5, "2025-12-31"),
        ("2025-12-23", 5, "2026-01-02"),
        ("2025-12-23", 3, "2025-12-30"),
        ("2025-12-24", 1, "2025-12-29"),
        ("2026-03-26", 4, "2026-04-01"),
        ("2026-03-30", 5, "2026-04-08"),
        ("2026-03-30", 10, "2026-04-15"),
        ("2026-04-27", 10, "2026-05-12"),
        ("2026-05-18", 15, "2026-06-09"),
    ],
)
def test_rows_another_engine_gets_wrong(start: str, n: int, due: str) -> None:
    assert ENGLAND.working_days_after(day(start), n).result == day(due)


@pytest.mark.parametrize(
    ("start", "n", "due"),
    [
        ("2026-03-20", 5, "2026-03-27"),
        ("2026-03-26", 5, "2026-04-02"),
        ("2026-03-26", 15, "2026-04-20"),
        ("2026-12-17", 5, "2026-12-24"),
        ("2026-12-23", 5, "2027-01-04"),
        ("2026-12-23", 15, "2027-01-18"),
        ("2026-02-07", 5, "2026-02-13"),
        ("2026-04-02", 5, "2026-04-13"),
        ("2026-06-13", 15, "2026-07-03"),
    ],
)
def test_notice_and_backstop_of_the_worked_examples(start: str, n: int, due: str) -> None:
    assert ENGLAND.working_days_after(day(start), n).result == day(due)


EASTER = "26/3 27/3 30/3 31/3 1/4 2/4 7/4 8/4 9/4 10/4 13/4 14/4 15/4 16/4 17/4"
CHRISTMAS = "23/12 24/12 29/12 30/12 31/12 4/1 5/1 6/1 7/1 8/1 11/1 12/1 13/1 14/1 15/1"


@pytest.mark.parametrize(
    ("start", "days"),
    [("2026-03-26", EASTER), ("2026-12-23", CHRISTMAS)],
    ids=["Easter 2026", "Christmas 2026"],
)
def test_day_1_to_day_15_of_the_worked_examples(start: str, days: str) -> None:
    found = [ENGLAND.working_day(day(start), n).result for n in range(1, 16)]
    assert " ".join(f"{one.day}/{one.month}" for one in found) == days


def test_day_1_of_a_saturday_is_monday() -> None:
    assert ENGLAND.working_day(day("2026-06-13"), 1).result == day("2026-06-15")
    assert ENGLAND.working_day(day("2026-06-13"), 15).result == day("2026-07-03")


@pytest.mark.parametrize(
    ("start", "n", "roll", "due"),
    [
        ("2026-04-17", 6, "back", "2026-10-16"),
        ("2027-01-15", 6, "back", "2027-07-15"),
        ("2026-08-31", 6, "back", "2027-02-26"),
        ("2026-01-31", 1, "none", "2026-02-28"),
        ("2024-01-31", 1, "none", "2024-02-29"),
        ("2024-02-29", 12, "none", "2025-02-28"),
        ("2026-04-17", 6, "forward", "2026-10-19"),
        ("2026-03-31", -1, "none", "2026-02-28"),
    ],
)
def test_months_run_to_the_corresponding_date(start: str, n: int, roll: Any, due: str) -> None:
    assert ENGLAND.months_after(day(start), n, roll).result == day(due)


@pytest.mark.parametrize(
    ("start", "n", "due"),
    [("2026-04-20", 28, "2026-05-18"), ("2026-11-30", 28, "2026-12-29")],
)
def test_calendar_days_roll_forward(start: str, n: int, due: str) -> None:
    assert ENGLAND.days_after(day(start), n, "forward").result == day(due)


@pytest.mark.parametrize(
    ("publish", "copy"), [("2026-10-16", "2026-10-07"), ("2027-07-15", "2027-07-06")]
)
def test_seven_working_days_before(publish: str, copy: str) -> None:
    assert ENGLAND.working_days_before(day(publish), 7).result == day(copy)


@pytest.mark.parametrize(
    ("source", "due"),
    [
        ('working_days_after(@"2026-10-22T08:30:00Z", 5)', "2026-10-29T09:30:00+00:00"),
        ('working_days_after(@"2026-03-26T09:30:00Z", 5)', "2026-04-02T08:30:00+00:00"),
        ('working_days_before(@"2026-04-09T10:00:00+01:00", 2)', "2026-04-07T09:00:00+00:00"),
        ('hours_after(@"2026-10-24T10:00:00@Europe/London", 24)', "2026-10-25T09:00:00+00:00"),
        ('hours_after(@"2026-03-28T10:00:00@Europe/London", 24)', "2026-03-29T10:00:00+00:00"),
        ('at_clock(@"2026-04-07", "12:00")', "2026-04-07T11:00:00+00:00"),
        ('at_clock(working_day("2026-03-26", 7), @"10:00:00")', "2026-04-07T09:00:00+00:00"),
        ('working_days_after("2026-10-22T08:30:00Z", 5)', "2026-10-29T09:30:00+00:00"),
    ],
)  # fmt: skip
def test_clock_times_are_those_of_london(source: str, due: str) -> None:
    found = compile_expression(source).evaluate({})
    assert found.astimezone(UTC) == datetime.fromisoformat(due)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('is_working_day("2026-04-03")', False),
        ('london_date(@"2026-06-30T23:30:00Z")', date(2026, 7, 1)),
        ("working_days_after(null, 5)", None),
        ('working_days_after("soon", 5)', None),
        ('working_days_after("2026-03-25", 1.5)', None),
        ('months_after("2026-01-31", 1, "sideways")', None),
        ('months_after("2026-08-31", 6)', date(2027, 2, 26)),
        ('days_after("2026-03-27", 1)', date(2026, 3, 28)),
    ],
)
def test_our_functions(source: str, expected: Any) -> None:
    assert compile_expression(source).evaluate({}) == expected


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        # 28 and 29 March 2026 are a weekend; 3 April is Good Friday, 6 April Easter Monday.
        pytest.param("2026-03-23", "2026-03-27", 4, id="Monday to Friday"),
        pytest.param("2026-03-27", "2026-03-30", 1, id="over a weekend"),
        pytest.param("2026-03-26", "2026-04-17", 14, id="over Easter"),
        pytest.param("2026-03-27", "2026-03-27", 0, id="the same working day"),
        pytest.param("2026-03-28", "2026-03-28", 0, id="the same Saturday"),
        pytest.param("2026-03-28", "2026-03-29", 0, id="Saturday to Sunday"),
        pytest.param("2026-03-28", "2026-03-30", 1, id="from a Saturday"),
        pytest.param("2026-03-29", "2026-03-31", 2, id="from a Sunday"),
        pytest.param("2026-03-27", "2026-03-28", 0, id="to a Saturday"),
        pytest.param("2026-03-26", "2026-03-29", 1, id="to a Sunday"),
        pytest.param("2026-03-28", "2026-04-05", 4, id="from a Saturday to a Sunday"),
        pytest.param("2026-04-03", "2026-04-07", 1, id="from a holiday"),
        pytest.param("2026-04-01", "2026-04-06", 1, id="to a holiday"),
        pytest.param("2026-04-03", "2026-04-06", 0, id="from a holiday to a holiday"),
        pytest.param("2026-04-04", "2026-04-06", 0, id="from a Saturday to a holiday"),
        pytest.param("2026-03-27", "2026-03-23", -4, id="backwards"),
        pytest.param("2026-03-30", "2026-03-28", -1, id="backwards to a Saturday"),
        pytest.param("2026-03-28", "2026-03-27", 0, id="backwards from a Saturday"),
        pytest.param("2026-04-07", "2026-04-03", -1, id="backwards to a holiday"),
        pytest.param("2026-04-06", "2026-04-01", -1, id="backwards from a holiday"),
        pytest.param("2026-03-29T23:30:00Z", "2026-03-31", 1, id="the day is London's"),
    ],
)
def test_working_days_between_leave_out_the_first_day_and_count_the_last(
    start: str, end: str, days: int
) -> None:
    source = f'working_days_between("{start}", "{end}")'
    assert compile_expression(source).evaluate({}) == days


def test_a_proclaimed_holiday_and_a_closure_are_left_out() -> None:
    calendar = Calendar.of(
        closed={day("2026-03-27"): "building works"}, extra={day("2026-03-26"): "Royal wedding"}
    )
    found = calendar.working_days_after(day("2026-03-25"), 1)
    assert found.result == day("2026-03-30")
    assert calendar.why_not(day("2026-03-27")) == "closed: building works"
    assert (
        "Thursday 26 March (Royal wedding), Friday 27 March (closed: building works)" in found.text
    )
    world = World(calendar=calendar)
    assert (
        compile_expression('working_days_after("2026-03-25", 1)').evaluate({}, world)
        == found.result
    )


def test_regions_differ() -> None:
    scotland, ireland = Calendar.of("scotland"), Calendar.of("northern-ireland")
    assert not scotland.is_working_day(day("2026-01-02"))
    assert scotland.is_working_day(day("2026-04-06"))
    assert not ireland.is_working_day(day("2026-03-17"))
    with pytest.raises(Fault, match="atlantis"):
        Calendar.of("atlantis")


def test_a_version_names_the_content() -> None:
    again = Calendar.from_dict(ENGLAND.to_dict())
    assert again == ENGLAND
    assert len(ENGLAND.version) == 12
    assert Calendar.of(closed=[day("2026-12-29")]).version != ENGLAND.version


def test_beyond_the_list_of_holidays_nothing_is_guessed() -> None:
    with pytest.raises(ExpressionFault, match="2028"):
        ENGLAND.working_days_after(day("2028-12-28"), 5)


#: proclaimed after the package's offline copy of GOV.UK's list was made: such a day goes into the
#: configuration until the package has it
PROCLAIMED_SINCE = {"scotland": {"2026-06-15"}}


@pytest.mark.parametrize(("region", "subdivision"), list(zip(REGIONS, SUBDIVISIONS, strict=True)))
def test_holidays_agree_with_a_second_source(region: str, subdivision: str) -> None:
    calendar = Calendar.of(region)
    other = holidays.country_holidays("GB", subdiv=subdivision, years=range(2020, 2029))
    days = (day("2020-01-01") + timedelta(days=i) for i in range(9 * 365 + 3))
    wrong = {
        str(one)
        for one in days
        if calendar.is_working_day(one) != (one.weekday() < 5 and one not in other)
    }
    assert wrong == PROCLAIMED_SINCE.get(region, set())
