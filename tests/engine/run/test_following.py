"""The property `replan`: deadlines and timers follow what a step has changed, and what was late
stays late; what the case tells itself; and sleep."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from app.engine.errors import NotOpen
from app.engine.events import (
    DeadlineMoved,
    MessageBuffered,
    MessageReceived,
    TaskOffered,
    TimerFired,
    TimerSet,
    VariablesSet,
)

from .kit import (
    MONDAY,
    E,
    Play,
    S,
    boundary,
    call,
    extension,
    flows,
    mapping,
    node,
    process,
    program,
    properties,
    start,
    user,
)

REPLAN = properties(replan="true")
#: an event sub-process: the day from which the deadlines count is another one
HEARD = start(
    "heard", "message note", ext=extension(mapping(outputs={"day": "=day"}), REPLAN),
    isInterrupting="false",
)  # fmt: skip
EARLIER = node(
    "subProcess", "earlier", HEARD + node("endEvent", "noted") + flows("heard->noted", "earlier"),
    triggeredByEvent="true",
)  # fmt: skip
DUE = "=working_days_after(day, 5)"


def tuesday(play: Play, day: int, month: int = 3) -> None:
    play.message("note", day=date(2026, month, day))


def alone(*more: str, arcs: str = "s->A; A->e", due: str = DUE) -> Play:
    body = S + E + user("A", due=due) + EARLIER + "".join(more)
    return Play(program(process(body, arcs, day='date("2026-03-10")'))).start()


def moves(play: Play) -> list[tuple[str, date, date]]:
    return [(m.element, m.old.date(), m.new.date()) for m in play.told(DeadlineMoved)]


def test_a_step_that_says_replan_moves_running_deadlines_in_the_same_command() -> None:
    play = alone()
    tuesday(play, 3)
    (moved,) = play.told(DeadlineMoved)
    assert (moved.old.date(), moved.new.date()) == (date(2026, 3, 17), date(2026, 3, 10))
    assert moved.reason == "heard" and "5 working days after" in moved.sum


def test_without_the_property_nothing_moves() -> None:
    bare = HEARD.replace("replan", "basis")
    body = S + E + user("A", due=DUE) + EARLIER.replace(HEARD, bare)
    play = Play(program(process(body, "s->A; A->e", day='date("2026-03-10")'))).start()
    tuesday(play, 3)
    assert moves(play) == []


OFFERED = {
    "for a district that changes": ('="lead_" + area', True, [("A", ("lead_west",))]),
    "for a list with it": ('=["team", "lead_" + area]', True, [("A", ("team", "lead_west"))]),
    "for a role by name": ("lead_east", True, []),
    "for what does not change": ("=other", True, []),
    "and the step does not say so": ('="lead_" + area', False, []),
}


@pytest.mark.parametrize("row", OFFERED)
def test_a_step_that_says_replan_offers_open_tasks_to_whom_they_are_for_now(row: str) -> None:
    groups, says, told = OFFERED[row]
    heard = start(
        "heard", "message note", isInterrupting="false",
        ext=extension(mapping(outputs={"area": "=area"}), REPLAN if says else ""),
    )  # fmt: skip
    moves = node(
        "subProcess", "moves", heard + node("endEvent", "noted") + flows("heard->noted", "moves"),
        triggeredByEvent="true",
    )  # fmt: skip
    first = {"area": '"east"', "other": '"team"'}
    inside = process(S + user("A", groups=groups) + E, "s->A; A->e", id="Q", **first)
    body = S + call("c", "Q") + user("B", groups="team") + E + moves
    play = Play(program(process(body, "s->c; c->B; B->e", **first), inside)).start()
    play.message("note", area="west")
    assert [(one.element, one.groups) for one in play.told(TaskOffered)] == told
    play.complete("A")
    assert play.open == ["B"]


def test_a_task_that_says_replan_moves_the_deadlines_beside_it() -> None:
    fork = node("parallelGateway", "f")
    change = user("B", mapping(outputs={"day": "=day"}), REPLAN)
    body = S + E + node("endEvent", "e2") + fork + user("A", due=DUE) + change
    play = Play(
        program(process(body, "s->f; f->A; f->B; A->e; B->e2", day='date("2026-03-10")'))
    ).start()
    play.complete("B", day=date(2026, 3, 3))
    assert moves(play) == [("A", date(2026, 3, 17), date(2026, 3, 10))]


def test_a_timer_ahead_follows_and_one_that_has_fired_does_not_come_again() -> None:
    early = boundary("r", "A", "date =working_days_after(day, 1)", cancels=False)
    late = boundary("x", "A", "date =working_days_after(day, 4)", cancels=False)
    ends = node("endEvent", "e2") + node("endEvent", "e3")
    play = alone(early, late, ends, arcs="s->A; A->e; r->e2; x->e3")
    play.advance(days=10)  # to Thursday 12 March: r, due on the 11th, has fired
    assert [t.element for t in play.told(TimerFired)] == ["r"]
    tuesday(play, 17)
    assert [(t.element, t.due.date()) for t in play.told(TimerSet)][2:] == [
        ("x", date(2026, 3, 23))
    ]
    play.advance(days=30)
    assert [t.element for t in play.told(TimerFired)] == ["r", "x"]


def test_a_timer_whose_new_instant_has_passed_fires_at_once_and_once() -> None:
    late = boundary("x", "A", "date =working_days_after(day, 5)", cancels=False)
    play = alone(late, node("endEvent", "e3"), arcs="s->A; A->e; x->e3")
    play.advance(days=8)  # Tuesday 10 March
    tuesday(play, 2)  # due on Monday 9 March
    assert play.told(TimerFired) == []
    play.advance(seconds=0)
    assert [t.element for t in play.told(TimerFired)] == ["x"]
    tuesday(play, 24)
    play.advance(days=60)
    assert [t.element for t in play.told(TimerFired)] == ["x"]


def test_a_deadline_moved_by_hand_stays_where_it_was_put() -> None:
    play = alone()
    task = play.open_tasks()[0].task
    play.do("move_deadline", task, date(2026, 3, 30), "agreed")
    tuesday(play, 3)
    assert len(play.told(DeadlineMoved)) == 1


def test_what_leads_to_the_same_day_is_no_move() -> None:
    play = alone()
    tuesday(play, 10)
    assert moves(play) == []


def called(*parts: str) -> Play:
    """`P` calls `Q`, `Q` calls `R`; the deadline runs in `R`."""
    innermost = process(S + E + user("A", due=DUE), "s->A; A->e", id="R", day="null")
    middle = process(S + E + call("to_r", "R"), "s->to_r; to_r->e", id="Q", day="null")
    outer = process(
        S + E + call("to_q", "Q", *parts) + EARLIER, "s->to_q; to_q->e", day='date("2026-03-10")'
    )
    return Play(program(outer, middle, innermost)).start()


def test_a_called_process_follows_what_it_was_lent_however_deep() -> None:
    play = called()
    tuesday(play, 3)
    assert moves(play) == [("A", date(2026, 3, 17), date(2026, 3, 10))]
    followed = [e for e in play.told(VariablesSet) if e.element in ("to_q", "to_r")]
    assert [(e.element, e.values) for e in followed] == [
        ("to_q", {"day": date(2026, 3, 3)}),
        ("to_r", {"day": date(2026, 3, 3)}),
    ]


def test_what_a_called_process_has_set_itself_or_was_given_stays_its_own() -> None:
    given = called(mapping(inputs={"day": '=date("2026-03-12")'}))
    tuesday(given, 3)
    assert moves(given) == []
    own = process(
        S + E + user("B", mapping(outputs={"day": '=date("2026-03-12")'})) + user("A", due=DUE),
        "s->B; B->A; A->e", id="Q", day="null",
    )  # fmt: skip
    outer = process(
        S + E + call("to_q", "Q") + EARLIER, "s->to_q; to_q->e", day='date("2026-03-10")'
    )
    set_by_itself = Play(program(outer, own)).start()
    set_by_itself.complete("B")
    tuesday(set_by_itself, 3)
    assert moves(set_by_itself) == []


def test_an_instance_that_counts_from_its_own_day_stays_where_it_is() -> None:
    play = alone()
    play.start()
    tuesday(play, 3)
    # only the instance that heard of it counts from another day: the other's sum is the same
    assert moves(play) == [("A", date(2026, 3, 17), date(2026, 3, 10))]


def test_the_backstop_and_its_sum_follow() -> None:
    facts = properties(backstop="=working_days_after(day, 8)")
    body = S + E + user("A", facts, due=DUE) + EARLIER
    play = Play(program(process(body, "s->A; A->e", day='date("2026-03-10")'))).start()
    tuesday(play, 3)
    (moved,) = play.told(DeadlineMoved)
    assert moved.new_backstop is not None and moved.new_backstop.date() == date(2026, 3, 13)
    assert "8 working days after Tuesday 3 March 2026" in (moved.backstop_sum or "")


def test_replanned_cases_replay_to_the_same_events_and_hashes() -> None:
    play = called()
    play.advance(days=2)
    tuesday(play, 3)
    tuesday(play, 24)
    again = Play(play.program, fresh=False)
    for command, arguments, at in play.log:
        again.at = at
        again.do(command, *arguments)
    assert again.events == play.events and again.hashes == play.hashes


# what a case tells itself


def test_what_a_case_tells_itself_reaches_everybody_who_waits() -> None:
    inner = process(S + E + user("A", due=DUE) + EARLIER, "s->A; A->e", id="Q", day="null")
    outer = process(
        S + E + call("to_q", "Q") + EARLIER, "s->to_q; to_q->e", day='date("2026-03-10")'
    )
    play = Play(program(outer, inner)).start()
    play.do("tell", "note", {"day": date(2026, 3, 3)})
    assert len(play.told(MessageReceived)) == 2
    assert moves(play) == [("A", date(2026, 3, 17), date(2026, 3, 10))]


def test_what_a_case_tells_itself_starts_the_processes_that_begin_with_it() -> None:
    other = process(start("s", "message note") + E + user("B"), "s->B; B->e", id="Q")
    play = Play(program(process(S + E + user("A"), "s->A; A->e"), other)).start()
    play.do("tell", "note", {})
    assert sorted(play.open) == ["A", "B"]


def test_what_nobody_waits_for_is_not_kept() -> None:
    play = Play(program(process(S + E + user("A"), "s->A; A->e"))).start()
    assert play.do("tell", "note", {}) == []
    assert play.told(MessageBuffered) == []


# sleep

GOES_ON = '<zeebe:properties><zeebe:property name="goes_on_when_merged" value="true"/>'


def sleeper(*, outlives: bool = False) -> Play:
    late = boundary("r", "A", "timer P1D", cancels=False)
    body = S + E + user("A") + late + node("endEvent", "e2") + EARLIER
    drawn = process(body, "s->A; A->e; r->e2", day='date("2026-03-10")')
    if outlives:
        drawn = drawn.replace("<zeebe:properties>", GOES_ON, 1)
    return Play(program(drawn)).start()


def test_what_sleeps_has_no_timers_and_no_task_can_be_done_in_it() -> None:
    play = sleeper()
    play.do("rest")
    assert play.case.next_due() is None and play.case.asleep() == {"1"}
    play.advance(days=3)
    assert play.do("wake") == []
    with pytest.raises(NotOpen):
        play.complete("A")


def test_what_slept_goes_on_where_it_was_and_missed_timers_fire_then() -> None:
    play = sleeper()
    play.do("rest")
    play.advance(days=3)
    play.do("go_on")
    assert play.case.next_due() == MONDAY + timedelta(days=1)
    play.do("wake")
    assert [t.element for t in play.told(TimerFired)] == ["r"]
    play.complete("A")
    assert play.ended == {"1": "completed"}


def test_a_process_that_is_drawn_to_go_on_does_not_sleep() -> None:
    play = sleeper(outlives=True)
    play.do("rest")
    assert play.case.asleep() == frozenset()
    play.advance(days=2)
    assert [t.element for t in play.told(TimerFired)] == ["r"]
    play.complete("A")


def test_what_sleeps_still_hears_but_only_when_nobody_awake_does() -> None:
    play = sleeper()
    play.do("rest")
    assert not play.case.hears("note")
    tuesday(play, 3)
    assert [m.instance for m in play.told(MessageReceived)] == ["1"]
    play.start()
    assert play.case.hears("note")
    tuesday(play, 4)
    assert [m.instance for m in play.told(MessageReceived)] == ["1", "2"]


def test_sleep_replays_to_the_same_events_and_hashes() -> None:
    play = sleeper()
    for command in ("rest", "go_on", "wake"):
        play.advance(days=1)
        play.do(command)
    again = Play(play.program, fresh=False)
    for command, arguments, at in play.log:
        again.at = at
        again.do(command, *arguments)
    assert again.events == play.events and again.hashes == play.hashes


def test_what_the_processes_of_a_case_hold_is_told_called_ones_too() -> None:
    play = called()
    assert [(one["process"], one["variables"]["day"]) for one in play.case.declared()] == [
        ("P", date(2026, 3, 10)),
        ("Q", date(2026, 3, 10)),
        ("R", date(2026, 3, 10)),
    ]
