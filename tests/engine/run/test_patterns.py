"""Workflow control-flow patterns (van der Aalst et al.) and combinations of gateways and loops."""

from __future__ import annotations

import pytest

from app.engine.errors import Fault
from app.engine.events import InstanceStarted
from app.validation.gate import check
from tests.limits import within

from .kit import (
    HEAD,
    ROOTS,
    Play,
    boundary,
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

S, E, E2 = node("startEvent", "s"), node("endEvent", "e"), node("endEvent", "e2")
KINDS = ("exclusive", "parallel", "inclusive", "complex")


def findings(text: str) -> list[tuple[str, str | None]]:
    checked = check({"bpmn/t.bpmn": f"{HEAD}{ROOTS}{text}</bpmn:definitions>".encode()})
    return [(f.rule, f.element_id) for f in checked.findings if f.severity == "error"]


# splits and joins: which branches run, how often the rest does


@pytest.mark.parametrize(
    ("split", "join", "passed"),
    [
        ("exclusive", "exclusive", {"A": 1, "Z": 1}),
        ("exclusive", "inclusive", {"A": 1, "Z": 1}),
        ("exclusive", "parallel", {"A": 1}),
        ("inclusive", "exclusive", {"A": 1, "B": 1, "Z": 2}),
        ("inclusive", "inclusive", {"A": 1, "B": 1, "Z": 1}),
        ("inclusive", "parallel", {"A": 1, "B": 1}),
        ("parallel", "exclusive", {"A": 1, "B": 1, "C": 1, "Z": 3}),
        ("parallel", "inclusive", {"A": 1, "B": 1, "C": 1, "Z": 1}),
        ("parallel", "parallel", {"A": 1, "B": 1, "C": 1, "Z": 1}),
        ("complex", "exclusive", {"A": 1, "B": 1, "Z": 2}),
    ],
)
@pytest.mark.parametrize("default", [False, True], ids=["no default", "default"])
def test_split_then_join(split: str, join: str, passed: dict[str, int], default: bool) -> None:
    body = S + gate("g", split) + task("A") + task("B") + task("C") + gate("j", join)
    body += task("Z") + E
    conditions = ("x < 3", "x < 2", "x < 1") if split != "parallel" else (None,) * 3
    arcs = "; ".join(
        f"g->{t}" + (f" [{c}]" if c else "") for t, c in zip("ABC", conditions, strict=True)
    )
    if default and split != "parallel":
        body = body.replace('id="g"', 'id="g" default="d"') + task("W")
        arcs += "; g->W {d}; W->j"
    arcs = f"s->g; {arcs}; A->j; B->j; C->j; j->Z; Z->e"
    text = process(body, arcs)
    if findings(text):  # a join that certainly starves may be refused
        assert join == "parallel" and split != "parallel"
        return
    play = Play(program(text)).start(x=1)
    assert play.passed == passed
    waits = join == "parallel" and split != "parallel"
    assert play.ended == ({} if waits else {"1": "completed"})
    if default and split != "parallel" and not waits:
        other = Play(program(text)).start(x=9)
        assert other.passed == {"W": 1, "Z": 1}


@pytest.mark.parametrize("kind", ["exclusive", "inclusive", "complex"])
def test_no_way_out_of_a_gateway_is_an_incident_that_names_it(kind: str) -> None:
    body = S + gate("g", kind) + task("A") + task("B") + E
    play = Play(program(process(body, "s->g; g->A [x = 1]; g->B [x = 2]; A->e; B->e")))
    with pytest.raises(Fault) as fault:
        play.start(x=3)
    assert fault.value.element_id == "g"


@pytest.mark.parametrize("kind", ["exclusive", "parallel", "inclusive"])
def test_gateway_that_joins_and_splits(kind: str) -> None:
    """10.6.1: a gateway may have several flows in and out."""
    body = (
        S + gate("f", "parallel") + task("A") + task("B") + gate("m", kind) + task("C") + task("W")
    )
    arcs = "s->f; f->A; f->B; A->m; B->m; "
    arcs += "m->C; m->W" if kind == "parallel" else "m->C [x = 1]; m->W [x > 0]"
    play = Play(program(process(body + E, arcs + "; C->e; W->e"))).start(x=1)
    both = {"A": 1, "B": 1}
    found = {
        "exclusive": {**both, "C": 2}, "parallel": {**both, "C": 1, "W": 1},
        "inclusive": {**both, "C": 1, "W": 1},
    }  # fmt: skip
    assert play.passed == found[kind]
    assert play.ended == {"1": "completed"}


@pytest.mark.parametrize("needed", [1, 2, 3])
def test_partial_join_of_a_complex_gateway(needed: int) -> None:
    """WCP 9, 30: the rest goes on once, when enough have come; late ones are taken in."""
    condition = (
        f"<bpmn:activationCondition>=activationCount &gt;= {needed}</bpmn:activationCondition>"
    )
    body = S + gate("g", "parallel") + user("A") + user("B") + user("C")
    body += node("complexGateway", "j", condition) + task("Z") + E
    arcs = "s->g; g->A; g->B; g->C; A->j; B->j; C->j; j->Z; Z->e"
    play = Play(program(process(body, arcs))).start()
    for count, name in enumerate("CAB", 1):
        play.complete(name)
        assert play.passed.get("Z", 0) == (count >= needed)
    assert play.ended == {"1": "completed"}


# loops around joins, nested


@pytest.mark.parametrize("kind", ["parallel", "inclusive"])
@pytest.mark.parametrize("laps", [1, 4])
def test_nested_blocks_in_a_loop(kind: str, laps: int) -> None:
    body = S + gate("m") + gate("f", kind) + user("A") + gate("g", kind) + user("B") + user("C")
    body += gate("h", kind) + gate("j", kind) + gate("x").replace('"x"', '"x" default="d"', 1) + E
    condition = " [true]" if kind == "inclusive" else ""
    arcs = (
        f"s->m; m->f; f->A{condition}; f->g{condition}; g->B{condition}; g->C{condition}; B->h; "
        "C->h; A->j; h->j; j->x; x->m [more]; x->e {d}"
    )
    play = Play(program(process(body, arcs))).start()
    for lap in range(1, laps + 1):
        for name in ("ABC", "CAB", "BCA", "CBA")[lap % 4]:
            assert play.open != []
            play.complete(name, more=lap < laps)
    assert play.passed == {"A": laps, "B": laps, "C": laps}
    assert play.ended == {"1": "completed"}


def test_branch_that_loops_before_the_join_holds_it_back() -> None:
    body = S + gate("f", "parallel") + user("A") + gate("m") + user("B")
    body += gate("x").replace('"x"', '"x" default="d"', 1) + gate("j", "parallel") + task("Z") + E
    arcs = "s->f; f->A; f->m; m->B; B->x; x->m [again]; x->j {d}; A->j; j->Z; Z->e"
    play = Play(program(process(body, arcs))).start()
    play.complete("A")
    for again in (True, True, False):
        assert "Z" not in play.passed
        play.complete("B", again=again)
    assert play.passed == {"A": 1, "B": 3, "Z": 1}


def test_or_join_counts_tokens_that_can_still_come_over_a_loop() -> None:
    body = S + gate("f", "inclusive") + user("A") + user("B") + gate("m")
    body += gate("x").replace('"x"', '"x" default="d"', 1) + gate("j", "inclusive") + task("Z") + E
    arcs = "s->f; f->A [true]; f->m [true]; m->B; B->x; x->m [again]; x->j {d}; A->j; j->Z; Z->e"
    play = Play(program(process(body, arcs))).start()
    play.complete("A")
    play.complete("B", again=True)
    assert "Z" not in play.passed
    play.complete("B", again=False)
    assert play.passed["Z"] == 1


def test_a_thousand_laps() -> None:
    body = S + gate("m") + user("A") + gate("x").replace('"x"', '"x" default="d"', 1) + E
    play = Play(program(process(body, "s->m; m->A; A->x; x->m [more]; x->e {d}")), fresh=False)
    play.start()
    with within(30):
        for lap in range(1000):
            play.do("complete", play.case.open_tasks()[0], {"more": lap < 999})
    assert play.passed == {"A": 1000}
    assert play.ended == {"1": "completed"}


def test_automatic_loop_of_a_thousand_laps() -> None:
    loop = '<bpmn:standardLoopCharacteristics loopMaximum="1000"/>'
    play = Play(program(process(S + node("task", "A", loop) + E, "s->A; A->e"))).start()
    assert play.passed == {"A": 1000}


def test_twelve_blocks_of_three() -> None:
    body, arcs = S, "s->f0"
    for n in range(12):
        body += gate(f"f{n}", "parallel") + gate(f"j{n}", "parallel")
        for b in range(3):
            body += user(f"u{n}_{b}")
            arcs += f"; f{n}->u{n}_{b}; u{n}_{b}->j{n}"
        arcs += f"; j{n}->{f'f{n + 1}' if n < 11 else 'e'}"
    with within(30):
        play = Play(program(process(body + E, arcs)), fresh=False).start()
        while play.open:
            for task_ in list(play.case.open_tasks()):
                play.do("complete", task_, {})
    assert len(play.passed) == 36
    assert play.ended == {"1": "completed"}


# repeated activities of every kind


@pytest.mark.parametrize("how", ["parallel", "sequential", "loop"])
@pytest.mark.parametrize("what", ["task", "userTask", "subProcess", "transaction", "callActivity"])
def test_each_activity_can_be_repeated(what: str, how: str) -> None:
    called = process(
        node("startEvent", "qs") + user("in") + node("endEvent", "qe"), "qs->in; in->qe", "Q"
    )
    loop = (
        '<bpmn:standardLoopCharacteristics loopMaximum="3"/>'
        if how == "loop"
        else many("=[1, 2, 3]", sequential=how == "sequential")
    )
    inner = node("startEvent", "is") + user("in") + node("endEvent", "ie")
    inner += flows("is->in; in->ie", "sp")
    made = {
        "task": node("task", "A", loop),
        "userTask": user("in", inner=loop),
        "subProcess": node("subProcess", "A", loop + inner),
        "transaction": node("transaction", "A", loop + inner),
        "callActivity": node("callActivity", "A", loop, calledElement="Q"),
    }[what]
    first = "in" if what == "userTask" else "A"
    body = S + made + task("after") + E
    play = Play(program(process(body, f"s->{first}; {first}->after; after->e"), called)).start()
    if what != "task":
        for left in (3, 2, 1):
            assert len(play.open) == (left if how == "parallel" else 1)
            play.complete("in")
    assert play.passed == {"A" if what == "task" else "in": 3, "after": 1}
    assert play.ended == {"1": "completed"}


@pytest.mark.parametrize("outer", [True, False], ids=["sequential", "parallel"])
@pytest.mark.parametrize("inner", [True, False], ids=["of sequential", "of parallel"])
def test_repeated_inside_repeated(outer: bool, inner: bool) -> None:
    held = node("startEvent", "is") + user("A", inner=many("=[1, 2]", "j", sequential=inner))
    held += node("endEvent", "ie")
    body = S + sub("sp", held, "is->A; A->ie", loop=many("=[1, 2, 3]", "i", sequential=outer))
    play = Play(program(process(body + task("Z") + E, "s->sp; sp->Z; Z->e"))).start()
    assert len(play.open) == (1 if outer else 3) * (1 if inner else 2)
    for _ in range(6):
        play.complete("A")
    assert play.passed == {"A": 6, "Z": 1}
    assert play.ended == {"1": "completed"}


@pytest.mark.parametrize(
    "items", ["=[]", "=null", "=1", "=items"], ids=["empty", "null", "one", "unknown"]
)
def test_collections_that_are_no_lists(items: str) -> None:
    play = Play(program(process(S + node("task", "A", many(items)) + E, "s->A; A->e")))
    if items == "=[]":
        assert play.start().ended == {"1": "completed"}
        return
    with pytest.raises(Fault) as fault:
        play.start()
    assert fault.value.element_id == "A"


@pytest.mark.parametrize(
    ("number", "passed"), [("3", 3), ("=1 + 1", 2), ("0", 0), ("-1", None), ('="x"', None)]
)
def test_loop_cardinality(number: str, passed: int | None) -> None:
    drawn = (
        "<bpmn:multiInstanceLoopCharacteristics>"
        f"<bpmn:loopCardinality>{number}</bpmn:loopCardinality>"
        "</bpmn:multiInstanceLoopCharacteristics>"
    )
    text = process(S + node("task", "A", drawn) + task("Z") + E, "s->A; A->Z; Z->e")
    if passed is None:
        if not findings(text):
            with pytest.raises(Fault):
                Play(program(text)).start()
        return
    play = Play(program(text)).start()
    assert play.passed.get("A", 0) == passed
    assert play.passed["Z"] == 1


def test_second_lap_of_a_repeated_sub_process_with_timers() -> None:
    held = node("startEvent", "is") + user("A") + boundary("b", "A", "timer P1D", cancels=False)
    held += task("chase") + node("endEvent", "ie") + node("endEvent", "ie2")
    body = S + gate("m") + sub("sp", held, "is->A; A->ie; b->chase; chase->ie2",
                               loop=many("=[1, 2]")) + gate("x") + E  # fmt: skip
    body = body.replace('id="x"', 'id="x" default="d"')
    play = Play(program(process(body, "s->m; m->sp; sp->x; x->m [more]; x->e {d}", more="true")))
    play.start()
    for lap in (1, 2):
        play.advance(days=2)
        assert play.passed["chase"] == 2 * lap
        play.do("complete", play.case.open_tasks()[0], {})
        play.do("complete", play.case.open_tasks()[0], {"more": lap < 2})
    assert play.ended == {"1": "completed"}
    assert play.case.next_due() is None


# starting gateways, recursion, buffers


def started_by_a_gateway(kind: str, second: str = "") -> str:
    begin = node("eventBasedGateway", "qg", instantiate="true", eventGatewayType=kind)
    begin += catch("c1", "message note") + (second or catch("c2", "signal alarm"))
    begin += user("q1") + user("q2") + node("endEvent", "qe") + node("endEvent", "qe2")
    return process(begin, "qg->c1; qg->c2; c1->q1; c2->q2; q1->qe; q2->qe2", "Q")


def test_event_gateway_that_waits_for_all_is_refused_by_name() -> None:
    found = findings(started_by_a_gateway("Parallel"))
    assert set(found) == {("instantiating-event-gateway", "qg")}


def test_event_gateway_starts_a_process_only_with_what_others_send() -> None:
    found = findings(started_by_a_gateway("Exclusive", catch("c2", "timer P1D")))
    assert set(found) == {("instantiating-event-gateway", "qg")}


@pytest.mark.parametrize(("how", "follows"), [("message", "q1"), ("signal", "q2")])
def test_first_event_behind_a_starting_gateway_begins_an_instance(how: str, follows: str) -> None:
    assert findings(started_by_a_gateway("Exclusive")) == []
    other = process(S + user("A") + E, "s->A; A->e")
    play = Play(program(other, started_by_a_gateway("Exclusive"))).start()
    play.do(how, {"message": "note", "signal": "alarm"}[how], *([{}] if how == "message" else []))
    assert [e.process for e in play.told(InstanceStarted)] == ["P", "Q"]
    assert sorted(one.element for one in play.open_tasks()) == sorted(["A", follows])
    play.complete(follows)
    assert play.ended == {"2": "completed"}


def test_process_that_calls_itself_stops_with_an_incident() -> None:
    body = S + node("callActivity", "c", calledElement="P") + E
    assert findings(process(body, "s->c; c->e")) == [("self-call", "c")]
    body += gate("x").replace('"x"', '"x" default="d"', 1)
    play = Play(program(process(body, "s->x; x->c [true]; x->e {d}; c->e")))
    with pytest.raises(Fault) as fault:
        play.start()
    assert fault.value.element_id == "c"


def test_process_that_calls_itself_until_it_is_done() -> None:
    body = S + gate("x").replace('"x"', '"x" default="d"', 1) + task("A") + E
    call = node(
        "callActivity", "c",
        '<bpmn:extensionElements><zeebe:ioMapping><zeebe:input source="=n - 1" target="n"/>'
        "</zeebe:ioMapping></bpmn:extensionElements>",
        calledElement="P",
    )  # fmt: skip
    play = Play(program(process(body + call, "s->A; A->x; x->c [n > 0]; x->e {d}; c->e"))).start(
        n=5
    )
    assert play.passed == {"A": 6}
    assert play.ended == {"1": "completed"}


def test_messages_kept_are_taken_in_the_order_they_came() -> None:
    body = S + catch("w", "timer PT1H") + catch("c1", "message note") + task("A")
    body += catch("c2", "message note") + task("B") + E
    play = Play(program(process(body, "s->w; w->c1; c1->A; A->c2; c2->B; B->e"))).start()
    play.message("note")
    play.message("note")
    play.advance(hours=1)
    assert play.passed == {"A": 1, "B": 1}
    assert play.ended == {"1": "completed"}


# cancellation patterns (WCP 19, 20, 25, 26)


def test_cancelling_a_region_withdraws_tasks_timers_and_handlers() -> None:
    inner = node("startEvent", "is") + gate("g", "parallel") + user("A") + user("B")
    inner += boundary("bt", "A", "timer P1D") + user("late") + node("endEvent", "ie")
    inner += handler("h", "message note", interrupts=False)
    held = sub("sp", inner, "is->g; g->A; g->B; A->ie; B->ie; bt->late; late->ie")
    body = S + held + boundary("b", "sp", "message stop") + user("C") + E
    play = Play(program(process(body, "s->sp; sp->e; b->C; C->e"))).start()
    play.message("stop")
    assert play.open == ["C"]
    assert play.case.next_due() is None
    play.message("note")
    assert "h_done" not in play.passed
    play.complete("C")
    assert play.ended == {"1": "completed"}


def test_interrupted_handler_is_withdrawn_with_its_scope() -> None:
    inner = node("startEvent", "is") + user("A") + node("endEvent", "ie")
    inner += handler("h", "message note", interrupts=False, body=user("H"), arcs="h_s->H; H->h_e")
    body = S + sub("sp", inner, "is->A; A->ie") + boundary("b", "sp", "timer P1D") + task("Z") + E
    play = Play(program(process(body, "s->sp; sp->e; b->Z; Z->e"))).start()
    play.message("note")
    assert play.open == ["A", "H"]
    play.advance(days=1)
    assert play.open == []
    assert play.ended == {"1": "completed"}


def test_interrupting_handler_ends_the_others_and_listens_no_more() -> None:
    inner = S + user("A") + E
    inner += handler(
        "h1", "message note", interrupts=False, body=user("H1"), arcs="h1_s->H1; H1->h1_e"
    )
    inner += handler("h2", "message stop", body=user("H2"), arcs="h2_s->H2; H2->h2_e")
    play = Play(program(process(inner, "s->A; A->e"))).start()
    play.message("note")
    play.message("stop")
    assert play.open == ["H2"]
    play.message("note")
    assert play.open == ["H2"]
    play.complete("H2")
    assert play.ended == {"1": "completed"}


def test_nested_event_sub_processes_catch_inside_first() -> None:
    deepest = node("startEvent", "is") + end("ie", "escalation up")
    deepest += handler("h1", "escalation up", interrupts=False)
    body = S + sub("sp", deepest, "is->ie") + E + handler("h2", "escalation up", interrupts=False)
    play = Play(program(process(body, "s->sp; sp->e"))).start()
    assert play.passed == {"h1_done": 1}
    assert play.ended == {"1": "completed"}


def test_timer_of_an_event_sub_process_counts_from_the_scopes_begin() -> None:
    body = S + catch("w", "timer P1D") + sub(
        "sp",
        node("startEvent", "is") + user("A") + node("endEvent", "ie") + handler("h", "timer P2D"),
        "is->A; A->ie",
    ) + E  # fmt: skip
    play = Play(program(process(body, "s->w; w->sp; sp->e"))).start()
    play.advance(days=2.5)
    assert play.open == ["A"]
    play.advance(days=1)
    assert play.passed == {"h_done": 1}
    assert play.ended == {"1": "completed"}


def test_signal_start_and_boundary_at_once() -> None:
    other = process(start("qs", "signal alarm") + task("q") + node("endEvent", "qe"),
                    "qs->q; q->qe", "Q")  # fmt: skip
    body = S + gate("g", "parallel") + user("A") + boundary("b", "A", "signal alarm") + task("B")
    body += catch("c", "timer PT1H") + throw("t", "signal alarm") + E + E2
    arcs = "s->g; g->A; A->e; b->B; B->e; g->c; c->t; t->e2"
    play = Play(program(process(body, arcs), other)).start()
    play.advance(hours=1)
    assert play.passed == {"B": 1, "q": 1}
