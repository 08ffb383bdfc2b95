"""Starting, complex joins, quantities, transactions, calls that fail."""

from __future__ import annotations

import pytest

from app.engine.events import InstanceStarted, TaskCompleted

from .kit import (
    E,
    Play,
    S,
    boundary,
    call,
    catch,
    end,
    flows,
    gate,
    handler,
    many,
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


@pytest.mark.parametrize(
    "what", ["timer PT1H", "message go", "signal alarm", "if ready"], ids=lambda w: w.split()[0]
)
def test_process_started_by_hand_waits_at_its_only_start(what: str) -> None:
    play = Play(program(process(start("s", what) + user("a") + E, "s->a; a->e")))
    play.start(ready=what.startswith("if"))
    if what.startswith("if"):
        assert play.open == ["a"]
        return
    assert play.open == []
    if what.startswith("timer"):
        play.advance(hours=2)
    elif what.startswith("message"):
        play.message("go")
    else:
        play.do("signal", "alarm")
    assert play.open[0] == "a"


def test_message_starts_what_a_receive_task_begins() -> None:
    first = node("receiveTask", "r", instantiate="true", messageRef="m_go")
    one = process(first + task("a") + E, "r->a; a->e", "Q")
    play = Play(program(one))
    play.message("go")
    assert [e.process for e in play.told(InstanceStarted)] == ["Q"]
    assert play.passed == {"r": 1, "a": 1}


@pytest.mark.parametrize(
    ("conditions", "order"),
    [("ab", "AB"), ("ab", "BA"), ("a", "A"), ("b", "B")],
)
def test_complex_join_fires_once_and_takes_the_late_ones_in(conditions: str, order: str) -> None:
    join = node(
        "complexGateway",
        "j",
        "<bpmn:activationCondition>=activationCount &gt;= 1</bpmn:activationCondition>",
    )
    body = S + E + gate("m") + node("complexGateway", "g") + join + user("A") + user("B")
    body += user("after") + gate("x", default="no")
    arcs = "s->m; m->g; g->A [a]; g->B [b]; A->j; B->j; j->after; after->x; x->m [go]; x->e {no}"
    play = Play(program(process(body, arcs))).start(a="a" in conditions, b="b" in conditions)
    play.complete(order[0])
    assert play.open.count("after") == 1
    for late in order[1:]:
        play.complete(late)
        assert play.open.count("after") == 1
    play.complete("after", go=True)
    play.complete(order[0])
    assert play.open.count("after") == 1
    play.complete("after", go=False)
    for late in order[1:]:
        play.complete(late)
    assert play.ended == {"1": "completed"}


def test_start_and_completion_quantity() -> None:
    body = S + user("A", completionQuantity="2") + user("B", startQuantity="2") + E
    play = Play(program(process(body, "s->A; A->B; B->e"))).start()
    play.complete("A")
    assert play.open == ["B"]
    play.complete("B")
    assert play.ended == {"1": "completed"}
    body = S + user("A") + user("B", startQuantity="2") + E
    play = Play(program(process(body, "s->A; A->B; B->e"))).start()
    play.complete("A")
    assert play.open == [] and play.ended == {}


@pytest.mark.parametrize(("bad", "then"), [(True, "called_off"), (False, "after")])
def test_transaction_is_called_off_by_its_cancel_end_event(bad: bool, then: str) -> None:
    inner = INNER + user("A") + user("B") + gate("g", "parallel") + gate("x", default="no")
    inner += end("c", "cancel") + gate("j", "parallel")
    arcs = "is->g; g->A; g->B; A->x; x->c [bad]; x->j {no}; B->j; j->ie"
    tx = node("transaction", "tx", inner + flows(arcs, "tx"))
    body = S + E + tx + boundary("b", "tx", "cancel") + user("after") + user("called_off")
    arcs = "s->tx; tx->after; b->called_off; after->e; called_off->e"
    play = Play(program(process(body, arcs))).start()
    play.complete("A", bad=bad)
    if not bad:
        play.complete("B")
    assert play.open == [then]


def test_error_in_a_called_process_reaches_its_caller() -> None:
    one = process(
        S + E + call("c", "Q") + boundary("b", "c", "error broken") + task("caught"),
        "s->c; c->e; b->caught; caught->e",
    )
    two = process(S + user("A") + end("x", "error broken"), "s->A; A->x", "Q")
    play = Play(program(one, two)).start()
    play.complete("A")
    assert play.passed == {"A": 1, "caught": 1}
    assert play.ended == {"1": "completed"}


def test_process_is_interrupted_inside_what_it_calls() -> None:
    one = process(S + E + call("c", "Q") + handler("h", "message stop"), "s->c; c->e")
    two = process(S + user("A") + E, "s->A; A->e", "Q")
    play = Play(program(one, two)).start()
    play.message("stop")
    assert play.open == []
    assert play.passed == {"h_done": 1}


def test_error_in_one_instance_withdraws_the_others() -> None:
    inner = INNER + user("A") + gate("x", default="no") + end("bad", "error broken")
    sp = sub("sp", inner, "is->A; A->x; x->bad [bad]; x->ie {no}", loop=many("=all"))
    body = S + E + sp + boundary("b", "sp", "error broken") + task("caught")
    play = Play(program(process(body, "s->sp; sp->e; b->caught; caught->e"))).start(all=[1, 2, 3])
    play.complete("A", bad=True)
    assert play.open == []
    assert play.passed == {"A": 1, "caught": 1}


def test_escalation_not_interrupting_lets_the_inner_flow_go_on() -> None:
    inner = sub("sp", INNER + throw("t", "escalation up") + task("on"), "is->t; t->on; on->ie")
    body = S + E + inner + boundary("b", "sp", "escalation up", cancels=False)
    body += task("told") + node("endEvent", "e2")
    play = Play(program(process(body, "s->sp; sp->e; b->told; told->e2"))).start()
    assert play.passed == {"told": 1, "on": 1}


def test_escalation_nobody_catches_changes_nothing() -> None:
    play = Play(program(process(S + end("x", "escalation up"), "s->x"))).start()
    assert play.ended == {"1": "completed"}


def test_receive_task_behind_an_event_gateway() -> None:
    receive = node("receiveTask", "r", messageRef="m_note")
    body = S + E + gate("g", "event") + receive + catch("c", "timer P1D")
    play = Play(program(process(body, "s->g; g->r; g->c; r->e; c->e"))).start()
    play.message("note")
    assert play.passed == {"r": 1}
    assert play.ended == {"1": "completed"}


def test_link_events_go_on_at_their_partner() -> None:
    link = '<bpmn:linkEventDefinition name="on"/>'
    body = S + node("intermediateThrowEvent", "t", link) + node("intermediateCatchEvent", "c", link)
    play = Play(program(process(body + user("A") + E, "s->t; c->A; A->e"))).start()
    assert play.open == ["A"]
    assert not [f for f in play.taken if "__" in f]


def test_ids_that_the_library_uses_itself_stay_as_drawn() -> None:
    body = '<bpmn:startEvent id="Start"/><bpmn:endEvent id="End"/>' + user("Root")
    play = Play(program(process(body, "Start->Root; Root->End"))).start()
    play.complete("Root")
    assert [e.element for e in play.told(TaskCompleted)] == ["Root"]
