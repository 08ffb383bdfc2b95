"""Rules on gateways and paths: each row a wrong drawing and the right one beside it."""

from __future__ import annotations

import pytest

from tests.engine.tiny import (
    diagram,
    document,
    extension,
    node,
    process,
    properties,
    said,
    task,
    timed,
    user,
)

OK = diagram(user("a"), flows="start>a a>end")
WAIT = timed("duration", "P1D")


def decision(flows: str, kind: str = "exclusiveGateway", **attributes: str) -> bytes:
    return diagram(node(kind, "x", **attributes), task("a"), task("b"), flows=flows)


MESSAGE = '<messageEventDefinition messageRef="m"/>'


def raced(catch: str, **attributes: str) -> bytes:
    """An event gateway between a receive task and a catch event."""
    return diagram(
        node("eventBasedGateway", "x", **attributes),
        node("receiveTask", "r", messageRef="m"), node("intermediateCatchEvent", "c", catch),
        flows="start>x x>r x>c r>end c>end", root='<message id="m" name="note"/>',
    )  # fmt: skip


def beside(ways: str) -> bytes:
    """Flows out of a task, one of them its default."""
    return diagram(
        task("x", default="x_b"), task("a"), task("b"), task("c"),
        flows=f"start>x {ways} a>end b>end c>end",
    )  # fmt: skip


RACE = diagram(
    node("eventBasedGateway", "x"),
    node("intermediateCatchEvent", "c", WAIT), node("intermediateCatchEvent", "d", WAIT),
    flows="start>x x>c x>d c>end d>end",
)  # fmt: skip


def joined(*nodes_and_flows: str) -> bytes:
    """Two tasks at once, a and b, and what follows them: nodes, and last their flows."""
    *nodes, flows = nodes_and_flows
    return diagram(
        node("parallelGateway", "x"), task("a"), task("b"), *nodes,
        flows=f"start>x x>a x>b {flows}",
    )  # fmt: skip


def answering(sent: str) -> bytes:
    """Begins something beside the process by the message m, and ends that by sending a message."""
    end = f'<messageEventDefinition messageRef="{sent}"/>'
    inner = '<startEvent id="s2" isInterrupting="false"><messageEventDefinition messageRef="m"/>'
    inner += f'</startEvent><endEvent id="e2">{end}</endEvent>'
    inner += '<sequenceFlow id="f" sourceRef="s2" targetRef="e2"/>'
    return diagram(
        user("a"), node("subProcess", "again", inner, triggeredByEvent="true"),
        flows="start>a a>end",
        root='<message id="m" name="ask"/><message id="other" name="answer"/>',
    )  # fmt: skip


GOOD = decision("start>x x>a:=true x>b a>end b>end", default="x_b")

ROWS = {
    "a way out without a condition": (
        "conditional-flows", "error", "x_b",
        decision("start>x x>a:=true x>b a>end b>end"), GOOD,
    ),
    "a single way out with a condition": (
        "single-conditional-flow", "warning", "x",
        decision("start>x x>a:=true a>b b>end"), GOOD,
    ),
    "a decision without a default": (
        "no-default-flow", "warning", "x",
        decision("start>x x>a:=n=1 x>b:=n=2 a>end b>end"), GOOD,
    ),
    "two plain opposites need no default": (
        "no-default-flow", "warning", "x",
        decision("start>x x>a:=n=1 x>b:=n=2 a>end b>end"),
        decision("start>x x>a:=late x>b:=not(late) a>end b>end"),
    ),
    "a default that does not leave": (
        "default-flow", "error", "x",
        decision("start>x x>a:=true x>b:=true a>end b>end", default="a_end"), GOOD,
    ),
    "a default with a condition": (
        "default-flow-condition", "warning", "x_b",
        decision("start>x x>a:=true x>b:=true a>end b>end", default="x_b"), GOOD,
    ),
    "a default beside a plain flow": (
        "dead-default-flow", "warning", "x_b",
        beside("x>a:=n=1 x>b x>c"), beside("x>a:=n=1 x>b x>c:=n=2"),
    ),
    "a default beside a plain flow, where nothing is decided": (
        "dead-default-flow", "warning", "x_b",
        beside("x>a:=n=1 x>b x>c"), beside("x>a x>b x>c"),
    ),
    "a condition behind a parallel gateway": (
        "condition-ignored", "warning", "x_a",
        decision("start>x x>a:=true x>b a>end b>end", "parallelGateway"), GOOD,
    ),
    "a condition behind an event": (
        "condition-on-event-flow", "error", "start_a",
        diagram(task("a"), flows="start>a:=true a>end"), OK,
    ),
    "several flows out of a task": (
        "no-implicit-split", "warning", "a",
        diagram(task("a"), task("b"), task("c"), flows="start>a a>b a>c b>end c>end"),
        diagram(task("a"), node("parallelGateway", "x"), task("b"), task("c"),
                flows="start>a a>x x>b x>c b>end c>end"),
    ),
    "several flows into a task": (
        "fake-join", "warning", "c",
        joined(task("c"), "a>c b>c c>end"),
        joined(node("parallelGateway", "j"), task("c"), "a>j b>j j>c c>end"),
    ),
    "a gateway that does nothing": (
        "superfluous-gateway", "warning", "x",
        diagram(node("exclusiveGateway", "x"), task("a"), flows="start>x x>a a>end"),
        diagram(task("a"), flows="start>a a>end"),
    ),
    "a gateway that joins and splits": (
        "no-gateway-join-fork", "warning", "j",
        joined(node("parallelGateway", "j"), task("c"), task("d"), "a>j b>j j>c j>d c>end d>end"),
        joined(node("parallelGateway", "j"), node("parallelGateway", "k"), task("c"), task("d"),
               "a>j b>j j>k k>c k>d c>end d>end"),
    ),
    "an event gateway in front of a task": (
        "event-gateway-target", "error", "x",
        diagram(
            node("eventBasedGateway", "x"), task("c"), node("intermediateCatchEvent", "d", WAIT),
            flows="start>x x>c x>d c>end d>end",
        ),
        RACE,
    ),
    "an event gateway with one event": (
        "event-based-gateway", "warning", "x",
        diagram(node("eventBasedGateway", "x"), node("intermediateCatchEvent", "c", WAIT),
                flows="start>x x>c c>end"),
        RACE,
    ),
    "an event gateway that mixes tasks and events": (
        "event-gateway-mixed", "warning", "x", raced(catch=MESSAGE), raced(catch=WAIT),
    ),
    "an event gateway that starts the process": (
        "instantiating-event-gateway", "error", "x",
        raced(catch=WAIT, instantiate="true"), raced(catch=WAIT),
    ),
    "an event gateway that waits for all": (
        "instantiating-event-gateway", "error", "x",
        raced(catch=WAIT, eventGatewayType="Parallel"), raced(catch=WAIT),
    ),
    "steps no start leads to": (
        "unreachable", "error", "b",
        diagram(task("a"), task("b"), task("c"), flows="start>a a>end b>c c>b"), OK,
    ),
    "a circle of steps that never wait": (
        "endless-loop", "error", "a",
        diagram(task("a"), task("b"), flows="start>a a>b b>a"),
        decision("start>a a>x x>a:=again x>b b>end", default="x_b"),
    ),
    "a task with a flow to itself": (
        "endless-loop", "error", "a",
        diagram(task("a"), flows="start>a a>a a>end"), OK,
    ),
    "a circle whose decision stays inside": (
        "endless-loop", "error", "x",
        diagram(node("exclusiveGateway", "x", default="x_b"), task("a"), task("b"),
                flows="start>x x>a:=true x>b a>x b>x"),
        decision("start>a a>x x>a:=again x>b b>end", default="x_b"),
    ),
    "a circle that waits but is never left": (
        "endless-loop", "warning", "a",
        diagram(user("a"), flows="start>a a>a"),
        diagram(user("a"), node("boundaryEvent", "t", WAIT, attachedToRef="a"),
                flows="start>a a>a t>end"),
    ),
    "a join behind an exclusive decision": (
        "starved-join", "warning", "j",
        diagram(node("exclusiveGateway", "x", default="x_b"), node("parallelGateway", "j"),
                task("a"), task("b"), flows="start>x x>a:=true x>b a>j b>j j>end"),
        diagram(node("parallelGateway", "x"), node("parallelGateway", "j"),
                task("a"), task("b"), flows="start>x x>a x>b a>j b>j j>end"),
    ),
    "a complex join that says nothing": (
        "no-complex-gateway", "error", "j",
        diagram(node("parallelGateway", "x"), node("complexGateway", "j"),
                task("a"), task("b"), flows="start>x x>a x>b a>j b>j j>end"),
        diagram(node("parallelGateway", "x"), node("complexGateway", "j",
                '<activationCondition xsi:type="tFormalExpression">=activationCount>=1'
                "</activationCondition>"),
                task("a"), task("b"), flows="start>x x>a x>b a>j b>j j>end"),
    ),
    "a process that always calls itself": (
        "self-call", "error", "c",
        diagram(node("callActivity", "c", calledElement="p"), flows="start>c c>end"),
        diagram(node("callActivity", "c", calledElement="p"), task("b"),
                node("exclusiveGateway", "x", default="x_b"),
                flows="start>x x>c:=n=1 x>b c>end b>end"),
    ),
    "what begins by a message and sends it again": (
        "self-trigger", "error", "e2", answering("m"), answering("other"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "severity", "element", "wrong", "right"), ROWS.values(), ids=ROWS.keys()
)
def test_the_wrong_drawing_is_told_and_the_right_one_is_not(
    rule: str, severity: str, element: str, wrong: bytes, right: bytes
) -> None:
    found = said(wrong, rule)
    assert element in {one.element_id for one in found}
    assert {one.severity for one in found} == {severity}
    assert not said(right, rule)


def test_two_processes_that_always_call_each_other_never_end() -> None:
    call = node("callActivity", "c", calledElement="q")
    back = node("callActivity", "d", calledElement="p")
    content = document(
        process('<startEvent id="s"/>', call, '<endEvent id="e"/>', flows="s>c c>e"),
        process('<startEvent id="s2"/>', back, '<endEvent id="e2"/>', flows="s2>d d>e2", id="q"),
    )
    assert {one.element_id for one in said(content, "self-call")} == {"c", "d"}


def test_a_circle_through_a_sub_process_that_waits_is_no_endless_loop() -> None:
    inner = '<startEvent id="s2"/>' + user("i") + '<endEvent id="e2"/>'
    inner += '<sequenceFlow id="f1" sourceRef="s2" targetRef="i"/>'
    inner += '<sequenceFlow id="f2" sourceRef="i" targetRef="e2"/>'
    content = diagram(node("subProcess", "s", inner), flows="start>s s>s")
    assert {one.severity for one in said(content, "endless-loop")} == {"warning"}


def test_a_circle_that_something_else_ends_is_fine() -> None:
    stop = '<startEvent id="s2"><messageEventDefinition messageRef="m"/></startEvent>'
    stop += '<endEvent id="e2"/><sequenceFlow id="f" sourceRef="s2" targetRef="e2"/>'
    content = diagram(
        user("a"), node("subProcess", "stop", stop, triggeredByEvent="true"),
        flows="start>a a>a", root='<message id="m" name="m"/>',
    )  # fmt: skip
    assert not said(content, "endless-loop")


def test_properties_of_a_gateway_are_no_reason_to_fail() -> None:
    held = extension(properties({"status": "open"}))
    content = diagram(node("exclusiveGateway", "x", held, default="x_end"), task("a"),
                      flows="start>x x>a:=true x>end a>end")  # fmt: skip
    assert not said(content, "check-failed")
