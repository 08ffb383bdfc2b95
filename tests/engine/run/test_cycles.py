"""When a repeating timer fires: on its grid, never for what nobody waited for (ISO 8601-1)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app.engine.errors import Incident
from app.engine.events import TimerFired
from app.engine.feel import Calendar
from app.engine.run import Case

from .kit import CALENDAR, MONDAY, Play, boundary, node, process, program, task, user

S, E, E2 = node("startEvent", "s"), node("endEvent", "e"), node("endEvent", "e2")


def played(cycle: str, at: datetime, *, cancels: bool = False, **variables: str) -> Play:
    """A case that waits from `at`; the cycle hangs at its task A."""
    body = S + user("A") + boundary("b", "A", f"cycle {cycle}", cancels=cancels) + task("T")
    drawn = process(body + E + E2, "s->A; A->e; b->T; T->e2", **variables)
    return Play(program(drawn), at=at).start()


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def fired(play: Play, **span: float) -> list[str]:
    """The instants of what fires while time goes by, each at its own time."""
    until, before = play.at + timedelta(**span), len(play.log)
    play.advance(**span)
    woken = [at for command, _, at in play.log[before:] if command == "wake"]
    assert play.at == until
    return [f"{at:%Y-%m-%d %H:%M}" for at in woken]


@pytest.mark.parametrize(
    ("cycle", "at", "days", "due"),
    [
        pytest.param(
            "R4/P1M",
            "2026-01-31T09:00",
            200,
            ["2026-02-28 09:00", "2026-03-31 08:00", "2026-04-30 08:00", "2026-05-31 08:00"],
            id="months are counted from the start, not added up",
        ),
        pytest.param(
            '="R2/P" + string(1) + "M"',
            "2027-12-31T09:00",
            200,
            ["2028-01-31 09:00", "2028-02-29 09:00"],
            id="months in an expression, in a leap year",
        ),
        pytest.param(
            "R3/2026-01-30T09:00:00Z/P1M",
            "2026-02-10T09:00",
            200,
            ["2026-02-28 09:00", "2026-03-30 08:00", "2026-04-30 08:00"],
            id="months from a start of its own, first those that still come",
        ),
        pytest.param(
            "R2/P1Y",
            "2024-02-29T09:00",
            800,
            ["2025-02-28 09:00", "2026-02-28 09:00"],
            id="years from a leap day",
        ),
        pytest.param(
            "R3/P1D",
            "2026-03-28T10:00",
            9,
            ["2026-03-29 09:00", "2026-03-30 09:00", "2026-03-31 09:00"],
            id="days keep London's clock time in spring",
        ),
        pytest.param(
            "R3/P1D",
            "2026-03-28T01:30",
            9,
            ["2026-03-29 01:30", "2026-03-30 00:30", "2026-03-31 00:30"],
            id="a skipped clock time moves on that day only",
        ),
        pytest.param(
            "R3/P1D",
            "2026-10-24T00:30",
            9,
            ["2026-10-25 00:30", "2026-10-26 01:30", "2026-10-27 01:30"],
            id="of two equal clock times the first",
        ),
        pytest.param(
            "R3/PT24H",
            "2026-03-28T10:00",
            9,
            ["2026-03-29 10:00", "2026-03-30 10:00", "2026-03-31 10:00"],
            id="24 hours are 24 hours",
        ),
        pytest.param(
            "R3/2026-03-01T00:00:00Z/PT15M",
            "2026-03-02T09:07",
            1,
            ["2026-03-02 09:15", "2026-03-02 09:30", "2026-03-02 09:45"],
            id="a start in the past: from the next instant on its grid, and three of them",
        ),
        pytest.param(
            "R2/2026-03-01T00:00:00Z/2026-03-01T00:20:00Z",
            "2026-03-02T09:07",
            1,
            ["2026-03-02 09:20", "2026-03-02 09:40"],
            id="a start and an end",
        ),
        pytest.param(
            "R2/2026-03-02T09:00:00Z/PT1H",
            "2026-03-02T09:00",
            1,
            ["2026-03-02 09:00", "2026-03-02 10:00"],
            id="a start at the instant it waits from",
        ),
        pytest.param(
            "R2/2026-03-03T12:00:00Z/PT1H",
            "2026-03-02T09:00",
            2,
            ["2026-03-03 12:00", "2026-03-03 13:00"],
            id="a start that lies ahead",
        ),
        pytest.param(
            "R2/1976-07-04T00:00:00Z/PT0.5S",
            "2026-03-02T09:00",
            1,
            ["2026-03-02 09:00", "2026-03-02 09:00"],
            id="a start long ago, in small steps",
        ),
    ],
)
def test_a_cycle_fires_on_its_grid(cycle: str, at: str, days: int, due: list[str]) -> None:
    play = played(cycle, utc(at))
    assert fired(play, days=days) == due
    assert play.case.next_due() is None


@pytest.mark.parametrize(
    ("cycle", "away", "due", "after"),
    [
        pytest.param("R/P1D", 10.4, 1, 11, id="without an end"),
        pytest.param("R4/P1D", 10.4, 1, 11, id="bounded: R4 counts what fires"),
        pytest.param("R/P1D", 3, 1, 4, id="woken on the grid itself"),
        pytest.param("R/P1M", 80, 31, 92, id="months"),
        pytest.param("R/2026-03-01T09:00:00Z/P2D", 10.4, 1, 11, id="with a start of its own"),
    ],
)
@pytest.mark.parametrize("how", ["outage", "rest"])
def test_what_was_missed_fires_once_then_on_the_grid(
    cycle: str, away: float, due: int, after: int, how: str
) -> None:
    """An outage, a suspended case, a merged one: nothing is made up for (camunda#9680)."""
    play = played(cycle, MONDAY)
    if how == "rest":
        play.do("rest")
    play.at = MONDAY + timedelta(days=away)
    if how == "rest":
        assert play.case.next_due() is None
        play.do("go_on")
    while play.do("wake"):
        pass
    late = play.told(TimerFired)
    assert [event.due.date() for event in late] == [(MONDAY + timedelta(days=due)).date()]
    ahead = play.case.next_due()
    assert ahead is not None
    assert ahead.date() == (MONDAY + timedelta(days=after)).date()
    fired(play, days=400)
    assert len(play.told(TimerFired)) == 4 or cycle.startswith("R/")


def test_a_cycle_that_interrupts_fires_once_also_from_the_past() -> None:
    play = played("R3/2026-03-01T00:00:00Z/PT15M", utc("2026-03-02T09:07"), cancels=True)
    assert fired(play, days=1) == ["2026-03-02 09:15"]
    assert play.ended == {"1": "completed"}


@pytest.mark.parametrize("begun", [False, True], ids=["before it began", "once it has begun"])
def test_a_cycle_that_is_planned_again_keeps_its_grid(begun: bool) -> None:
    """The calendar changed: nothing of the past comes up again."""
    play = played("R/2026-03-01T00:00:00Z/PT15M", utc("2026-03-02T09:07"))
    play.advance(minutes=10 if begun else 1)
    play.calendar = Calendar.of(closed=[date(2026, 3, 4)])
    play.do("replan")
    expected = utc("2026-03-02T09:30" if begun else "2026-03-02T09:15")
    assert play.case.next_due() == expected


def test_a_cycle_of_an_older_release_goes_on_on_its_grid() -> None:
    """Its next instant had drifted: 31 January, 28 February, 28 March."""
    play = played("R/P1M", utc("2026-01-31T09:00"))
    play.advance(days=28)
    (id,) = [id for id in play.states if id]
    play.states[id] = play.states[id].replace(b"2026-03-31T08:00:00", b"2026-03-28T09:00:00")
    assert b"2026-03-28" in play.states[id]
    play.do("replan")
    assert fired(play, days=80) == ["2026-03-28 09:00", "2026-03-31 08:00", "2026-04-30 08:00"]


def under(meaning: int, cycle: str, at: datetime) -> list[datetime]:
    """When it fires in five days of outage, as history of that meaning runs again."""
    made, states = played(cycle, at).program, {}
    case = Case(made, case_id="c", calendar=CALENDAR, states=states, meaning=meaning)
    events: list[Any] = [*case.start("P", {}, at)]
    while new := case.wake(at + timedelta(days=5)):
        events += new
    return [event.due for event in events if isinstance(event, TimerFired)]


@pytest.mark.parametrize("cycle", ["R3/P1D", "R3/2026-03-27T09:00:00Z/PT24H"])
def test_old_history_runs_again_as_it_was_meant(cycle: str) -> None:
    """Meaning 1: each missed one fires; a day is 24 hours."""
    at = utc("2026-03-27T09:00")
    first = at + timedelta(days="Z" not in cycle)
    assert under(1, cycle, at) == [first + timedelta(days=n) for n in range(3)]
    assert len(under(2, cycle, at)) == 1


@pytest.mark.parametrize(
    ("cycle", "says"),
    [
        ('="R" + string(0) + "/P1D"', "repeats less than once"),
        ('="R/P0" + "D"', "without any time between"),
        ('="R/-P1" + "M"', "without any time between"),
        ('="R3/P99999999999" + "D"', "longer than anything"),
        ('="R3/P9999" + "Y"', "beyond the year 9999"),
        ('="R3/2026-03-01" + "/2026-02-01"', "without any time between"),
    ],
)
def test_a_cycle_without_meaning_is_an_incident(cycle: str, says: str) -> None:
    with pytest.raises(Incident, match=says) as caught:
        played(cycle, MONDAY)
    assert caught.value.element_id == "b"
