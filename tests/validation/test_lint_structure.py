"""Rules on how shapes hang together: each row a wrong drawing and the right one beside it."""

from __future__ import annotations

import pytest

from tests.engine.tiny import END, START, diagram, document, node, process, said, task, user

OK = diagram(user("a"), flows="start>a a>end")
INNER = (
    '<startEvent id="s2"/><endEvent id="e2"/><sequenceFlow id="f" sourceRef="s2" targetRef="e2"/>'
)

ROWS = {
    "a process without a start": (
        "start-event-required",
        "error",
        "p",
        document(process(user("a"), END, flows="a>end")),
        OK,
    ),
    "a sub-process without a start": (
        "start-event-required",
        "error",
        "s",
        diagram(node("subProcess", "s", task("i")), flows="start>s s>end"),
        diagram(node("subProcess", "s", INNER), flows="start>s s>end"),
    ),
    "a process without an end": (
        "end-event-required",
        "warning",
        "p",
        document(process(START, user("a"), flows="start>a")),
        OK,
    ),
    "an empty sub-process": (
        "empty-sub-process",
        "error",
        "s",
        diagram(node("subProcess", "s"), flows="start>s s>end"),
        diagram(node("subProcess", "s", INNER), flows="start>s s>end"),
    ),
    "a step joined to nothing": (
        "no-disconnected",
        "warning",
        "b",
        diagram(user("a"), task("b"), flows="start>a a>end"),
        OK,
    ),
    "a flow to nowhere": (
        "flow-end-missing",
        "error",
        "a_ghost",
        diagram(user("a"), flows="start>a a>ghost a>end"),
        OK,
    ),
    "a flow into a sub-process": (
        "flow-crosses-border",
        "error",
        "start_i",
        diagram(node("subProcess", "s", INNER + task("i")), flows="start>s start>i s>end"),
        diagram(node("subProcess", "s", INNER), flows="start>s s>end"),
    ),
    "a flow out of an end": (
        "flow-direction",
        "error",
        "end",
        diagram(user("a"), flows="start>a a>end end>a"),
        OK,
    ),
    "a flow into a start": (
        "flow-direction",
        "error",
        "start",
        diagram(user("a"), flows="start>a a>end a>start"),
        OK,
    ),
    "a flow to an event sub-process": (
        "flow-direction",
        "error",
        "s",
        diagram(node("subProcess", "s", INNER, triggeredByEvent="true"), flows="start>s s>end"),
        OK,
    ),
    "a flow drawn twice": (
        "no-duplicate-sequence-flows",
        "warning",
        "start_a",
        diagram(
            user("a"),
            '<sequenceFlow id="second" sourceRef="start" targetRef="a"/>',
            flows="start>a a>end",
        ),
        OK,
    ),
    "a step nothing leads to": (
        "no-implicit-start",
        "error",
        "b",
        diagram(user("a"), task("b"), flows="start>a a>end b>end"),
        OK,
    ),
    "a path that just stops": (
        "no-implicit-end",
        "warning",
        "b",
        diagram(user("a"), task("b"), flows="start>a start>b a>end"),
        OK,
    ),
    "a task without a label": (
        "label-required",
        "warning",
        "a",
        diagram(user("a", name=""), flows="start>a a>end"),
        OK,
    ),
    "a task named with a full stop": (
        "label-full-stop",
        "warning",
        "a",
        diagram(user("a", name="Check the form."), flows="start>a a>end"),
        diagram(user("a", name="Check the form"), flows="start>a a>end"),
    ),
    "a decision without a question": (
        "label-required",
        "warning",
        "x",
        diagram(
            node("exclusiveGateway", "x", name="", default="x_b"),
            user("a"),
            user("b"),
            flows="start>x x>a:=true x>b a>end b>end",
        ),
        diagram(
            node("exclusiveGateway", "x", default="x_b"),
            user("a"),
            user("b"),
            flows="start>x x>a:=true x>b a>end b>end",
        ),
    ),
    "a process without a drawing": (
        "no-bpmndi",
        "warning",
        "p",
        OK,
        OK.replace(
            b"</definitions>",
            b'<bpmndi:BPMNDiagram xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" '
            b'xmlns:di="http://www.omg.org/spec/DD/20100524/DI">'
            b'<bpmndi:BPMNPlane bpmnElement="p">'
            + b"".join(
                b'<bpmndi:BPMNShape bpmnElement="%s"><dc:Bounds x="%d" y="%d" width="%d" '
                b'height="%d"/></bpmndi:BPMNShape>' % shape
                for shape in (
                    (b"start", 0, 22, 36, 36),
                    (b"a", 90, 0, 100, 80),
                    (b"end", 244, 22, 36, 36),
                )
            )
            + b"".join(
                b'<bpmndi:BPMNEdge bpmnElement="%s"><di:waypoint x="%d" y="40"/>'
                b'<di:waypoint x="%d" y="40"/></bpmndi:BPMNEdge>' % edge
                for edge in ((b"start_a", 36, 90), (b"a_end", 190, 244))
            )
            + b"</bpmndi:BPMNPlane></bpmndi:BPMNDiagram></definitions>",
        ),
    ),
}


@pytest.mark.parametrize(
    ("rule", "severity", "element", "wrong", "right"), ROWS.values(), ids=ROWS.keys()
)
def test_the_wrong_drawing_is_told_and_the_right_one_is_not(
    rule: str, severity: str, element: str, wrong: bytes, right: bytes
) -> None:
    found = said(wrong, rule)
    assert element in {one.element_id for one in found}
    assert {one.severity for one in found} == {severity}
    assert all(one.line and one.sentence.endswith(".") for one in found)
    assert not said(right, rule)


def test_a_sketch_that_is_not_executable_has_no_errors_but_one() -> None:
    content = document(process(user("a"), executable="false"))
    checked = {one.rule: one.severity for one in said_all(content)}
    assert checked.pop("nothing-to-run") == "error"
    assert set(checked.values()) == {"warning"}
    assert "not-executable" in checked


def said_all(content: bytes):  # type: ignore[no-untyped-def]
    from tests.engine.tiny import findings

    return findings(content)


def test_a_sentence_names_the_element_by_its_label() -> None:
    content = diagram(user("a", name="Meet the family"), task("b"), flows="start>b b>end a>end")
    assert "user task “Meet the family”" in said(content, "no-implicit-start")[0].sentence
