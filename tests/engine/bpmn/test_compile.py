"""A drawing as values, and the form of it that the engine below runs: nothing drawn is lost."""

from __future__ import annotations

import pytest
from lxml import etree

from app.engine.bpmn.model import Process
from app.engine.bpmn.names import b, local
from app.engine.bpmn.properties import ProcessRules, Rules
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

SIGNAL = '<signal id="s1" name="alarm"/>'
MESSAGE = '<message id="m1" name="note"/>'


def compiled(content: bytes, id: str = "p") -> tuple[Process, etree._Element]:
    checked = deployment.check({"bpmn/t.bpmn": content})
    assert checked.program is not None, [one.sentence for one in checked.findings]
    value = checked.program.processes[id]
    return value, etree.fromstring(value.compiled)


def arrows(root: etree._Element) -> set[str]:
    return {f"{f.get('sourceRef')}>{f.get('targetRef')}" for f in root.iter(b("sequenceFlow"))}


def by_id(root: etree._Element, id: str) -> etree._Element:
    return next(node for node in root.iter() if node.get("id") == id)


def test_every_drawn_node_and_flow_keeps_its_id() -> None:
    content = diagram(user("a"), task("b"), flows="start>a a>b b>end")
    value, root = compiled(content)
    ids = {node.get("id") for node in root.iter()}
    assert ids >= {*value.elements, *value.flows}
    assert set(value.elements) == {"start", "a", "b", "end"}


def test_the_source_is_kept_byte_for_byte() -> None:
    content = diagram(user("a"), flows="start>a a>end") + b"<!-- last words -->\n"
    program = deployment.check({"bpmn/t.bpmn": content}).program
    assert program is not None
    assert program.files["bpmn/t.bpmn"] == content
    assert program.digest == deployment.digest({"bpmn/t.bpmn": content})


def test_the_compiled_form_holds_no_drawing_no_notes_and_no_foreign_words() -> None:
    held = "<documentation>why</documentation>" + extension(properties({"basis": "the law"}))
    lanes = '<laneSet><lane id="l" name="Clerks"><flowNodeRef>a</flowNodeRef></lane></laneSet>'
    content = document(process(lanes, START, user("a", held), END, flows="start>a a>end"))
    value, root = compiled(content)
    kinds = {local(node) for node in root.iter()}
    assert kinds == {"definitions", "process", "startEvent", "userTask", "endEvent", "sequenceFlow"}
    a = value.elements["a"]
    assert (a.rules, a.documentation, a.lane) == (Rules(basis="the law"), "why", "Clerks")


def test_a_flow_without_an_id_is_given_one_and_runs() -> None:
    content = diagram(user("a"), '<sequenceFlow sourceRef="start" targetRef="a"/>', flows="a>end")
    value, root = compiled(content)
    assert value.flows["start__to__a"].target == "a"
    assert by_id(root, "start__to__a").get("sourceRef") == "start"


def test_two_flows_without_id_between_the_same_steps_stay_two() -> None:
    bare = '<sequenceFlow sourceRef="start" targetRef="a"/>'
    value, _ = compiled(diagram(user("a"), bare, bare, flows="a>end"))
    assert len(value.flows) == 3


@pytest.mark.parametrize("attribute", ["true", "1"])
def test_executable_is_a_boolean_in_both_spellings(attribute: str) -> None:
    value, root = compiled(document(process(START, END, flows="start>end", executable=attribute)))
    assert value.executable
    assert root[0].get("isExecutable") == "true"


@pytest.mark.parametrize(
    ("flows", "gateway"),
    [
        ("start>a a>b a>c b>end c>end", "parallelGateway"),
        ("start>a a>b:=x a>c:=y b>end c>end", "inclusiveGateway"),
        ("start>a a>b:=x a>c b>end c>end", "inclusiveGateway"),
    ],
    ids=["none conditional", "all conditional", "mixed"],
)
def test_several_flows_out_of_an_activity_become_a_gateway(flows: str, gateway: str) -> None:
    _, root = compiled(diagram(user("a"), task("b"), task("c"), flows=flows))
    assert local(by_id(root, "a__split")) == gateway
    assert {"a>a__split", "a__split>b", "a__split>c"} <= arrows(root)
    conditions = [f.findtext(b("conditionExpression")) for f in root.iter(b("sequenceFlow"))]
    if "a>c:" not in flows and gateway == "inclusiveGateway":
        assert "true" in conditions


def test_the_default_of_an_activity_is_the_default_of_its_gateway() -> None:
    content = diagram(
        user("a", default="a_c"), task("b"), task("c"), flows="start>a a>b:=x a>c b>end c>end"
    )
    value, root = compiled(content)
    assert value.flows["a_c"].default
    assert by_id(root, "a__split").get("default") == "a_c"
    assert by_id(root, "a").get("default") is None
    assert by_id(root, "a_c").find(b("conditionExpression")) is None


def test_a_lone_conditional_flow_is_decided_too() -> None:
    _, root = compiled(diagram(user("a"), flows="start>a a>end:=done"))
    assert local(by_id(root, "a__split")) == "inclusiveGateway"


def test_several_flows_out_of_a_start_event_split() -> None:
    _, root = compiled(diagram(task("a"), task("b"), flows="start>a start>b a>end b>end"))
    assert {"start>start__split", "start__split>a", "start__split>b"} <= arrows(root)


def test_an_inserted_id_never_takes_a_drawn_one() -> None:
    content = diagram(task("a"), task("a__split"), flows="start>a a>a__split a>end a__split>end")
    _, root = compiled(content)
    assert local(by_id(root, "a__split")) == "task"
    assert local(by_id(root, "a__split_2")) == "parallelGateway"


def test_a_signal_end_event_throws_and_then_ends() -> None:
    held = '<signalEventDefinition signalRef="s1"/>'
    content = document(SIGNAL, process(START, node("endEvent", "stop", held), flows="start>stop"))
    value, root = compiled(content)
    assert value.elements["stop"].kind == "endEvent"
    assert local(by_id(root, "stop")) == "intermediateThrowEvent"
    assert "stop>stop__end" in arrows(root)
    assert local(by_id(root, "stop__end")) == "endEvent"


def test_link_events_become_the_flow_they_stand_for() -> None:
    link = '<linkEventDefinition name="L"/>'
    content = diagram(
        node("intermediateThrowEvent", "out", link),
        node("intermediateThrowEvent", "out2", link),
        node("intermediateCatchEvent", "into", link),
        task("a"),
        flows="start>a a>out start>out2 into>end",
    )
    _, root = compiled(content)
    assert {"out>into", "out2>into"} <= arrows(root)
    assert not list(root.iter(b("linkEventDefinition")))
    assert local(by_id(root, "into")) == "intermediateThrowEvent"


def test_a_throw_of_several_things_throws_one_after_the_other() -> None:
    held = '<messageEventDefinition messageRef="m1"/><signalEventDefinition signalRef="s1"/>'
    content = document(
        MESSAGE,
        SIGNAL,
        process(START, node("intermediateThrowEvent", "t", held), END, flows="start>t t>end"),
    )
    _, root = compiled(content)
    assert {"start>t", "t>t__2", "t__2>end"} <= arrows(root)
    assert by_id(root, "t_end").get("sourceRef") == "t__2"


def test_an_end_of_several_things_terminates_last() -> None:
    held = "<terminateEventDefinition/>" + '<messageEventDefinition messageRef="m1"/>'
    content = document(MESSAGE, process(START, node("endEvent", "stop", held), flows="start>stop"))
    _, root = compiled(content)
    assert by_id(root, "stop").find(b("messageEventDefinition")) is not None
    last = by_id(root, "stop__2")
    assert local(last) == "endEvent"
    assert last.find(b("terminateEventDefinition")) is not None


def test_an_event_definition_by_reference_is_the_definition() -> None:
    content = document(
        '<error id="e1" name="bad" errorCode="E-1"/>',
        '<errorEventDefinition id="d1" errorRef="e1"/>',
        process(
            START,
            node("endEvent", "stop", "<eventDefinitionRef>d1</eventDefinitionRef>"),
            flows="start>stop",
        ),
    )
    value, root = compiled(content)
    assert value.elements["stop"].error == "E-1"
    held = by_id(root, "stop").find(b("errorEventDefinition"))
    assert held is not None and held.get("errorRef") == "E-1"


def test_messages_are_known_by_their_names() -> None:
    held = '<messageEventDefinition messageRef="m1"/>'
    content = document(
        MESSAGE,
        process(START, node("intermediateCatchEvent", "c", held), END, flows="start>c c>end"),
    )
    value, root = compiled(content)
    assert value.elements["c"].message == "note"
    assert [m.get("id") for m in root.iter(b("message"))] == ["note"]
    found = next(root.iter(b("messageEventDefinition")))
    assert found.get("messageRef") == "note"


def test_two_files_may_call_different_messages_by_one_id() -> None:
    def one(id: str, name: str) -> bytes:
        return document(
            f'<message id="m" name="{name}"/>',
            process(
                node("startEvent", "go", '<messageEventDefinition messageRef="m"/>'),
                END, flows="go>end", id=id,
            ),
        )  # fmt: skip

    program = deployment.check({"a.bpmn": one("pa", "red"), "b.bpmn": one("pb", "blue")}).program
    assert program is not None
    assert program.processes["pa"].message_starts == {"red": "go"}
    assert b'name="blue"' in program.processes["pb"].compiled


def test_a_multi_instance_names_its_variables_for_the_engine() -> None:
    loop = (
        '<multiInstanceLoopCharacteristics isSequential="true"><extensionElements>'
        '<zeebe:loopCharacteristics inputCollection="=people" inputElement="person"'
        ' outputCollection="found" outputElement="=answer"/></extensionElements>'
        f"<completionCondition {FORMAL}>=numberOfCompletedInstances > 1</completionCondition>"
        "</multiInstanceLoopCharacteristics>"
    )
    value, root = compiled(diagram(user("a", loop), flows="start>a a>end"))
    held = value.elements["a"].loop
    assert held is not None
    assert (held.sequential, held.collection, held.element) == (True, "=people", "person")
    assert (held.output_collection, held.output_element) == ("found", "=answer")
    drawn = next(root.iter(b("multiInstanceLoopCharacteristics")))
    assert drawn.findtext(b("loopDataInputRef")) == "a__items"
    assert drawn.findtext(b("loopDataOutputRef")) == "found"
    assert drawn.findtext(b("completionCondition")) == "numberOfCompletedInstances > 1"


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
    value, _ = compiled(diagram(user("a", drawn), flows="start>a a>end"))
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
    value, _ = compiled(diagram(old, flows="start>a a>end"))
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
    a = compiled(diagram(user("a", inside), task("b"), flows="start>a a>b b>end"))[0].elements["a"]
    assert (a.form, a.assignee, a.groups, a.users) == ("check", "=chosen", "clerk, lead", "ann")
    assert a.due == "=today()"
    assert [(m.source, m.target) for m in a.inputs] == [("=1", "x")]
    assert [(m.source, m.target) for m in a.outputs] == [("=answer", "outcome")]
    assert a.rules == Rules(status="open", not_done_by=("b",))


def test_a_process_says_how_it_starts_and_what_it_declares() -> None:
    inside = extension(properties({"start_groups": "clerk", "var:outcome": '="open"', "var:n": ""}))
    start = '<startEvent id="start">' + extension('<zeebe:formDefinition formId="new"/>')
    value, _ = compiled(document(process(inside, start + "</startEvent>", END, flows="start>end")))
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
    c = compiled(content)[0].elements["c"]
    assert (c.called_process, c.all_in, c.all_out) == ("q", True, False)


def test_steps_inside_a_sub_process_know_it() -> None:
    inner = '<startEvent id="s2"/>' + user("b") + '<endEvent id="e2"/>'
    inner += '<sequenceFlow id="f1" sourceRef="s2" targetRef="b"/>'
    inner += '<sequenceFlow id="f2" sourceRef="b" targetRef="e2"/>'
    edge = node("boundaryEvent", "late", timed("duration", "P5D"), attachedToRef="sub",
                cancelActivity="false")  # fmt: skip
    content = diagram(node("subProcess", "sub", inner), edge, flows="start>sub sub>end late>end")
    value, root = compiled(content)
    assert value.elements["b"].scope == "sub"
    late = value.elements["late"]
    assert late.timer is not None and (late.timer.kind, late.timer.expression) == (
        "duration",
        "P5D",
    )
    assert (late.attached_to, late.interrupting) == ("sub", False)
    assert next(root.iter(b("timeDuration"))).text == "P5D"


def test_ids_that_the_library_uses_itself_stay_as_drawn() -> None:
    content = document(
        process(
            '<startEvent id="Start"/>', task("Root"), '<endEvent id="End"/>',
            flows="Start>Root Root>End",
        )
    )  # fmt: skip
    value, root = compiled(content)
    assert set(value.elements) == {"Start", "Root", "End"}
    ids = {node.get("id") for node in root.iter()}
    assert {"Start", "Root", "End"} <= ids
    assert arrows(root) == {"Start>Root", "Root>End"}


def test_a_receive_task_that_starts_the_process_is_a_message_start() -> None:
    content = document(
        MESSAGE,
        process(node("receiveTask", "r", instantiate="true", messageRef="m1"), END, flows="r>end"),
    )
    value, root = compiled(content)
    assert value.message_starts == {"note": "r"}
    assert local(by_id(root, "r")) == "startEvent"


def test_a_global_task_is_a_process_of_one_step() -> None:
    call = node("callActivity", "c", calledElement="g")
    content = document(
        '<globalUserTask id="g" name="Sign"/>', process(START, call, END, flows="start>c c>end")
    )
    value, root = compiled(content, "g")
    step = value.elements["g__task"]
    assert (step.kind, step.name) == ("userTask", "Sign")
    assert arrows(root) == {"g__start>g__task", "g__task>g__finish"}
    assert value.start_groups is None


def test_an_activation_condition_reaches_the_engine_as_feel() -> None:
    held = f"<activationCondition {FORMAL}>=activationCount &gt; 1</activationCondition>"
    content = diagram(
        node("parallelGateway", "x"), task("a"), task("b"), node("complexGateway", "j", held),
        flows="start>x x>a x>b a>j b>j j>end",
    )  # fmt: skip
    _, root = compiled(content)
    assert next(root.iter(b("activationCondition"))).text == "activationCount > 1"


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
    assert [one.element_id for one in deployment.vanished_ids(old, new)] == ["a"]
    assert not deployment.vanished_ids(old, old)


def test_a_compensation_handler_stays_joined_to_its_event() -> None:
    edge = node("boundaryEvent", "u", "<compensateEventDefinition/>", attachedToRef="a")
    content = document(
        process(
            START, task("a"), edge, task("undo", isForCompensation="true"),
            node("endEvent", "back", '<compensateEventDefinition activityRef="a"/>'),
            flows="start>a a>back",
        ).replace("</process>", '<association id="l" sourceRef="u" targetRef="undo"/></process>')
    )  # fmt: skip
    _, root = compiled(content)
    line = next(root.iter(b("association")))
    assert (line.get("sourceRef"), line.get("targetRef")) == ("u", "undo")
    assert by_id(root, "undo").get("isForCompensation") == "true"
    found = by_id(root, "back").find(b("compensateEventDefinition"))
    assert found is not None and found.get("activityRef") == "a"
