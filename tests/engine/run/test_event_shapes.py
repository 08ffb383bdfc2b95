"""Events of several triggers, links, terminate, compensation, cancel: in every scope."""

from __future__ import annotations

import re

import pytest

from app.engine.program import Program
from app.validation.gate import check

from .kit import (
    HEAD,
    ROOTS,
    Play,
    boundary,
    catch,
    definition,
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
WAIT = node("startEvent", "is") + user("in") + node("endEvent", "ie")
WAIT_ARCS = "is->in; in->ie"


def link(kind: str, id: str, name: str) -> str:
    return node(f"intermediate{kind}Event", id, f'<bpmn:linkEventDefinition name="{name}"/>')


def findings(text: str) -> list[tuple[str, str | None]]:
    checked = check({"bpmn/t.bpmn": f"{HEAD}{ROOTS}{text}</bpmn:definitions>".encode()})
    return [(f.rule, f.element_id) for f in checked.findings if f.severity == "error"]


# several triggers


@pytest.mark.parametrize("first", ["message", "signal"])
def test_boundary_of_several_triggers_catches_any(first: str) -> None:
    body = S + user("A") + boundary("b", "A", "message note", "signal alarm") + task("caught") + E
    play = Play(program(process(body, "s->A; A->e; b->caught; caught->e"))).start()
    play.message("note") if first == "message" else play.do("signal", "alarm")
    assert play.passed == {"caught": 1}
    assert play.ended == {"1": "completed"}


@pytest.mark.parametrize("cancels", [True, False], ids=["interrupting", "not"])
@pytest.mark.parametrize("every", [True, False], ids=["all", "any"])
def test_boundary_and_event_sub_process_of_several_triggers(every: bool, cancels: bool) -> None:
    triggers = definition("message note") + definition("signal alarm")
    more = {"parallelMultiple": "true"} if every else {}
    host = node("boundaryEvent", "b", triggers, attachedToRef="sp",
                cancelActivity=str(cancels).lower(), **more)  # fmt: skip
    begin = node("startEvent", "h_s", triggers, isInterrupting=str(cancels).lower(), **more)
    inner = begin + task("handled") + node("endEvent", "h_e")
    event_sub = node("subProcess", "h", inner + flows("h_s->handled; handled->h_e", "h"),
                     triggeredByEvent="true")  # fmt: skip
    outer = sub("sp", WAIT, WAIT_ARCS)
    for body, arcs, name in (
        (
            S + outer + host + task("caught") + E + E2,
            "s->sp; sp->e; b->caught; caught->e2",
            "caught",
        ),
        (WAIT + event_sub, WAIT_ARCS, "handled"),
    ):
        play = Play(program(process(body, arcs))).start()
        play.message("note")
        assert play.passed.get(name, 0) == (not every)
        play.do("signal", "alarm")
        fired = 1 if every or cancels else 2
        assert play.passed.get(name, 0) == fired
        assert play.open == ([] if cancels else ["in"])
        if not cancels:
            play.complete("in")
        assert play.ended == {"1": "completed"}


def test_end_event_of_several_results_gives_them_all() -> None:
    body = S + gate("g", "parallel") + catch("c1", "signal alarm") + task("one")
    body += catch("c2", "message note") + task("two") + catch("t", "timer PT1S") + E
    body += end("x", "signal alarm", "message note")
    arcs = "s->g; g->c1; g->c2; g->t; t->x; c1->one; one->e; c2->two; two->e"
    play = Play(program(process(body, arcs))).start()
    play.advance(seconds=2)
    assert play.passed == {"one": 1, "two": 1}
    assert play.ended == {"1": "completed"}


def test_start_of_several_triggers_begins_once_for_each() -> None:
    begin = start("qs", "message note", "signal alarm")
    other = process(begin + task("q") + node("endEvent", "qe"), "qs->q; q->qe", "Q")
    body = S + throw("t", "message note") + throw("u", "signal alarm") + E
    play = Play(program(process(body, "s->t; t->u; u->e"), other)).start()
    assert play.passed == {"q": 2}
    assert set(play.ended.values()) == {"completed"}


@pytest.mark.parametrize("second", ["message stop", "signal alarm"], ids=["message", "signal"])
def test_start_that_needs_every_trigger_goes_on_with_the_last(second: str) -> None:
    begin = node("startEvent", "qs", definition("message note") + definition(second),
                 parallelMultiple="true")  # fmt: skip
    other = process(begin + task("q") + node("endEvent", "qe"), "qs->q; q->qe", "Q")
    sends = throw("t", "message note") + catch("w", "timer PT1H") + throw("u", second)
    play = Play(program(process(S + sends + E, "s->t; t->w; w->u; u->e"), other)).start()
    assert play.passed == {}
    play.advance(hours=1)
    assert play.passed == {"q": 1}
    assert play.ended == {"1": "completed", "2": "completed"}
    play.message("note")
    assert play.passed == {"q": 1}


def test_start_that_needs_every_trigger_takes_both_from_one_step() -> None:
    begin = node("startEvent", "qs", definition("signal alarm") + definition("message stop"),
                 parallelMultiple="true")  # fmt: skip
    other = process(begin + task("q") + node("endEvent", "qe"), "qs->q; q->qe", "Q")
    sends = throw("t", "signal alarm") + throw("u", "message stop")
    play = Play(program(process(S + sends + E, "s->t; t->u; u->e"), other)).start()
    assert play.passed == {"q": 1}


# links


def test_several_throws_go_to_one_link_also_in_a_sub_process() -> None:
    body = node("startEvent", "is") + gate("g") + link("Throw", "l1", "A") + task("x")
    body += (
        link("Throw", "l2", "A") + link("Catch", "l3", "A") + task("after") + node("endEvent", "ie")
    )
    arcs = "is->g; g->l1 [left]; g->x {d}; x->l2; l3->after; after->ie"
    held = sub("sp", body.replace('id="g"', 'id="g" default="d"'), arcs)
    for left, passed in ((True, {"after": 1}), (False, {"x": 1, "after": 1})):
        play = Play(program(process(S + held + E, "s->sp; sp->e"))).start(left=left)
        assert play.passed == passed
        assert play.ended == {"1": "completed"}


def test_links_may_go_back() -> None:
    body = S + link("Catch", "l2", "again") + gate("m") + user("A") + gate("g")
    body += link("Throw", "l1", "again") + E
    body = body.replace('id="g"', 'id="g" default="d"')
    arcs = "s->m; l2->m; m->A; A->g; g->l1 [more]; g->e {d}"
    play = Play(program(process(body, arcs))).start(more=True)
    for more in (True, True, False):
        play.complete("A", more=more)
    assert play.passed == {"A": 3}
    assert play.ended == {"1": "completed"}


# terminate, in each scope


@pytest.mark.parametrize("shape", ["plain", "parallel", "sequential"])
def test_terminate_in_a_sub_process_ends_that_instance_only(shape: str) -> None:
    body = node("startEvent", "is") + gate("g", "parallel") + user("stay") + user("go")
    body += node("endEvent", "ie") + end("it", "terminate")
    arcs = "is->g; g->stay; g->go; stay->ie; go->it"
    loop = "" if shape == "plain" else many("=[1, 2]", sequential=shape == "sequential")
    play = Play(program(process(S + sub("sp", body, arcs, loop=loop) + task("after") + E,
                                "s->sp; sp->after; after->e"))).start()  # fmt: skip
    rounds = 1 if shape == "plain" else 2
    for left in range(rounds - 1, -1, -1):
        play.complete("go")
        waiting = ["go", "stay"] if left else []
        assert play.open == waiting
    assert play.passed == {"go": rounds, "after": 1}
    assert play.ended == {"1": "completed"}


def test_terminate_in_a_called_process_ends_the_called_one_only() -> None:
    called = process(node("startEvent", "qs") + gate("g", "parallel") + user("q1") + user("q2")
                     + node("endEvent", "qe") + end("qt", "terminate"),
                     "qs->g; g->q1; g->q2; q1->qe; q2->qt", "Q")  # fmt: skip
    body = S + node("callActivity", "c", calledElement="Q") + task("after") + E
    play = Play(program(process(body, "s->c; c->after; after->e"), called)).start()
    play.complete("q2")
    assert play.passed == {"q2": 1, "after": 1}
    assert play.ended == {"1": "completed"}


def test_terminate_in_an_event_sub_process_ends_the_handler_only() -> None:
    inner = start("h_s", "message note", isInterrupting="false") + gate("hg", "parallel")
    inner += user("h1") + user("h2") + node("endEvent", "he") + end("ht", "terminate")
    arcs = "h_s->hg; hg->h1; hg->h2; h1->he; h2->ht"
    held = node("subProcess", "h", inner + flows(arcs, "h"), triggeredByEvent="true")
    play = Play(program(process(S + user("A") + E + held, "s->A; A->e"))).start()
    play.message("note")
    play.complete("h2")
    assert play.open == ["A"]
    play.complete("A")
    assert play.ended == {"1": "completed"}


# compensation (10.7)


def undo(host: str) -> str:
    """A compensation boundary event on `host` with the handler task `undo_<host>`."""
    line = f'<bpmn:association id="as_{host}" sourceRef="cb_{host}" targetRef="undo_{host}"/>'
    event = node(
        "boundaryEvent", f"cb_{host}", "<bpmn:compensateEventDefinition/>", attachedToRef=host
    )
    return event + node("task", f"undo_{host}", isForCompensation="true") + line


def undoing(text: str) -> Program:
    """Associations stand behind everything else, says the schema."""
    lines = re.findall("<bpmn:association[^>]*/>", text)
    for line in lines:
        text = text.replace(line, "")
    return program(text.replace("</bpmn:process>", "".join(lines) + "</bpmn:process>"))


def compensate(id: str, ref: str = "", tag: str = "intermediateThrowEvent") -> str:
    more = f' activityRef="{ref}"' if ref else ""
    return node(tag, id, f"<bpmn:compensateEventDefinition{more}/>")


@pytest.mark.parametrize("by", ["throw", "end"])
@pytest.mark.parametrize(
    ("ref", "undone"), [("", {"undo_A": 1, "undo_B": 1}), ("A", {"undo_A": 1})], ids=["all", "one"]
)
def test_compensation_undoes_what_was_completed(by: str, ref: str, undone: dict[str, int]) -> None:
    tag = "intermediateThrowEvent" if by == "throw" else "endEvent"
    body = S + task("A") + task("B") + task("C") + undo("A") + undo("B") + compensate("t", ref, tag)
    arcs = "s->A; A->B; B->C; C->t"
    if by == "throw":
        body, arcs = body + E, arcs + "; t->e"
    play = Play(undoing(process(body, arcs))).start()
    assert play.passed == {"A": 1, "B": 1, "C": 1, **undone}
    assert play.ended == {"1": "completed"}


def test_compensation_leaves_alone_what_never_completed() -> None:
    body = S + gate("g", "parallel") + user("A") + undo("A") + task("B") + undo("B")
    body += compensate("t") + E + E2
    play = Play(undoing(process(body, "s->g; g->A; A->e; g->B; B->t; t->e2"))).start()
    assert play.passed == {"B": 1, "undo_B": 1}
    play.complete("A")
    assert play.passed == {"A": 1, "B": 1, "undo_B": 1}


@pytest.mark.parametrize("ref", ["", "sp"], ids=["all", "one"])
def test_compensation_of_a_sub_process_undoes_what_is_inside(ref: str) -> None:
    inner = node("startEvent", "is") + task("A") + undo("A") + node("endEvent", "ie")
    held = sub("sp", inner, "is->A; A->ie")
    play = Play(undoing(process(S + held + compensate("t", ref) + E, "s->sp; sp->t; t->e"))).start()
    assert play.passed == {"A": 1, "undo_A": 1}


def test_compensation_event_sub_process_replaces_the_handlers_inside() -> None:
    inner = node("startEvent", "is") + task("A") + undo("A") + node("endEvent", "ie")
    inner += handler("h", "compensate")
    held = sub("sp", inner, "is->A; A->ie")
    play = Play(undoing(process(S + held + compensate("t") + E, "s->sp; sp->t; t->e"))).start()
    assert play.passed == {"A": 1, "h_done": 1}


@pytest.mark.parametrize("tag", ["intermediateThrowEvent", "endEvent"])
def test_compensation_thrown_inside_a_sub_process_stays_inside(tag: str) -> None:
    inner = node("startEvent", "is") + task("A") + undo("A") + compensate("t", "", tag)
    arcs = "is->A; A->t"
    if tag != "endEvent":
        inner, arcs = inner + node("endEvent", "ie"), arcs + "; t->ie"
    body = S + task("B") + undo("B") + sub("sp", inner, arcs) + E
    play = Play(undoing(process(body, "s->B; B->sp; sp->e"))).start()
    assert play.passed == {"A": 1, "B": 1, "undo_A": 1}


def test_cancel_undoes_the_transaction_before_it_is_left() -> None:
    inner = node("startEvent", "is") + task("A") + undo("A") + end("ie", "cancel")
    held = node("transaction", "sp", inner + flows("is->A; A->ie", "sp"))
    body = (
        S + held + node("boundaryEvent", "b", "<bpmn:cancelEventDefinition/>", attachedToRef="sp")
    )
    play = Play(undoing(process(body + task("out") + task("after") + E,
                                "s->sp; sp->after; after->e; b->out; out->e"))).start()  # fmt: skip
    assert play.passed == {"A": 1, "undo_A": 1, "out": 1}


def test_compensation_of_several_instances_undoes_each() -> None:
    body = S + node("task", "A", many("=[1, 2, 3]")) + undo("A") + compensate("t") + E
    play = Play(undoing(process(body, "s->A; A->t; t->e"))).start()
    assert play.passed["undo_A"] in (1, 3)
    assert play.ended == {"1": "completed"}


# errors and escalations through calls, instances, handlers


@pytest.mark.parametrize("what", ["error broken", "escalation up"])
@pytest.mark.parametrize("depth", [1, 2, 3])
def test_thrown_codes_climb_to_the_nearest_catcher(what: str, depth: int) -> None:
    text, arcs = node("startEvent", "s0") + end("e0", what), "s0->e0"
    for level in range(1, depth + 1):
        inner = sub(f"sp{level}", text, arcs)
        text = node("startEvent", f"s{level}") + inner + node("endEvent", f"e{level}")
        arcs = f"s{level}->sp{level}; sp{level}->e{level}"
    text += boundary("b", f"sp{depth}", what) + task("caught")
    play = Play(program(process(text, arcs + f"; b->caught; caught->e{depth}"))).start()
    assert play.passed == {"caught": 1}
    assert play.ended == {"1": "completed"}


@pytest.mark.parametrize("sequential", [False, True], ids=["parallel", "sequential"])
@pytest.mark.parametrize("what", ["error broken", "escalation up"])
def test_catcher_of_all_instances(what: str, sequential: bool) -> None:
    inner = node("startEvent", "is") + user("A") + end("ie", what)
    held = sub("sp", inner, "is->A; A->ie", loop=many("=[1, 2, 3]", sequential=sequential))
    body = S + held + boundary("b", "sp", what) + task("caught") + E
    play = Play(program(process(body, "s->sp; sp->e; b->caught; caught->e"))).start()
    play.complete("A")
    assert play.open == []
    assert play.passed == {"A": 1, "caught": 1}
    assert play.ended == {"1": "completed"}


def test_escalation_beside_several_instances_is_caught_from_each() -> None:
    inner = (
        node("startEvent", "is") + throw("t", "escalation up") + user("A") + node("endEvent", "ie")
    )
    held = sub("sp", inner, "is->t; t->A; A->ie", loop=many("=[1, 2, 3]"))
    body = S + held + boundary("b", "sp", "escalation up", cancels=False) + task("caught") + E + E2
    play = Play(program(process(body, "s->sp; sp->e; b->caught; caught->e2"))).start()
    assert play.passed == {"caught": 3}
    assert play.open == ["A"] * 3


def test_event_sub_process_error_thrown_again_reaches_the_boundary() -> None:
    inner = node("startEvent", "is") + end("ie", "error broken")
    rest = task("first") + end("again", "error late")
    held = handler("h", "error broken", body=rest, arcs="h_s->first; first->again")
    inner += held.replace(node("endEvent", "h_e"), "")
    body = S + sub("sp", inner, "is->ie") + boundary("b", "sp", "error late") + task("second") + E
    play = Play(program(process(body, "s->sp; sp->e; b->second; second->e"))).start()
    assert play.passed == {"first": 1, "second": 1}
    assert play.ended == {"1": "completed"}
