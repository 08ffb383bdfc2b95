"""Rules on references within a file: each row a wrong drawing and the right one beside it."""

from __future__ import annotations

import pytest

from app.validation import deployment
from tests.engine.tiny import END, START, diagram, document, node, process, said, task, timed, user

OK = diagram(user("a"), flows="start>a a>end")
OTHER = process('<startEvent id="s2"/>', '<endEvent id="e2"/>', flows="s2>e2", id="q")


def pooled(source: str, target: str) -> bytes:
    pools = '<participant id="A" processRef="p"/><participant id="B" processRef="q"/>'
    flow = f'<messageFlow id="mf" sourceRef="{source}" targetRef="{target}"/>'
    return document(
        f'<collaboration id="c">{pools}{flow}</collaboration>',
        process(START, user("a"), END, flows="start>a a>end"), OTHER,
    )  # fmt: skip


def listing(flow: str) -> bytes:
    held = f"<incoming>start_a</incoming><outgoing>{flow}</outgoing>"
    content = diagram(user("a", held), flows="start>a a>end")
    return content.replace(
        b'<startEvent id="start"/>',
        b'<startEvent id="start"><outgoing>start_a</outgoing></startEvent>',
    ).replace(b'<endEvent id="end"/>', b'<endEvent id="end"><incoming>a_end</incoming></endEvent>')


def laned(flow_node: str) -> bytes:
    lane = f'<laneSet><lane id="l"><flowNodeRef>{flow_node}</flowNodeRef></lane></laneSet>'
    return document(process(lane, START, user("a"), END, flows="start>a a>end"))


def directed(direction: str) -> bytes:
    return diagram(
        node("parallelGateway", "x", gatewayDirection=direction), task("a"), task("b"),
        flows="start>x x>a x>b a>end b>end",
    )  # fmt: skip


def failing(code: str) -> bytes:
    stop = node("endEvent", "stop", '<errorEventDefinition errorRef="e"/>')
    return document(f'<error id="e" name="bad"{code}/>', process(START, stop, flows="start>stop"))


def noted(item: str, more: str = "") -> bytes:
    wait = node("intermediateCatchEvent", "c", '<messageEventDefinition messageRef="m"/>')
    return document(
        f'<itemDefinition id="i"/>{more}<message id="m" name="note"{item}/>',
        process(START, wait, END, flows="start>c c>end"),
    )


def stored() -> bytes:
    """A task that reads a data store."""
    held = (
        '<ioSpecification><dataInput id="i"/><inputSet><dataInputRefs>i</dataInputRefs></inputSet>'
        "<outputSet/></ioSpecification>"
        '<dataInputAssociation id="d"><sourceRef>store</sourceRef><targetRef>i</targetRef>'
        "</dataInputAssociation>"
    )
    store = '<dataStoreReference id="store" name="Register"/>'
    return diagram(store, user("a", held), flows="start>a a>end")


def edged(interrupts: str) -> bytes:
    event = node(
        "boundaryEvent", "b", timed("duration", "P1D"), attachedToRef="a", cancelActivity=interrupts
    )
    return diagram(user("a"), event, flows="start>a a>end b>end")


def assigned(extra: str = "", more: str = "") -> bytes:
    zeebe = f'<zeebe:assignmentDefinition candidateGroups="a"{extra}/>{more}'
    held = f"<extensionElements>{zeebe}</extensionElements>"
    return diagram(node("userTask", "a", held), flows="start>a a>end")


ROWS = {
    "groups said twice the same": (
        "given-twice", "a", assigned(' zeebe:candidateGroups="a"'), assigned()),
    "a lane of nobody": ("dangling-reference", "l", laned("ghost"), laned("a")),
    "a pool of no process": (
        "dangling-reference", "A", pooled("a", "s2").replace(b'"p"/>', b'"ghost"/>'),
        pooled("a", "s2")),
    "a list of other flows": ("flow-references", "a", listing("ghost"), listing("a_end")),
    "a message within a pool": ("message-flow", "mf", pooled("a", "end"), pooled("a", "s2")),
    "a message to nobody": ("message-flow", "mf", pooled("a", "ghost"), pooled("a", "B")),
    "a message to a gateway": (
        "message-flow", "mf",
        pooled("a", "s2").replace(b'<userTask id="a"', b'<parallelGateway id="a"')
        .replace(b"</userTask>", b"</parallelGateway>"), pooled("a", "s2")),
    "a message that holds an item": ("message-item", "m", noted(' itemRef="i"'), noted("")),
    "a conversation": (
        "only-shown", "k", pooled("a", "s2").replace(
            b"</collaboration>", b'<conversation id="k"/></collaboration>'), pooled("a", "s2")),
    "a message that nothing uses": (
        "global", "m2", noted("", '<message id="m2" name="other"/>'), noted("")),
    "a message declared twice": (
        "global", "m", noted("", '<message id="m2" name="note"/>'), noted("")),
    "a flow without an id": (
        "flow-without-id", "start__to__a", OK.replace(b'id="start_a" ', b""), OK),
    "an import": (
        "import-not-followed", "p",
        OK.replace(b"<process", b'<import namespace="urn:x" location="http://x/y.bpmn" '
                                b'importType="urn:t"/><process'), OK),
    "a gateway that misnames itself": (
        "gateway-direction", "x", directed("Converging"), directed("Diverging")),
    "data drawn in the standard's way": ("data-not-carried-out", "a", stored(), OK),
    "a truth value as a number": ("truth-as-number", "b", edged("1"), edged("true")),
    "a process that is not to run": (
        "not-executable", "p", OK.replace(b'isExecutable="true"', b'isExecutable="false"'), OK),
    "an error without a code": ("code-missing", "p", failing(""), failing(' errorCode="E"')),
}  # fmt: skip


@pytest.mark.parametrize(("rule", "element", "wrong", "right"), ROWS.values(), ids=ROWS.keys())
def test_the_wrong_file_is_told_and_the_right_one_is_not(
    rule: str, element: str, wrong: bytes, right: bytes
) -> None:
    found = said(wrong, rule)
    assert element in {one.element_id for one in found}
    assert {one.severity for one in found} == {"warning"}
    assert all(one.line for one in found)
    assert not said(right, rule)
    assert deployment.check({"a.bpmn": right}).program is not None


def test_a_process_that_no_pool_shows_may_send_to_one() -> None:
    content = pooled("a", "s2").replace(b'<participant id="A" processRef="p"/>', b"")
    assert not said(content, "message-flow")


def test_a_file_without_a_process_says_so() -> None:
    assert said(document('<message id="m" name="n"/>'), "no-process")


#: facts that are written twice and differ: what the editor shows is not what runs
TWICE = {
    "with a prefix beside it": assigned(' zeebe:candidateGroups="b"'),
    "with a prefix alone": assigned(' zeebe:assignee="=b"'),
    "two definitions": assigned(more='<zeebe:assignmentDefinition candidateGroups="b"/>'),
    "two forms": assigned(
        more='<zeebe:formDefinition formId="f"/><zeebe:formDefinition formId="g"/>'
    ),
    "two properties of a name": assigned(
        more='<zeebe:properties><zeebe:property name="people" value="1"/>'
        '<zeebe:property name="people" value="2"/></zeebe:properties>'
    ),
    "two lists of properties": assigned(
        more='<zeebe:properties><zeebe:property name="people" value="1"/></zeebe:properties>'
        '<zeebe:properties><zeebe:property name="label" value="x"/></zeebe:properties>'
    ),
    "two outputs to one target": assigned(
        more='<zeebe:ioMapping><zeebe:output source="=1" target="v"/>'
        '<zeebe:output source="=2" target="v"/></zeebe:ioMapping>'
    ),
    "Camunda 7 beside Camunda 8": assigned().replace(
        b"<userTask ", b'<userTask camunda:candidateGroups="b" '
    ),
}


@pytest.mark.parametrize("kind", TWICE)
def test_a_fact_that_is_given_twice_and_differs_is_refused(kind: str) -> None:
    told = said(TWICE[kind], "given-twice")
    assert [one.element_id for one in told] == ["a"]
    assert {one.severity for one in told} == {"error"}


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(assigned(), id="once"),
        pytest.param(
            assigned(
                more='<zeebe:ioMapping><zeebe:input source="=1" target="v"/>'
                '<zeebe:output source="=2" target="v"/></zeebe:ioMapping>'
            ),
            id="in and out",
        ),
    ],
)
def test_what_is_given_once_is_not_told(content: bytes) -> None:
    assert not said(content, "given-twice")
