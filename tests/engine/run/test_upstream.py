"""Faults of the library that this floor answers, shown on the library as it comes.

A row that fails after a new version of the library says: that fault is cured, look at the override.
"""

from __future__ import annotations

import sys
from typing import Any

import pytest
from lxml import etree
from SpiffWorkflow.bpmn import BpmnEvent, BpmnWorkflow
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.exceptions import WorkflowException
from SpiffWorkflow.util.task import TaskState

from tests.limits import within

from .kit import (
    HEAD,
    ROOTS,
    E,
    S,
    boundary,
    catch,
    end,
    gate,
    node,
    process,
    start,
    user,
)


def plain(text: str) -> Any:
    """The process on the library as it comes."""
    formal = 'xsi:type="bpmn:tFormalExpression">'
    text = text.replace(f"{formal}=", formal)
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.fromstring(f"{HEAD}{ROOTS}{text}</bpmn:definitions>"))
    flow = BpmnWorkflow(parser.get_spec("P"), parser.get_subprocess_specs("P"))
    flow.do_engine_steps()
    return flow


def do(flow: Any, name: str, **data: Any) -> None:
    found = [t for t in ready(flow) if t.task_spec.name == name]
    found[0].data.update(data)
    found[0].run()
    flow.do_engine_steps()


def ready(flow: Any) -> list[Any]:
    return list(flow.get_tasks(state=TaskState.READY, manual=True))


def names(flow: Any) -> list[str]:
    return sorted(t.task_spec.name for t in ready(flow))


def test_and_join_in_a_loop_fires_early() -> None:
    body = S + E + gate("m") + gate("g", "parallel") + gate("j", "parallel")
    body += gate("x", default="out") + user("A") + user("B") + user("lap")
    arcs = "s->m; m->g; g->A; g->B; A->j; B->j; j->lap; lap->x; x->m [again]; x->e {out}"
    flow = plain(process(body, arcs))
    for name in ("A", "B"):
        do(flow, name)
    do(flow, "lap", again=True)
    do(flow, "B")
    assert "lap" in names(flow)  # A of this lap is still open


def test_join_loses_what_the_other_branch_changed() -> None:
    body = S + E + gate("g", "parallel") + gate("j", "parallel") + user("A") + user("B")
    flow = plain(process(body + user("after"), "s->g; g->A; g->B; A->j; B->j; j->after; after->e"))
    for one in ready(flow):
        one.data["v"] = 1
    do(flow, "A", v=2)
    do(flow, "B")
    assert ready(flow)[0].data["v"] == 1


def test_signal_end_event_sends_nothing() -> None:
    body = S + gate("g", "parallel") + E + end("x", "signal alarm")
    body += catch("c", "signal alarm")
    flow = plain(process(body, "s->g; g->c; g->x; c->e"))
    assert not flow.is_completed()


def test_error_branch_of_an_event_sub_process_runs_unasked() -> None:
    inner = start("h_s", "error broken") + user("handle") + node("endEvent", "h_e")
    arcs = '<bpmn:sequenceFlow id="h1" sourceRef="h_s" targetRef="handle"/>'
    arcs += '<bpmn:sequenceFlow id="h2" sourceRef="handle" targetRef="h_e"/>'
    handler = node("subProcess", "h", inner + arcs, triggeredByEvent="true")
    assert "handle" in names(plain(process(S + E + user("A") + handler, "s->A; A->e")))


def test_boundary_message_fires_once() -> None:
    body = S + E + user("A") + boundary("b", "A", "message note", cancels=False) + user("noted")
    flow = plain(process(body + node("endEvent", "e2"), "s->A; A->e; b->noted; noted->e2"))
    event = BpmnEvent(MessageEventDefinition("note"), payload={})
    flow.send_event(event)
    flow.do_engine_steps()
    with pytest.raises(WorkflowException):
        flow.send_event(event)


def test_uncaught_error_counts_as_completed() -> None:
    assert plain(process(S + end("x", "error broken"), "s->x")).is_completed()


def test_blocks_in_a_row_blow_up() -> None:
    body, arcs, before = S + E, "", "s"
    for n in range(6):
        body += gate(f"g{n}", "parallel") + gate(f"j{n}", "parallel")
        arcs += f"{before}->g{n};"
        for k in range(3):
            body += user(f"t{n}_{k}")
            arcs += f"g{n}->t{n}_{k}; t{n}_{k}->j{n};"
        before = f"j{n}"
    with within(60):
        flow = plain(process(body, f"{arcs} {before}->e"))
    assert len(flow.tasks) > 3**6


def test_depth_limit_hides_an_open_task() -> None:
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(20_000)
    try:
        body = S + gate("m") + user("A") + gate("x", default="no") + E
        flow = plain(process(body, "s->m; m->A; A->x; x->m [again]; x->e {no}"))
        at = ready(flow)[0]
        for _ in range(340):
            at.data["again"] = True
            at.run()
            found = [t for t in flow.tasks.values() if t.state == TaskState.READY]
            while found and not found[0].task_spec.manual:
                found[0].run()
                found = [t for t in flow.tasks.values() if t.state == TaskState.READY]
            at = found[0]
        assert at.task_spec.name == "A"
        assert ready(flow) == []
    finally:
        sys.setrecursionlimit(limit)
