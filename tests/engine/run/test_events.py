"""Events: boundary, event sub-process, message, signal, error, escalation, timer, terminate."""

from __future__ import annotations

import pytest

from app.engine.errors import NotOpen
from app.engine.events import (
    ElementCancelled,
    InstanceEnded,
    InstanceStarted,
    MessageBuffered,
    MessageReceived,
    MessageUnbuffered,
    SignalSent,
    TaskCancelled,
    TimerDropped,
    TimerFired,
    TimerSet,
)

from .kit import (
    E,
    Play,
    S,
    boundary,
    catch,
    end,
    extension,
    gate,
    handler,
    mapping,
    node,
    process,
    program,
    start,
    sub,
    task,
    throw,
    user,
)

INNER = '<bpmn:startEvent id="is"/><bpmn:endEvent id="ie"/>'


def test_interrupting_boundary_stops_the_sub_process_before_it_runs_on() -> None:
    inner = sub(
        "sp",
        INNER + throw("t", "escalation up") + task("never"),
        "is->t; t->never; never->ie",
    )
    body = S + E + inner + boundary("b", "sp", "escalation up") + task("caught") + task("after")
    play = Play(program(process(body, "s->sp; sp->after; after->e; b->caught; caught->e"))).start()
    assert play.passed == {"caught": 1}
    assert [e.element for e in play.told(ElementCancelled)] == ["sp"]


def test_signal_boundary_stops_the_sub_process_before_it_runs_on() -> None:
    inner = sub(
        "sp", INNER + throw("t", "signal alarm") + task("never"), "is->t; t->never; never->ie"
    )
    body = S + E + inner + boundary("b", "sp", "signal alarm") + task("caught")
    play = Play(program(process(body, "s->sp; sp->e; b->caught; caught->e"))).start()
    assert play.passed == {"caught": 1}


def test_boundary_message_fires_every_time() -> None:
    body = S + E + user("A") + boundary("b", "A", "message note", cancels=False)
    body += user("noted") + node("endEvent", "e2")
    play = Play(program(process(body, "s->A; A->e; b->noted; noted->e2"))).start()
    for _ in range(3):
        play.message("note")
    assert play.open == ["A", "noted", "noted", "noted"]
    play.complete("A")
    assert play.open == ["noted"] * 3
    assert play.ended == {}
    for _ in range(3):
        play.complete("noted")
    assert play.ended == {"1": "completed"}


def test_tasks_of_a_boundary_cycle_outlive_their_host() -> None:
    body = S + E + user("A") + boundary("b", "A", "cycle R2/P1D", cancels=False)
    body += user("chase") + node("endEvent", "e2")
    play = Play(program(process(body, "s->A; A->e; b->chase; chase->e2"))).start()
    play.advance(days=10)
    assert play.open == ["A", "chase", "chase"]
    play.complete("A")
    assert play.open == ["chase", "chase"]
    assert len(play.told(TimerFired)) == 2


def test_endless_cycle_keeps_to_its_grid_however_late_it_is_woken() -> None:
    body = S + E + user("A") + boundary("b", "A", "cycle R/P1D", cancels=False)
    body += task("chase") + node("endEvent", "e2")
    play = Play(program(process(body, "s->A; A->e; b->chase; chase->e2"))).start()
    began = play.at
    play.at = began.replace(day=5, hour=20)
    while play.do("wake"):
        pass
    fired = play.told(TimerFired)
    assert [(e.due - began).days for e in fired] == [1]  # for all three that it missed
    assert play.case.next_due() == began.replace(day=6)
    play.complete("A")
    assert play.case.next_due() is None
    assert len(play.told(TimerDropped)) == 1


def test_interrupting_cycle_fires_once() -> None:
    body = S + E + user("A") + boundary("b", "A", "cycle R/P1D") + user("late")
    play = Play(program(process(body, "s->A; A->e; b->late; late->e"))).start()
    play.advance(days=9)
    assert play.open == ["late"]
    assert len(play.told(TimerFired)) == 1
    assert play.told(TaskCancelled)[0].by == "b"


def test_wake_fires_exactly_one_timer_in_due_order() -> None:
    body = S + E + user("A")
    for name, span in (("b1", "P2D"), ("b2", "P1D"), ("b3", "P2D")):
        body += boundary(name, "A", f"timer {span}", cancels=False)
        body += node("endEvent", f"e_{name}")
    arcs = "s->A; A->e; b1->e_b1; b2->e_b2; b3->e_b3"
    play = Play(program(process(body, arcs))).start()
    assert play.do("wake") == []
    play.at = play.at.replace(day=20)
    order = []
    while events := play.do("wake"):
        order += [e.element for e in events if isinstance(e, TimerFired)]
    assert order == ["b2", "b1", "b3"]


def test_signal_end_event_is_sent() -> None:
    body = S + gate("g", "parallel") + catch("c", "signal alarm") + task("heard") + E
    body += end("e2", "signal alarm")
    play = Play(program(process(body, "s->g; g->c; g->e2; c->heard; heard->e"))).start()
    assert play.passed == {"heard": 1}
    assert [e.signal for e in play.told(SignalSent)] == ["alarm"]


def test_signal_reaches_every_instance_of_the_case_and_starts_processes() -> None:
    one = process(
        S + catch("c", "signal alarm") + task("heard") + E, "s->c; c->heard; heard->e", "A"
    )
    two = process(S + throw("t", "signal alarm") + E, "s->t; t->e", "B")
    three = process(start("s", "signal alarm") + task("woken") + E, "s->woken; woken->e", "C")
    play = Play(program(one, two, three)).start("A").start("A").start("B")
    assert play.passed == {"heard": 2, "woken": 1}
    assert [e.process for e in play.told(InstanceStarted)] == ["A", "A", "B", "C"]


def test_uncaught_error_fails_the_instance() -> None:
    body = S + gate("g", "parallel") + user("A") + end("bad", "error broken") + E + user("b")
    play = Play(program(process(body, "s->g; g->A; g->b; b->bad; A->e"))).start()
    play.complete("b")
    (ended,) = play.told(InstanceEnded)
    assert (ended.how, ended.error) == ("failed", "broken")
    assert [e.element for e in play.told(TaskCancelled)] == ["A"]


@pytest.mark.parametrize(
    ("thrown", "caught"),
    [("broken", "exact"), ("late", "any")],
    ids=["its own code first", "catch-all for the rest"],
)
def test_error_is_caught_by_its_code(thrown: str, caught: str) -> None:
    inner = sub("sp", INNER.replace('"ie"', '"unused"') + end("bad", f"error {thrown}"), "is->bad")
    inner = inner.replace('<bpmn:endEvent id="unused"/>', "")
    body = S + E + inner + boundary("any_b", "sp", "error") + boundary("b", "sp", "error broken")
    body += task("any") + task("exact")
    arcs = "s->sp; sp->e; any_b->any; b->exact; any->e; exact->e"
    assert Play(program(process(body, arcs))).start().passed == {caught: 1}


@pytest.mark.parametrize("interrupts", [True, False], ids=["interrupting", "not interrupting"])
@pytest.mark.parametrize(
    "what", ["message stop", "signal alarm", "timer PT1H", "if stop", "escalation up"]
)
@pytest.mark.parametrize("nested", [False, True], ids=["in the process", "in a sub-process"])
def test_event_sub_process_starts_on_its_event(what: str, interrupts: bool, nested: bool) -> None:
    inner = INNER + gate("g", "parallel") + user("A") + user("B") + throw("t", "escalation up")
    inner += node("endEvent", "ie2") + handler("h", what, interrupts=interrupts)
    arcs = "is->g; g->A; g->B; B->t; t->ie2; A->ie"
    if nested:
        body = process(S + E + sub("sp", inner, arcs) + task("after"), "s->sp; sp->after; after->e")
    else:
        body = process(inner, arcs)
    play = Play(program(body)).start(stop=False)
    assert play.open == ["A", "B"]
    if what.startswith("message"):
        play.message("stop")
    elif what.startswith("signal"):
        play.do("signal", "alarm")
    elif what.startswith("timer"):
        play.advance(hours=1)
    else:
        play.complete("B", stop=True)
    done = {"B": 1} if what[0] in "ie" else {}
    assert play.passed.pop("after", 0) == (interrupts and nested)
    assert {k: v for k, v in play.passed.items() if k != "after"} == {**done, "h_done": 1}
    assert play.open == ([] if interrupts else ["A"] if done else ["A", "B"])
    assert play.ended == ({"1": "completed"} if interrupts else {})


def test_event_sub_process_not_interrupting_starts_again_and_again() -> None:
    made = program(
        process(S + E + user("A") + handler("h", "message note", interrupts=False), "s->A; A->e")
    )
    play = Play(made).start()
    for _ in range(3):
        play.message("note")
    assert play.passed == {"h_done": 3}
    # The graph is shared by all instances of the process: a new one begins untouched.
    assert Play(made).start().passed == {}


def test_event_sub_process_error_runs_only_when_thrown() -> None:
    body = S + E + user("A") + gate("x", default="no") + end("bad", "error broken")
    body += handler("h", "error broken")
    made = program(process(body, "s->A; A->x; x->bad [bad]; x->e {no}"))
    play = Play(made).start()
    assert play.passed == {}
    play.complete("A", bad=True)
    assert play.passed == {"A": 1, "h_done": 1}
    assert play.ended == {"1": "completed"}
    play = Play(made).start()
    play.complete("A", bad=False)
    assert play.passed == {"A": 1}


def test_error_inside_its_handler_goes_outwards() -> None:
    bad = end("again", "error broken")
    inside = handler("h", "error broken", body=bad, arcs="h_s->again").replace(
        '<bpmn:endEvent id="h_e" name="h_e"></bpmn:endEvent>', ""
    )
    inner = sub("sp", '<bpmn:startEvent id="is"/>' + end("b1", "error broken") + inside, "is->b1")
    body = S + E + inner + boundary("b", "sp", "error broken") + task("caught")
    play = Play(program(process(body, "s->sp; sp->e; b->caught; caught->e"))).start()
    assert play.passed == {"caught": 1}


def test_terminate_ends_its_own_scope_only() -> None:
    inner = sub(
        "sp",
        '<bpmn:startEvent id="is"/>'
        + gate("g", "parallel")
        + user("A")
        + user("B")
        + node("endEvent", "ie")
        + end("stop", "terminate"),
        "is->g; g->A; g->B; A->ie; B->stop",
    )
    body = S + gate("gg", "parallel") + inner + user("other") + user("after") + E
    body += node("endEvent", "e2")
    arcs = "s->gg; gg->sp; gg->other; sp->after; after->e; other->e2"
    play = Play(program(process(body, arcs))).start()
    play.complete("B")
    assert play.open == ["after", "other"]
    assert [e.by for e in play.told(TaskCancelled)] == ["stop"]


def test_terminate_at_the_top_ends_the_instance() -> None:
    body = S + gate("g", "parallel") + user("A") + user("B") + E + end("stop", "terminate")
    play = Play(program(process(body, "s->g; g->A; g->B; A->e; B->stop"))).start()
    play.complete("B")
    assert play.ended == {"1": "terminated"}
    assert play.open == []


def test_timers_in_a_cancelled_sub_process_never_fire() -> None:
    inner = sub(
        "sp",
        INNER + user("A") + boundary("r", "A", "timer P2D", cancels=False) + node("endEvent", "re"),
        "is->A; A->ie; r->re",
    )
    body = S + E + inner + boundary("b", "sp", "message stop") + user("stopped")
    play = Play(program(process(body, "s->sp; sp->e; b->stopped; stopped->e"))).start()
    play.message("stop")
    assert play.case.next_due() is None
    assert [e.element for e in play.told(TimerDropped)] == ["r"]
    assert play.open == ["stopped"]


def test_message_nobody_waits_for_is_kept_and_offered_again() -> None:
    ext = extension(mapping(outputs={"got": "=n"}))
    body = S + user("A") + catch("c", "message note", ext=ext) + E
    play = Play(program(process(body, "s->A; A->c; c->e"))).start()
    play.message("note", n=1)
    play.message("note", n=2)
    assert len(play.told(MessageBuffered)) == 2
    play.complete("A")
    assert play.values()["got"] == 1
    assert [(e.id, e.how) for e in play.told(MessageUnbuffered)] == [
        ("1", "delivered"),
        ("2", "dead"),
    ]


def test_message_goes_to_one_receiver_the_oldest() -> None:
    body = S + gate("g", "parallel") + catch("c1", "message note") + catch("c2", "message note")
    body += task("a") + task("b") + E
    play = Play(program(process(body, "s->g; g->c1; g->c2; c1->a; c2->b; a->e; b->e"))).start()
    play.message("note")
    assert play.passed == {"a": 1}
    play.message("note")
    assert play.passed == {"a": 1, "b": 1}


def test_message_from_one_process_to_another_carries_its_payload() -> None:
    send = throw("t", "message go", ext=extension(mapping({"who": "=name"})))
    one = process(
        S + user("A") + send + catch("c", "message reply") + E, "s->A; A->t; t->c; c->e", "PA"
    )
    got = start("s", "message go", ext=extension(mapping(outputs={"person": "=who"})))
    two = process(got + user("B") + end("e", "message reply"), "s->B; B->e", "PB")
    play = Play(program(one, two)).start("PA")
    for name in ("x", "y"):
        play.start("PA") if name == "y" else None
        play.complete("A", name=name)
    started = play.told(InstanceStarted, process="PB")
    assert [(e.instance, e.message) for e in started] == [("2", "go"), ("4", "go")]
    assert play.values()["person"] == "y"
    play.complete("B")
    assert play.ended == {"1": "completed", "2": "completed"}
    assert play.told(MessageReceived, message="reply")[0].instance == "1"


def test_instances_live_on_when_the_one_that_started_them_ends() -> None:
    one = process(S + throw("t", "message go") + E, "s->t; t->e", "PA")
    two = process(start("s", "message go") + user("B") + E, "s->B; B->e", "PB")
    play = Play(program(one, two)).start("PA")
    assert play.ended == {"1": "completed"}
    assert play.open == ["B"]
    play.do("cancel")
    assert play.ended["2"] == "cancelled"
    with pytest.raises(NotOpen):
        play.do("complete", "2-3", {})


def test_parallel_multiple_waits_for_all_its_events() -> None:
    both = catch("c", "message note", "signal alarm", parallelMultiple="true")
    play = Play(program(process(S + both + task("a") + E, "s->c; c->a; a->e"))).start()
    play.message("note")
    assert play.passed == {}
    play.do("signal", "alarm")
    assert play.passed == {"a": 1}


def test_condition_fires_when_it_becomes_true_and_again_after_it_was_false() -> None:
    body = (
        S + gate("g", "parallel") + user("A") + user("B") + E + gate("m") + gate("x", default="no")
    )
    body += boundary("b", "A", "if hot", cancels=False) + task("alarm") + node("endEvent", "e2")
    body += node("endEvent", "e3")
    arcs = "s->g; g->A; g->m; m->B; B->x; x->m [go]; x->e3 {no}; A->e; b->alarm; alarm->e2"
    play = Play(program(process(body, arcs))).start(hot=False, go=True)
    for hot in (True, True, False, True):
        play.complete("B", hot=hot)
    assert play.passed["alarm"] == 2


def test_timer_set_tells_when_it_is_due() -> None:
    play = Play(program(process(S + catch("c", "timer P1DT2H") + E, "s->c; c->e"))).start()
    (timer,) = play.told(TimerSet)
    assert (timer.due - play.at).total_seconds() == 26 * 3600
    assert play.case.next_due() == timer.due
