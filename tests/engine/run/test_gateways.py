"""Gateways: splitting, joining, choosing, laps."""

from __future__ import annotations

import pytest

from app.engine.errors import Fault, Incident
from app.engine.events import FlowTaken, TimerDropped, TimerSet
from tests.limits import within

from .kit import E, Play, S, boundary, catch, gate, process, program, task, user

LAPS = gate("m") + gate("g", "{kind}") + gate("j", "{kind}") + gate("x", default="out")


def lap_diagram(kind: str) -> str:
    conditions = ("[a]", "[b]") if kind == "inclusive" else ("", "")
    body = S + E + LAPS.replace("{kind}", kind) + user("A") + user("B") + user("lap") + user("c")
    arcs = (
        f"s->m; m->c; c->g; g->A {conditions[0]}; g->B {conditions[1]}; A->j; B->j; j->lap; "
        "lap->x; x->m [again]; x->e {out}"
    )
    return process(body, arcs)


@pytest.mark.parametrize("order", ["AB BA AB", "BA AB BA", "AB AB BA BA"])
def test_and_join_in_a_loop_waits_on_every_lap(order: str) -> None:
    play = Play(program(lap_diagram("parallel"))).start()
    laps = order.split()
    for number, lap in enumerate(laps, 1):
        play.complete("c")
        play.complete(lap[0])
        assert play.open == [lap[1]]
        play.complete(lap[1])
        assert play.open == ["lap"]
        play.complete("lap", again=number < len(laps))
    assert play.ended == {"1": "completed"}
    assert play.passed["lap"] == len(laps)


@pytest.mark.parametrize("order", ["AB BA A AB", "A B AB BA", "BA BA"])
def test_or_join_in_a_loop_waits_for_this_lap(order: str) -> None:
    play = Play(program(lap_diagram("inclusive"))).start()
    laps = order.split()
    for number, lap in enumerate(laps, 1):
        play.complete("c", a="A" in lap, b="B" in lap)
        for index, name in enumerate(lap):
            assert play.open == sorted(lap[index:])
            play.complete(name)
        play.complete("lap", again=number < len(laps))
    assert play.ended == {"1": "completed"}


def test_or_join_waits_for_a_token_behind_a_boundary_event() -> None:
    body = (
        S
        + E
        + gate("g", "inclusive")
        + gate("j", "inclusive")
        + user("A")
        + user("B")
        + boundary("late", "B", "timer P1D")
        + user("chase")
        + user("after")
    )
    arcs = "s->g; g->A [true]; g->B [true]; A->j; B->j; late->chase; chase->j; j->after; after->e"
    play = Play(program(process(body, arcs))).start()
    play.complete("A")
    play.advance(days=2)
    assert play.open == ["chase"]
    play.complete("chase")
    assert play.open == ["after"]


def test_join_takes_one_token_per_flow_and_keeps_the_rest() -> None:
    # Two tokens come along the same flow into the parallel join, one along the other.
    body = S + E + gate("g", "parallel") + gate("m") + gate("j", "parallel")
    body += user("A") + user("B") + user("C") + user("after")
    arcs = "s->g; g->A; g->B; g->C; A->m; B->m; m->j; C->j; j->after; after->e"
    play = Play(program(process(body, arcs))).start()
    play.complete("A")
    play.complete("B")
    assert play.open == ["C"]
    play.complete("C")
    assert play.open == ["after"]
    play.complete("after")
    # The spare token still waits at the join: BPMN lets it wait for ever.
    assert play.ended == {}
    (waiting,) = play.case.waiting()
    assert (waiting.kind, waiting.element, len(waiting.lacking)) == ("join", "j", 1)


def test_exclusive_gateway_takes_the_first_flow_in_document_order() -> None:
    body = S + E + gate("x", default="no") + task("first") + task("second")
    arcs = "s->x; x->second [n > 1]; x->first [n > 0]; x->e {no}; first->e; second->e"
    play = Play(program(process(body, arcs))).start(n=2)
    assert play.passed == {"second": 1}
    assert Play(program(process(body, arcs))).start(n=1).passed == {"first": 1}
    assert Play(program(process(body, arcs))).start(n=0).passed == {}


@pytest.mark.parametrize(
    ("value", "says"),
    [(None, "null"), ("yes", "yes"), (5, "5")],
    ids=["null", "a text", "a number"],
)
def test_condition_must_be_true_or_false(value: object, says: str) -> None:
    body = S + E + gate("x", default="no") + user("a")
    play = Play(program(process(body, "s->a; a->x; x->e [v]; x->e {no}"))).start(v=True)
    with pytest.raises(Incident) as caught:
        play.complete("a", v=value)
    assert caught.value.element_id == "x"
    assert says in caught.value.sentence


def test_no_true_condition_and_no_default_is_an_incident() -> None:
    body = S + E + gate("x") + task("a") + task("b")
    arcs = "s->x; x->a [n = 1]; x->b [n = 2]; a->e; b->e"
    with pytest.raises(Incident) as caught:
        Play(program(process(body, arcs))).start(n=3)
    assert caught.value.element_id == "x"


def test_unknown_name_in_a_condition_names_the_element() -> None:
    body = S + E + gate("x", default="no")
    with pytest.raises(Fault) as caught:
        Play(program(process(body, "s->x; x->e [nosuch]; x->e {no}"))).start()
    assert caught.value.element_id == "x"


def test_loop_without_end_is_an_incident() -> None:
    body = S + E + gate("m") + gate("x", default="no") + task("a")
    arcs = "s->m; m->a; a->x; x->m [go]; x->e {no}"
    with pytest.raises(Incident) as caught:
        Play(program(process(body, arcs))).start(go=True)
    assert "steps" in caught.value.sentence


def test_conditions_on_flows_out_of_an_activity() -> None:
    body = S + user("A", default="no") + task("big") + task("huge") + task("small")
    body += "".join(f'<bpmn:endEvent id="e{n}"/>' for n in range(3))
    arcs = "s->A; A->big [x > 5]; A->huge [x > 8]; A->small {no}; big->e0; huge->e1; small->e2"
    made = program(process(body, arcs))
    for x, expected in ((9, {"big", "huge"}), (6, {"big"}), (1, {"small"})):
        play = Play(made).start()
        play.complete("A", x=x)
        assert set(play.passed) == {"A", *expected}
        assert not [f for f in play.taken if "__" in f]


def test_each_timer_behind_an_event_gateway_has_its_own_instant() -> None:
    body = S + E + gate("g", "event") + catch("slow", "timer P3D") + catch("fast", "timer P1D")
    body += catch("reply", "message reply") + task("a") + task("b") + task("c") + gate("m")
    arcs = "s->g; g->slow; g->fast; g->reply; slow->a; fast->b; reply->c; a->m; b->m; c->m; m->e"
    play = Play(program(process(body, arcs))).start()
    assert len(play.told(TimerSet)) == 2
    play.advance(days=1)
    assert play.passed == {"b": 1}
    assert [e.element for e in play.told(TimerDropped)] == ["slow"]
    assert play.ended == {"1": "completed"}
    play = Play(program(process(body, arcs))).start()
    play.message("reply")
    assert play.passed == {"c": 1}
    assert len(play.told(TimerDropped)) == 2


def test_many_parallel_blocks_start_at_once() -> None:
    # Upstream predicts 3**12 tasks for this and needs minutes.
    body, arcs, before = S + E, "", "s"
    for n in range(12):
        body += gate(f"g{n}", "parallel") + gate(f"j{n}", "parallel")
        arcs += f"{before}->g{n};"
        for k in range(3):
            body += user(f"t{n}_{k}")
            arcs += f"g{n}->t{n}_{k}; t{n}_{k}->j{n};"
        before = f"j{n}"
    made = program(process(body, f"{arcs} {before}->e"))
    with within(5):
        play = Play(made).start()
    for n in range(12):
        for k in range(3):
            play.complete(f"t{n}_{k}")
    assert play.ended == {"1": "completed"}


def test_two_tokens_start_an_activity_twice() -> None:
    body = S + gate("g", "parallel") + user("A") + user("B") + user("C") + E
    play = Play(program(process(body, "s->g; g->A; g->B; A->C; B->C; C->e"))).start()
    play.complete("A")
    play.complete("B")
    assert play.open == ["C", "C"]


def test_flows_taken_are_the_drawn_ones() -> None:
    body = S + E + user("A")
    play = Play(program(process(body, "s->A {one}; A->e {two}"))).start()
    assert [e.flow for e in play.told(FlowTaken)] == ["one"]
    play.complete("A")
    assert play.taken == ["one", "two"]
