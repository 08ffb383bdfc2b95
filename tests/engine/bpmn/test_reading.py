"""A drawing is read once, into values: nothing that runs or is told of it is lost."""

from __future__ import annotations

from typing import Any

import pytest

from app.bounded.verdict import outline, vanished_ids
from app.engine.bpmn.model import (
    AdHoc,
    Element,
    Flow,
    KeyPart,
    MultiInstance,
    Process,
    StandardLoop,
    Timer,
    Trigger,
)
from app.engine.bpmn.properties import ProcessRules, Rules
from app.engine.bpmn.reading.diagrams import read_diagram
from app.validation import deployment
from tests.engine.tiny import (
    END,
    FORMAL,
    START,
    diagram,
    document,
    extension,
    mapping,
    node,
    process,
    properties,
    task,
    timed,
    user,
)

DECLARED = (
    '<signal id="s1" name="alarm"/>',
    '<message id="m1" name="note"/>',
    '<message id="m2" name="answer"><extensionElements>'
    '<zeebe:subscription correlationKey="=child.id"/></extensionElements></message>',
    '<error id="e1" name="bad" errorCode="E-1"/>',
    '<escalation id="x1" name="up"/>',
    '<errorEventDefinition id="d1" errorRef="e1"/>',
)
KEY = (KeyPart("child.id"),)


def read(content: bytes, id: str = "p") -> Process:
    checked = deployment.check({"bpmn/t.bpmn": content})
    assert checked.program is not None, [one.sentence for one in checked.findings]
    return checked.program.processes[id]


def element(tag: str, inside: str = "", **attributes: str) -> Element:
    """That one element as it is read, whether or not it could run there."""
    content = document(
        *DECLARED, process(START, node(tag, "x", inside, **attributes), END, flows="start>x x>end")
    )
    ((drawn,), findings) = read_diagram("bpmn/t.bpmn", content)
    assert not findings
    return drawn.process.elements["x"]


def test_the_source_is_kept_byte_for_byte() -> None:
    content = diagram(user("a"), flows="start>a a>end") + b"<!-- last words -->\n"
    program = deployment.check({"bpmn/t.bpmn": content}).program
    assert program is not None
    assert program.files["bpmn/t.bpmn"] == content
    assert program.digest == deployment.digest({"bpmn/t.bpmn": content})


TRIGGERS = [
    pytest.param("<messageEventDefinition messageRef='m1'/>", Trigger("message", "note"),
                 id="a message by its name"),
    pytest.param("<messageEventDefinition messageRef='m2'/>", Trigger("message", "answer", key=KEY),
                 id="a message with a key"),
    pytest.param("<signalEventDefinition signalRef='s1'/>", Trigger("signal", "alarm"),
                 id="a signal by its name"),
    pytest.param("<errorEventDefinition errorRef='e1'/>", Trigger("error", "E-1"),
                 id="an error by its code"),
    pytest.param("<errorEventDefinition/>", Trigger("error"), id="every error"),
    pytest.param("<escalationEventDefinition escalationRef='x1'/>", Trigger("escalation", "up"),
                 id="an escalation without a code by its name"),
    pytest.param("<eventDefinitionRef>d1</eventDefinitionRef>", Trigger("error", "E-1"),
                 id="a definition by reference"),
    pytest.param(timed("duration", " =wait "), Trigger("timer", timer=Timer("duration", "=wait")),
                 id="a timer"),
    pytest.param(f"<conditionalEventDefinition><condition {FORMAL}>=x &gt; 1</condition>"
                 "</conditionalEventDefinition>", Trigger("conditional", condition="=x > 1"),
                 id="a condition as drawn"),
    pytest.param("<compensateEventDefinition activityRef='start'/>",
                 Trigger("compensate", activity="start"), id="what compensation undoes"),
    pytest.param("<compensateEventDefinition xmlns:tns='urn:t' activityRef='tns:start'/>",
                 Trigger("compensate", activity="start"), id="the same by its qualified name"),
    pytest.param("<linkEventDefinition name='L'/>", Trigger("link", "L"), id="a link"),
    pytest.param("<terminateEventDefinition/>", Trigger("terminate"), id="terminate"),
    pytest.param("<cancelEventDefinition/>", Trigger("cancel"), id="cancel"),
]  # fmt: skip


@pytest.mark.parametrize(("inside", "trigger"), TRIGGERS)
def test_an_event_definition_is_read_as_a_trigger(inside: str, trigger: Trigger) -> None:
    assert element("intermediateCatchEvent", inside).triggers == (trigger,)


def test_triggers_keep_the_order_drawn() -> None:
    inside = (
        "<signalEventDefinition signalRef='s1'/><messageEventDefinition messageRef='m2'/>"
        "<messageEventDefinition messageRef='m1'/><eventDefinitionRef>d1</eventDefinitionRef>"
    )
    drawn = element("intermediateCatchEvent", inside, parallelMultiple="1")
    assert [t.kind for t in drawn.triggers] == ["signal", "message", "message", "error"]
    assert (drawn.message, drawn.signal, drawn.error) == ("answer", "alarm", "E-1")
    assert drawn.parallel_multiple


WHILE = (
    '<standardLoopCharacteristics testBefore="true" loopMaximum="4">'
    f"<loopCondition {FORMAL}>=loopCounter &lt; 3</loopCondition></standardLoopCharacteristics>"
)
EACH = (
    '<multiInstanceLoopCharacteristics isSequential="true"><extensionElements>'
    '<zeebe:loopCharacteristics inputCollection="=people" inputElement="person"'
    ' outputCollection="found" outputElement="=answer"/></extensionElements>'
    f"<completionCondition {FORMAL}>=numberOfCompletedInstances > 1</completionCondition>"
    "</multiInstanceLoopCharacteristics>"
)
OPENS = f"<activationCondition {FORMAL}>=activationCount &gt; 1</activationCondition>"
FACTS = [
    pytest.param("receiveTask", {"messageRef": "m2"}, "",
                 {"triggers": (Trigger("message", "answer", key=KEY),)},
                 id="the message of a receive task"),
    pytest.param("receiveTask", {"messageRef": "m2", "instantiate": "true"}, "",
                 {"triggers": (Trigger("message", "answer"),), "instantiate": True},
                 id="one that starts the process has no key yet"),
    pytest.param("sendTask", {"messageRef": "m2"}, "",
                 {"triggers": (Trigger("message", "answer"),)}, id="nor has one that sends"),
    pytest.param("task", {"startQuantity": "2", "completionQuantity": "3"}, "",
                 {"start_quantity": 2, "completion_quantity": 3}, id="quantities"),
    pytest.param("task", {"completionQuantity": "0"}, "", {"completion_quantity": 0},
                 id="a quantity of nothing is as drawn"),
    pytest.param("task", {"isForCompensation": "1"}, "", {"for_compensation": True},
                 id="it undoes"),
    pytest.param("task", {}, WHILE,
                 {"standard_loop": StandardLoop("=loopCounter < 3", True, 4), "loop": None},
                 id="a standard loop"),
    pytest.param("task", {}, EACH,
                 {"loop": MultiInstance(True, "=people", "person", "found", "=answer",
                                        "=numberOfCompletedInstances > 1"), "standard_loop": None},
                 id="multi-instance"),
    pytest.param("eventBasedGateway", {"instantiate": "true"}, "", {"instantiate": True},
                 id="a gateway that starts the process"),
    pytest.param("complexGateway", {}, OPENS,
                 {"activation": "=activationCount > 1"}, id="an activation condition"),
    pytest.param("adHocSubProcess", {"ordering": "Sequential", "cancelRemainingInstances": "0"},
                 f"<completionCondition {FORMAL}>=done</completionCondition>",
                 {"ad_hoc": AdHoc("=done", True, False)}, id="an ad-hoc sub-process"),
    pytest.param("adHocSubProcess", {}, "", {"ad_hoc": AdHoc()}, id="one that says nothing more"),
    pytest.param("subProcess", {}, "", {"ad_hoc": None, "triggers": (), "start_quantity": 1},
                 id="a plain element"),
]  # fmt: skip


@pytest.mark.parametrize(("tag", "attributes", "inside", "facts"), FACTS)
def test_all_that_runs_is_among_the_values(
    tag: str, attributes: dict[str, str], inside: str, facts: dict[str, Any]
) -> None:
    drawn = element(tag, inside, **attributes)
    assert {name: getattr(drawn, name) for name in facts} == facts


def test_a_number_that_nobody_can_count_to_is_told_at_its_element() -> None:
    content = diagram(task("a", startQuantity="9" * 5000), flows="start>a a>end")
    (finding,) = deployment.check({"bpmn/t.bpmn": content}).findings
    assert (finding.rule, finding.element_id) == ("unreadable", "a")


def test_a_flow_that_only_an_extension_holds_is_none() -> None:
    hidden = extension('<zeebe:x><sequenceFlow id="f" sourceRef="a" targetRef="end"/></zeebe:x>')
    assert set(read(diagram(user("a", hidden), flows="start>a a>end")).flows) == {
        "start_a",
        "a_end",
    }


def test_a_handler_is_joined_to_its_event_whichever_way_the_line_is_drawn() -> None:
    edges = "".join(
        node("boundaryEvent", f"u{n}", "<compensateEventDefinition/>", attachedToRef="a")
        + task(f"undo{n}", isForCompensation="true")
        for n in (1, 2)
    )
    lines = (
        '<association id="l0" sourceRef="a" targetRef="undo1"/>'
        '<association id="l1" sourceRef="u1" targetRef="undo1"/>'
        '<association id="l2" sourceRef="undo2" targetRef="u2"/></process>'
    )
    content = document(
        process(START, task("a"), edges, END, flows="start>a a>end").replace("</process>", lines)
    )
    assert read(content).handlers == {"u1": ("undo1",), "u2": ("undo2",)}


def test_every_drawn_node_and_flow_keeps_its_id() -> None:
    value = read(diagram(user("a"), task("b"), flows="start>a a>b b>end"))
    assert list(value.elements) == ["start", "a", "b", "end"]
    assert list(value.flows) == ["start_a", "a_b", "b_end"]


def test_a_flow_without_an_id_is_given_one() -> None:
    content = diagram(user("a"), '<sequenceFlow sourceRef="start" targetRef="a"/>', flows="a>end")
    assert read(content).flows["start__to__a"] == Flow("start__to__a", "start", "a")


@pytest.mark.parametrize("attribute", ["true", "1"])
def test_executable_is_a_boolean_in_both_spellings(attribute: str) -> None:
    assert read(document(process(START, END, flows="start>end", executable=attribute))).executable


def test_two_files_may_call_different_messages_by_one_id() -> None:
    def one(id: str, name: str) -> bytes:
        start = node("startEvent", "go", '<messageEventDefinition messageRef="m"/>')
        held = process(start, END, flows="go>end", id=id)
        return document(f'<message id="m" name="{name}"/>', held)

    program = deployment.check({"a.bpmn": one("pa", "red"), "b.bpmn": one("pb", "blue")}).program
    assert program is not None
    assert program.processes["pa"].message_starts == {"red": "go"}
    assert program.processes["pb"].elements["go"].triggers == (Trigger("message", "blue"),)


def test_a_receive_task_that_starts_the_process_is_a_message_start() -> None:
    receive = node("receiveTask", "r", instantiate="true", messageRef="m1")
    value = read(document(*DECLARED, process(receive, END, flows="r>end")))
    assert value.message_starts == {"note": "r"}


def test_a_global_task_is_a_process_of_one_step() -> None:
    call = node("callActivity", "c", calledElement="g")
    content = document(
        '<globalUserTask id="g" name="Sign"/>', process(START, call, END, flows="start>c c>end")
    )
    value = read(content, "g")
    step = value.elements["g__task"]
    assert (step.kind, step.name) == ("userTask", "Sign")
    arrows = [(flow.source, flow.target) for flow in value.flows.values()]
    assert arrows == [("g__start", "g__task"), ("g__task", "g__finish")]
    assert value.start_groups is None


def test_notes_lanes_and_the_law_are_read_beside_what_runs() -> None:
    held = "<documentation>why</documentation>" + extension(properties({"basis": "the law"}))
    lanes = '<laneSet><lane id="l" name="Clerks"><flowNodeRef>a</flowNodeRef></lane></laneSet>'
    content = document(process(lanes, START, user("a", held), END, flows="start>a a>end"))
    a = read(content).elements["a"]
    assert (a.rules, a.documentation, a.lane) == (Rules(basis="the law"), "why", "Clerks")


def test_two_flows_without_id_between_the_same_steps_stay_two() -> None:
    bare = '<sequenceFlow sourceRef="start" targetRef="a"/>'
    value = read(diagram(user("a"), bare, bare, flows="a>end"))
    assert len(value.flows) == 3


@pytest.mark.parametrize(
    ("loop", "collection"),
    [
        (f"<loopCardinality {FORMAL}>3</loopCardinality>", "1..(3)"),
        ('<loopDataInputRef>people</loopDataInputRef><inputDataItem id="i"/>', "people"),
    ],
    ids=["cardinality", "the standard's input reference"],
)
def test_other_spellings_of_a_multi_instance_become_a_collection(
    loop: str, collection: str
) -> None:
    drawn = f"<multiInstanceLoopCharacteristics>{loop}</multiInstanceLoopCharacteristics>"
    value = read(diagram(user("a", drawn), flows="start>a a>end"))
    held = value.elements["a"].loop
    assert held is not None and collection in held.collection


def test_camunda_7_attributes_are_a_fall_back() -> None:
    old = user(
        "a",
        '<multiInstanceLoopCharacteristics camunda:collection="${people}"'
        ' camunda:elementVariable="person"/>',
        camunda__formKey="camunda-forms:bpmn:check.form",
        camunda__candidateGroups="clerk",
        camunda__assignee="ann",
        camunda__dueDate="2026-04-02",
    )
    value = read(diagram(old, flows="start>a a>end"))
    a = value.elements["a"]
    assert (a.form, a.groups, a.assignee, a.due) == ("check", "clerk", "ann", "2026-04-02")
    assert a.loop is not None and a.loop.collection == "=people" and a.loop.element == "person"


def test_the_dialect_is_read_whole() -> None:
    inside = extension(
        '<zeebe:formDefinition formId="check"/>',
        '<zeebe:assignmentDefinition assignee="=chosen" candidateGroups="clerk, lead"'
        ' candidateUsers="ann"/>',
        '<zeebe:taskSchedule dueDate="=today()"/>',
        mapping(in_x="=1", outcome="=answer"),
        properties({"status": "open", "not_done_by": "b"}),
    )
    a = read(diagram(user("a", inside), task("b"), flows="start>a a>b b>end")).elements["a"]
    assert (a.form, a.assignee, a.groups, a.users) == ("check", "=chosen", "clerk, lead", "ann")
    assert a.due == "=today()"
    assert [(m.source, m.target) for m in a.inputs] == [("=1", "x")]
    assert [(m.source, m.target) for m in a.outputs] == [("=answer", "outcome")]
    assert a.rules == Rules(status="open", not_done_by=("b",))


def test_a_process_says_how_it_starts_and_what_it_declares() -> None:
    inside = extension(properties({"start_groups": "clerk", "var:outcome": '="open"', "var:n": ""}))
    start = '<startEvent id="start">' + extension('<zeebe:formDefinition formId="new"/>')
    value = read(document(process(inside, start + "</startEvent>", END, flows="start>end")))
    assert (value.start_groups, value.start_form) == ("clerk", "new")
    assert value.variables == {"outcome": '"open"', "n": "null"}
    assert value.rules == ProcessRules(start_groups="clerk")


def test_a_call_says_what_it_calls_and_what_it_carries() -> None:
    call = node("callActivity", "c", extension(
        '<zeebe:calledElement processId="q" propagateAllChildVariables="false"/>'
    ))  # fmt: skip
    content = document(
        process(START, call, END, flows="start>c c>end"),
        process('<startEvent id="s2"/>', '<endEvent id="e2"/>', flows="s2>e2", id="q"),
    )
    c = read(content).elements["c"]
    assert (c.called_process, c.all_in, c.all_out) == ("q", True, False)


def test_steps_inside_a_sub_process_know_it() -> None:
    inner = '<startEvent id="s2"/>' + user("b") + '<endEvent id="e2"/>'
    inner += '<sequenceFlow id="f1" sourceRef="s2" targetRef="b"/>'
    inner += '<sequenceFlow id="f2" sourceRef="b" targetRef="e2"/>'
    edge = node("boundaryEvent", "late", timed("duration", "P5D"), attachedToRef="sub",
                cancelActivity="false")  # fmt: skip
    content = diagram(node("subProcess", "sub", inner), edge, flows="start>sub sub>end late>end")
    value = read(content)
    assert value.elements["b"].scope == "sub"
    late = value.elements["late"]
    assert late.timer == Timer("duration", "P5D")
    assert (late.attached_to, late.interrupting) == ("sub", False)


def test_processes_that_are_not_executable_are_left_out() -> None:
    content = document(
        process(START, END, flows="start>end"),
        process('<startEvent id="s2"/>', '<endEvent id="e2"/>', flows="s2>e2", id="q",
                executable="false"),
    )  # fmt: skip
    program = deployment.check({"a.bpmn": content}).program
    assert program is not None
    assert set(program.processes) == {"p"}


def test_the_digest_tells_sets_apart() -> None:
    one, other = {"a": b"bc", "d": b""}, {"a": b"b", "cd": b""}
    assert deployment.digest(one) != deployment.digest(other)
    assert deployment.digest(one) == deployment.digest(dict(reversed(one.items())))


def test_lost_ids_are_told() -> None:
    old = deployment.check({"a.bpmn": diagram(user("a"), flows="start>a a>end")}).program
    new = deployment.check({"a.bpmn": diagram(user("b"), flows="start>b b>end")}).program
    assert old is not None and new is not None
    assert [one.element_id for one in vanished_ids(outline(old), outline(new))] == ["a"]
    assert not vanished_ids(outline(old), outline(old))
