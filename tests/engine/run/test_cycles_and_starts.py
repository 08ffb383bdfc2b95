"""Timers at every place and of every kind, and ad-hoc sub-processes."""

from __future__ import annotations

import pytest

from .kit import (
    Play,
    boundary,
    catch,
    gate,
    handler,
    node,
    process,
    program,
    start,
    sub,
    task,
    user,
)

S, E, E2 = node("startEvent", "s"), node("endEvent", "e"), node("endEvent", "e2")
WAIT, WAIT_ARCS = node("startEvent", "is") + user("in") + node("endEvent", "ie"), "is->in; in->ie"
NEXT_DAY = "date 2026-03-03T09:00:00Z"


@pytest.mark.parametrize(
    ("what", "times"),
    [("timer P1D", 1), (NEXT_DAY, 1), ("cycle R3/P1D", 3), ("cycle R1/P1D", 1)],
    ids=["duration", "date", "cycle of three", "cycle of one"],
)
@pytest.mark.parametrize("place", ["boundary", "event sub-process", "nested"])
@pytest.mark.parametrize("cancels", [True, False], ids=["interrupting", "not"])
def test_timer_at_a_scope(what: str, times: int, place: str, cancels: bool) -> None:
    caught = handler("h", what, interrupts=cancels)
    if place == "boundary":
        body = S + sub("sp", WAIT, WAIT_ARCS) + boundary("b", "sp", what, cancels=cancels)
        text = process(body + task("h_done") + E + E2, "s->sp; sp->e; b->h_done; h_done->e2")
    elif place == "nested":
        text = process(S + sub("sp", WAIT + caught, WAIT_ARCS) + E, "s->sp; sp->e")
    else:
        text = process(WAIT + caught, WAIT_ARCS)
    play = Play(program(text)).start()
    play.advance(days=10)
    assert play.passed == {"h_done": 1 if cancels else times}
    if not cancels:
        play.complete("in")
    assert play.ended == {"1": "completed"}
    assert play.case.next_due() is None


@pytest.mark.parametrize("what", ["timer P1D", NEXT_DAY])
def test_timer_that_starts_a_process(what: str) -> None:
    play = Play(program(process(start("s", what) + task("A") + E, "s->A; A->e"))).start()
    assert play.passed == {}
    play.advance(days=2)
    assert play.passed == {"A": 1}
    assert play.ended == {"1": "completed"}


def test_timers_fire_in_the_order_they_are_due_whatever_the_drawing_says() -> None:
    body = S + gate("g", "parallel")
    arcs = "s->g"
    for name, span in (("c", "PT3H"), ("a", "PT1H"), ("b", "PT2H")):
        body += catch(f"t{name}", f"timer {span}") + user(name)
        arcs += f"; g->t{name}; t{name}->{name}; {name}->e"
    play = Play(program(process(body + E, arcs))).start()
    for hours in (["a"], ["a", "b"], ["a", "b", "c"]):
        play.advance(hours=1)
        assert play.open == hours


def ad_hoc(body: str, until: str = "", **more: str) -> str:
    condition = f"<bpmn:completionCondition>={until}</bpmn:completionCondition>" if until else ""
    held = node("adHocSubProcess", "ad", body + condition, **more)
    return process(S + held + task("Z") + E, "s->ad; ad->Z; Z->e", done="0")


@pytest.mark.parametrize("ordering", ["Parallel", "Sequential"])
def test_each_step_of_an_ad_hoc_sub_process_runs_once(ordering: str) -> None:
    """10.3.5: sequentially one at a time, else all at once."""
    play = Play(program(ad_hoc(user("A") + user("B") + task("C"), ordering=ordering))).start()
    for _ in range(2):
        assert len(play.open) == 1 or ordering == "Parallel"
        play.complete(play.open[0])
    assert play.passed == {"A": 1, "B": 1, "C": 1, "Z": 1}
    assert play.ended == {"1": "completed"}


@pytest.mark.parametrize(
    ("rest", "then"), [("true", []), ("false", ["B"])], ids=["withdraws", "waits for the rest"]
)
def test_ad_hoc_sub_process_ends_when_its_condition_holds(rest: str, then: list[str]) -> None:
    text = ad_hoc(user("A") + user("B"), "done = 1", cancelRemainingInstances=rest)
    play = Play(program(text)).start()
    play.complete("A", done=1)
    assert play.open == then
    if then:
        play.complete("B")
    assert play.passed["Z"] == 1
