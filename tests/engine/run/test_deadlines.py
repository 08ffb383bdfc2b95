"""Deadlines and timers that speak of them: sums, moving, re-planning, clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from app.engine.errors import Fault, Incident, NotOpen
from app.engine.events import (
    DeadlineEnded,
    DeadlineMoved,
    DeadlineSet,
    DeadlineUnknown,
    TimerDropped,
    TimerFired,
    TimerSet,
)
from app.engine.feel import Calendar

from .kit import (
    E,
    Play,
    S,
    boundary,
    catch,
    definition,
    extension,
    many,
    mapping,
    node,
    process,
    program,
    properties,
    sub,
    user,
)

FACTS = properties(backstop="=working_day(received, 15)", basis="the law, section 3")


def due_diagram(due: str = "=working_days_after(received, 5)") -> str:
    body = S + E + user("A", FACTS, due=due)
    body += boundary("r", "A", 'date =due - duration("P1D")', cancels=False)
    body += boundary("x", "A", "date =backstop", cancels=False)
    body += node("endEvent", "e2") + node("endEvent", "e3")
    return process(body, "s->A; A->e; r->e2; x->e3", received='date("2026-03-25")')


def test_deadline_tells_its_sum_rule_backstop_and_basis() -> None:
    play = Play(program(due_diagram())).start()
    (set_,) = play.told(DeadlineSet)
    assert set_.task == play.open_tasks()[0].task
    assert set_.due == datetime(2026, 4, 1, 22, 59, 59, tzinfo=UTC)
    assert set_.whole_day and set_.backstop_whole_day
    assert "5 working days after" in set_.sum
    assert set_.rule == "=working_days_after(received, 5)"
    assert set_.backstop == datetime(2026, 4, 16, 22, 59, 59, tzinfo=UTC)
    assert set_.basis == "the law, section 3"
    assert set_.calendar == play.calendar.version
    assert [(t.element, t.due) for t in play.told(TimerSet)] == [
        ("r", datetime(2026, 3, 30, 23, tzinfo=UTC)),
        ("x", datetime(2026, 4, 15, 23, tzinfo=UTC)),
    ]


def reminded(what: str, due: str = "=working_days_after(received, 5)") -> Play:
    """At the border of A, `r` keeps in `said` by when A is due, and goes to B."""
    body = S + E + user("A", due=due) + user("B") + node("endEvent", "e2")
    inner = extension(mapping(outputs={"said": "=due"})) + definition(what)
    body += node("boundaryEvent", "r", inner, attachedToRef="A", cancelActivity="false")
    first = {"received": 'date("2026-03-25")', "said": "null"}
    return Play(program(process(body, "s->A; A->e; r->B; B->e2", **first))).start()


def said(play: Play) -> Any:
    (b,) = (one for one in play.open_tasks() if one.element == "B")
    return play.case.variables(b.task)["said"]


def test_a_timer_at_the_border_keeps_the_day_that_the_deadline_was_moved_to() -> None:
    play = reminded('date =due - duration("P1D")')
    play.do("move_deadline", play.open_tasks()[0].task, date(2026, 4, 9), "Easter")
    play.advance(days=60)
    assert said(play) == date(2026, 4, 9)


@pytest.mark.parametrize(
    ("due", "says"),
    [
        ("=working_days_after(received, 5)", date(2026, 4, 1)),
        ("=received", date(2026, 3, 25)),
        ('=working_days_after(date("2028-12-27"), 9)', None),
    ],
    ids=["a day counted", "a day given", "bank holidays not known"],
)
def test_a_condition_that_holds_at_once_knows_when_the_step_is_due(due: str, says: Any) -> None:
    assert said(reminded("if received != null", due=due)) == says


def test_deadline_is_met_by_completing_and_dropped_by_withdrawing() -> None:
    play = Play(program(due_diagram())).start()
    play.complete("A")
    assert [e.how for e in play.told(DeadlineEnded)] == ["met"]
    play = Play(program(due_diagram())).start()
    play.do("cancel")
    assert [e.how for e in play.told(DeadlineEnded)] == ["dropped"]


def test_instant_deadline_is_no_whole_day() -> None:
    play = Play(program(due_diagram("=hours_after(now(), 24)"))).start()
    (set_,) = play.told(DeadlineSet)
    assert (set_.whole_day, set_.due) == (False, play.at + timedelta(hours=24))


@pytest.mark.parametrize("due", ["=null", "=5", '=received + "x"'], ids=["null", "number", "error"])
def test_deadline_without_a_date_is_an_incident(due: str) -> None:
    with pytest.raises(Fault) as caught:
        Play(program(due_diagram(due))).start()
    assert caught.value.element_id == "A"


def test_moving_a_deadline_moves_the_timers_that_speak_of_it() -> None:
    play = Play(program(due_diagram())).start()
    task = play.open_tasks()[0].task
    play.do("move_deadline", task, date(2026, 4, 10), "asked for")
    (moved,) = play.told(DeadlineMoved)
    assert (moved.old.day, moved.new.day, moved.reason) == (1, 10, "asked for")
    assert moved.old_backstop == moved.new_backstop
    assert [t.element for t in play.told(TimerDropped)] == ["r"]
    assert play.told(TimerSet)[-1].due == datetime(2026, 4, 8, 23, tzinfo=UTC)


def test_a_reminder_already_sent_comes_again_for_the_new_date() -> None:
    play = Play(program(due_diagram()), at=datetime(2026, 3, 25, 9, tzinfo=UTC)).start()
    play.advance(days=6)
    assert [t.element for t in play.told(TimerFired)] == ["r"]
    task = play.open_tasks()[0].task
    play.do("move_deadline", task, date(2026, 4, 1), "a day that is past already")
    assert len(play.told(TimerSet, element="r")) == 1
    play.do("move_deadline", task, date(2026, 4, 10), "asked for")
    assert [t.due.day for t in play.told(TimerSet, element="r")] == [30, 8]
    play.advance(days=10)
    assert [t.element for t in play.told(TimerFired)] == ["r", "r"]


def test_moving_needs_an_open_task_with_a_deadline() -> None:
    play = Play(program(process(S + user("A") + E, "s->A; A->e"))).start()
    for task in (play.open_tasks()[0].task, "1-77"):
        with pytest.raises(NotOpen):
            play.do("move_deadline", task, date(2026, 4, 10), "why")


def test_replanning_after_a_change_of_the_calendar_keeps_old_and_new() -> None:
    play = Play(program(due_diagram())).start()
    play.calendar = Calendar.of(closed=[date(2026, 3, 27)])
    play.at += timedelta(days=2)
    play.do("replan")
    (moved,) = play.told(DeadlineMoved)
    assert (moved.old.day, moved.new.day) == (1, 2)
    assert (moved.reason, moved.calendar) == ("calendar", play.calendar.version)
    assert {t.element for t in play.told(TimerDropped)} == {"r", "x"}
    assert play.do("replan") == []


def test_replanning_keeps_a_deadline_moved_by_hand() -> None:
    play = Play(program(due_diagram())).start()
    play.do("move_deadline", play.open_tasks()[0].task, date(2026, 4, 10), "asked for")
    play.calendar = Calendar.of(closed=[date(2026, 3, 27)])
    play.do("replan")
    moved = play.told(DeadlineMoved)
    assert moved[-1].new == moved[0].new
    assert moved[-1].new_backstop == moved[0].new_backstop + timedelta(days=1)


def test_sub_process_has_a_deadline_by_its_property() -> None:
    ext = extension(properties(deadline="=working_days_after(today(), 15)"))
    inner = '<bpmn:startEvent id="is"/><bpmn:endEvent id="ie"/>' + user("A")
    made = program(process(S + sub("sp", inner, "is->A; A->ie", ext=ext) + E, "s->sp; sp->e"))
    play = Play(made).start()
    (set_,) = play.told(DeadlineSet)
    assert set_.element == "sp"
    play.complete("A")
    assert [(e.element, e.how) for e in play.told(DeadlineEnded)] == [("sp", "met")]


@pytest.mark.parametrize(
    ("at", "what", "due"),
    [
        ((2026, 3, 28, 12), "timer P1D", (2026, 3, 29, 11)),
        ((2026, 3, 28, 12), "timer PT24H", (2026, 3, 29, 12)),
        ((2026, 3, 27, 12), "timer P1W", (2026, 4, 3, 11)),
        ((2026, 3, 28, 12), "timer P1DT24H", (2026, 3, 30, 11)),
        ((2026, 3, 28, 1, 30), "timer P1D", (2026, 3, 29, 1, 30)),
        ((2026, 10, 24, 0, 30), "timer P1D", (2026, 10, 25, 0, 30)),
        ((2026, 10, 25, 1, 30), "timer P1D", (2026, 10, 26, 1, 30)),
        ((2026, 10, 25, 1, 30), "timer P154D", (2027, 3, 28, 1, 30)),
        ((2026, 3, 28, 12), 'timer =duration("P1D")', (2026, 3, 29, 11)),
        ((2026, 3, 28, 12), 'timer =duration("PT" + string(24) + "H")', (2026, 3, 29, 12)),
        ((2026, 3, 28, 12), 'timer ="P" + string(1) + "D"', (2026, 3, 29, 11)),
        ((2026, 3, 28, 12), "timer P1M", (2026, 4, 28, 11)),
        ((2026, 1, 31, 12), "timer P1M", (2026, 2, 28, 12)),
        ((2028, 1, 31, 12), "timer P1M", (2028, 2, 29, 12)),
        ((2026, 3, 28, 12), "timer PT36H", (2026, 3, 30, 0)),
        ((2026, 3, 28, 12), 'timer =duration("PT1H") * 2', (2026, 3, 28, 14)),
        ((2026, 3, 28, 12), "date 2026-03-30", (2026, 3, 29, 23)),
        ((2026, 3, 28, 12), "date 2026-03-30T10:00:00", (2026, 3, 30, 9)),
        ((2026, 3, 28, 12), "date 2026-03-30T10:00:00Z", (2026, 3, 30, 10)),
        ((2026, 3, 28, 12), 'date =at_clock(date("2026-10-25"), "12:00")', (2026, 10, 25, 12)),
    ],
    ids=[
        "a day keeps its clock time in spring",
        "24 hours are 24 hours",
        "a week keeps its clock time",
        "a day and 24 hours",
        "a clock time that is skipped moves on",
        "a clock time that comes twice is the first",
        "from the second of two equal clock times",
        "from the second of two equal clock times to a skipped one",
        "FEEL: a day",
        "FEEL: written in hours",
        "FEEL: as text",
        "same clock time a month on",
        "end of a short month",
        "leap day",
        "hours",
        "FEEL duration",
        "a day begins in London",
        "clock time in London",
        "UTC",
        "winter time",
    ],
)  # fmt: skip
def test_instants(at: tuple[int, ...], what: str, due: tuple[int, ...]) -> None:
    made = program(process(S + catch("c", what) + E, "s->c; c->e"))
    play = Play(made, at=datetime(*at, tzinfo=UTC)).start()  # type: ignore[misc,arg-type]
    assert play.case.next_due() == datetime(*due, tzinfo=UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize("what", ["timer =null", "timer =5", "date =null"])
def test_timer_without_a_time_is_an_incident(what: str) -> None:
    with pytest.raises(Incident) as caught:
        Play(program(process(S + catch("c", what) + E, "s->c; c->e"))).start()
    assert caught.value.element_id == "c"


def test_moving_one_instance_of_many_leaves_the_boundary_of_the_whole_alone() -> None:
    body = S + E + user("A", inner=many("=all"), due="=working_days_after(today(), 5)")
    body += boundary("r", "A", 'date =due - duration("P4D")', cancels=False)
    play = Play(program(process(body + node("endEvent", "e2"), "s->A; A->e; r->e2"))).start(
        all=[1, 2]
    )
    assert len(play.told(TimerSet)) == 1
    play.advance(days=5)
    play.do("move_deadline", play.open_tasks()[0].task, date(2026, 4, 10), "asked for")
    assert len(play.told(TimerSet)) == 1
    assert play.case.next_due() is None
    assert len(play.told(DeadlineMoved)) == 1


def beyond(due: str) -> Play:
    return Play(program(due_diagram(due).replace("2026-03-25", "2028-12-27"))).start()


def test_a_deadline_beyond_the_known_bank_holidays_is_told_and_blocks_nothing() -> None:
    play = beyond("=working_days_after(received, 5)")
    (unknown,) = play.told(DeadlineUnknown)
    assert (unknown.task, unknown.year) == (play.open_tasks()[0].task, "2029")
    assert not play.told(DeadlineSet) and not play.told(TimerSet)
    assert play.case.undated(unknown.task) == 2029
    play.complete("A")
    assert not play.told(DeadlineEnded)


def test_it_is_set_once_the_bank_holidays_are_known() -> None:
    play = beyond("=working_days_after(received, 5)")
    known = play.calendar.to_dict()
    play.calendar = Calendar.from_dict({**known, "last": "2029-12-31"})
    play.do("replan")
    (set_,) = play.told(DeadlineSet)
    assert set_.due == datetime(2029, 1, 3, 23, 59, 59, tzinfo=UTC)
    assert {timer.element for timer in play.told(TimerSet)} == {"r", "x"}
    assert play.case.undated(set_.task) is None


def test_a_limit_whose_backstop_is_unknown_is_set_and_the_backstop_follows() -> None:
    play = beyond("=working_days_after(received, 1)")
    (set_,) = play.told(DeadlineSet)
    assert (set_.due.day, set_.backstop) == (28, None)
    assert [timer.element for timer in play.told(TimerSet)] == ["r"]
    play.calendar = Calendar.from_dict({**play.calendar.to_dict(), "last": "2029-12-31"})
    play.do("replan")
    (moved,) = play.told(DeadlineMoved)
    assert (moved.old, moved.new_backstop is not None) == (moved.new, True)
    assert [timer.element for timer in play.told(TimerSet)] == ["r", "x"]


def test_the_sum_told_is_the_one_that_gave_the_date() -> None:
    due = "=min(working_days_after(received, 2), working_days_after(received, 9))"
    (set_,) = Play(program(due_diagram(due))).start().told(DeadlineSet)
    assert set_.sum.startswith("2 working days after")
    due = '=min(date("2026-03-26"), working_days_after(received, 9))'
    (set_,) = Play(program(due_diagram(due))).start().told(DeadlineSet)
    assert set_.sum == "Thursday 26 March 2026"
