"""Clock times in zones: days in London, times that are skipped or come twice, years far away."""

from __future__ import annotations

from typing import Any

import pytest

from app.engine.feel import World, compile_expression


def value(source: str, meaning: int = 2) -> Any:
    return compile_expression(source).evaluate({}, World(meaning=meaning))


@pytest.mark.parametrize(
    ("source", "text"),
    [
        pytest.param('date and time(@"2026-06-15")', "2026-06-15T00:00:00@Europe/London",
                     id="a date is midnight in London"),
        pytest.param('date and time(@"2026-06-15") - hours_after(@"2026-06-15", 0)', "PT0S",
                     id="as it is elsewhere"),
        pytest.param('@"2026-06-15T12:00:00Z" - @"2026-06-15"', "PT13H",
                     id="and beside a date and time"),
        pytest.param('@"2026-06-15" - @"2026-06-14T23:00:00Z"', "PT0S", id="either way round"),
        pytest.param('@"2026-06-15" - @"2026-01-15"', "P151D", id="two dates are whole days apart"),
        pytest.param('(function(m: date and time) m)(@"2026-06-15")',
                     "2026-06-15T00:00:00@Europe/London", id="a function that wants a moment"),
        pytest.param('@"2026-03-29T01:30:00@Europe/London"', "2026-03-29T02:30:00@Europe/London",
                     id="a skipped time as written"),
        pytest.param('date and time("2026-03-29T01:30:00@Europe/London")',
                     "2026-03-29T02:30:00@Europe/London", id="a skipped time from a text"),
        pytest.param('date and time(@"2026-03-29", @"01:30:00@Europe/London")',
                     "2026-03-29T02:30:00@Europe/London", id="a skipped time from its parts"),
        pytest.param('date and time(@"2026-03-29T01:30:00", "Europe/London")',
                     "2026-03-29T02:30:00@Europe/London", id="a skipped time put into a zone"),
        pytest.param('@"2026-01-29T01:30:00@Europe/London" + @"P2M"',
                     "2026-03-29T02:30:00@Europe/London", id="a skipped time after two months"),
        pytest.param('@"2027-03-29T01:30:00@Europe/London" - @"P1Y"',
                     "2026-03-29T02:30:00@Europe/London", id="a skipped time a year before"),
        pytest.param('@"2026-02-08T02:15:00@America/New_York" + @"P1M"',
                     "2026-03-08T03:15:00@America/New_York", id="a skipped time in another zone"),
        pytest.param('at_clock("2026-03-29", "01:30")', "2026-03-29T02:30:00@Europe/London",
                     id="a skipped time of a deadline"),
        pytest.param('days_after(@"2026-03-28T01:30:00@Europe/London", 1)',
                     "2026-03-29T02:30:00@Europe/London", id="a skipped time a day after"),
        pytest.param('@"2026-03-29T02:30:00@Europe/London"', "2026-03-29T02:30:00@Europe/London",
                     id="a time that is there"),
        pytest.param('@"2026-10-25T01:30:00@Europe/London"', "2026-10-25T01:30:00@Europe/London",
                     id="of two the first"),
        pytest.param('@"2026-10-25T01:30:00@Europe/London" + @"PT1H"', "2026-10-25T01:30:00Z",
                     id="the second is told by its distance"),
        pytest.param('@"2026-03-29T01:30:00"', "2026-03-29T01:30:00",
                     id="without a zone nothing is skipped"),
        pytest.param('@"2026-02-28T00:30:00@Europe/London" + (@"2026-03-29" - @"9999-12-31")',
                     "-5948-05-27T00:28:45@Europe/London", id="local mean time long ago"),
        pytest.param('@"-5948-05-27T12:00:00@Europe/London".time offset', "-PT1M15S",
                     id="and its distance"),
        pytest.param('@"19999-07-01T12:00:00@America/New_York".time offset', "-PT4H",
                     id="today's rules far ahead"),
        pytest.param('@"19999-03-20T12:00:00@America/New_York".time offset', "-PT4H",
                     id="also of the years that had others"),
        pytest.param('@"9999-12-31T23:59:59@Europe/London" + @"PT2S"',
                     "10000-01-01T00:00:01@Europe/London", id="over the last year"),
        pytest.param('@"0001-01-01T00:00:00@Europe/London" - @"PT2S"',
                     "0000-12-31T23:59:58@Europe/London", id="before the first year"),
        pytest.param('date and time(@"2020-07-31T14:27:30@Europe/Berlin", "America/Los_Angeles")',
                     "2020-07-31T05:27:30@America/Los_Angeles", id="on another zone's clock"),
        pytest.param('date and time(@"2020-07-31T14:27:30Z", "+05:30")',
                     "2020-07-31T19:57:30+05:30", id="at another distance"),
        pytest.param('date and time(@"2020-07-31", "Z")', "2020-07-31T00:00:00Z",
                     id="a date in a zone"),
    ],
)  # fmt: skip
def test_a_clock_time_is_one_that_a_clock_shows(source: str, text: str) -> None:
    assert value(f"string({source})") == text


@pytest.mark.parametrize("zone", ["Nowhere/Town", "+1", "", "z", "+19:00", "Europe/London ", "@Z"])
def test_a_zone_that_is_none_gives_null(zone: str) -> None:
    assert value(f'date and time(@"2020-07-31T14:27:30", "{zone}")') is None


INSTANTS = [
    '@"2026-03-29T10:00:00Z"', '@"2026-03-29T10:00:00.5Z"', '@"2026-03-29T10:00:01Z"',
    '@"2026-03-29T11:00:00@Europe/London"', '@"2026-03-29T10:00:00"', '@"2026-03-29T10:00:00.9"',
    '@"-0044-03-15T10:00:00Z"', '@"10:00:00"', '@"10:00:00.000000001"', '@"10:00:00Z"',
    '@"11:00:00+01:00"', '@"10:00:00@Europe/London"', '@"10:00:00.25+00:00"',
]  # fmt: skip


@pytest.mark.parametrize("one", INSTANTS)
@pytest.mark.parametrize("other", INSTANTS)
def test_no_two_times_are_both_equal_and_apart(one: str, other: str) -> None:
    """`<=` is true of what is `<` or `=`, and of nothing else; `<` turned round is `>`."""
    less, same, more, least, most = (
        value(f"{one} {sign} {other}") for sign in ("<", "=", ">", "<=", ">=")
    )
    if less is None:
        assert more is least is most is None
        return
    assert [less, same, more].count(True) <= 1
    assert least == (less or same)
    assert most == (more or same)
    assert more == value(f"{other} < {one}")
    assert value(f"{one} in [{other}..{other}]") == same


@pytest.mark.parametrize(
    ("source", "then", "now"),
    [
        pytest.param('string(date and time(@"2026-06-15"))', "2026-06-15T00:00:00Z",
                     "2026-06-15T00:00:00@Europe/London", id="midnight"),
        pytest.param('@"2026-03-29T10:00:00.5Z" > @"2026-03-29T10:00:00Z"', True, False,
                     id="half a second later"),
        pytest.param('@"2026-03-29T10:00:00Z" <= @"2026-03-29T10:00:00"', True, False,
                     id="with and without a zone"),
    ],
)  # fmt: skip
def test_an_old_entry_is_run_again_as_it_was_meant(source: str, then: Any, now: Any) -> None:
    assert value(source, meaning=1) == then
    assert value(source) == now
