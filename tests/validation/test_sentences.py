"""What is wrong with a broken file is named, not something near it."""

from __future__ import annotations

import pytest

from app.validation.deployment import check

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" targetNamespace="x">\n'
)


def drawn(inside: str, root: str = "", after: str = "") -> str:
    return (
        f'{HEAD}{root}<process id="p" isExecutable="true">{inside}</process>{after}</definitions>'
    )


def plane(inside: str) -> str:
    diagram = f"<bpmndi:BPMNDiagram><bpmndi:BPMNPlane>{inside}</bpmndi:BPMNPlane>"
    return drawn('<task id="t"/>', after=f"{diagram}</bpmndi:BPMNDiagram>")


SCHEMA = {
    "an optional part is no lack": (
        drawn('<startEvent id="s"><conditionalEventDefinition/></startEvent>'),
        "“conditionalEventDefinition” lacks its part “condition”."),
    "a target": (
        drawn('<task id="t"><dataInputAssociation id="d"/></task>'), "lacks its part “targetRef”."),
    "an expression of either kind": (
        drawn('<userTask id="t"><potentialOwner><resourceAssignmentExpression/></potentialOwner>'
              "</userTask>"), "lacks its part “expression”."),
    "a place on the plane": (plane('<bpmndi:BPMNShape id="x"/>'), "lacks its part “Bounds”."),
    "an id twice": (drawn('<task id="a"/><task id="a"/>'), "The id “a” of “task” stands twice"),
    "an id with a blank": (drawn('<task id="a b"/>'), "“a b” of “task” is no valid id"),
    "an id with a digit first": (drawn('<task id="1a"/>'), "“1a” of “task” is no valid id"),
    "a misspelt element": (drawn('<usrTask id="t"/>'), "Did you mean “userTask”?"),
    "a foreign value": (
        drawn('<callActivity id="c" calledElement="#{x.y}"/>'), "has the value “#{x.y}”"),
    "a type without its namespace": (
        drawn('<task id="t"/><sequenceFlow id="f" sourceRef="t" targetRef="t"><conditionExpression'
              ' xsi:type="tFoo">x</conditionExpression></sequenceFlow>'), "that it is a “tFoo”,"),
}  # fmt: skip
XML = {
    "no quotation marks": ("<a b=c/>", "not in quotation marks"),
    "no value": ("<a b/>", "an attribute has no value"),
    "no name": ('<a ="c"/>', "no name of an attribute"),
    "no blank between": ('<a b="1"c="2"/>', "blank or value is missing around an attribute"),
    "an open quotation mark": ('<a b="1>\n<c/></a>', "its quotation mark is not closed"),
    "an open comment": ("<a><!-- x</a>", "not closed with “-->”"),
    "two hyphens in a comment": ("<a><!-- x -- y --></a>", "a comment holds “--”"),
    "an open end": ("<a></a", "a closing tag has no “>”"),
    "an open start": ("<a <b/>", "no name of an attribute"),
    "a lone ampersand": ("<a>b & c</a>", "an & stands alone"),
    "a prefix without a namespace": ("<x:a/>", "a prefix is used that was never declared"),
    "a colon without a name": ('<a x:="1"/>', "nothing behind its colon"),
    "CDATA that does not end": ("<a><![CDATA[ x</a>", "not closed with “]]>”"),
    "a tag that was not open": ("<a><b></a></b>", "a tag is closed that is not the one last"),
    "an end missing": ("<a><b></b>", "ends before every tag is closed"),
    "an attribute twice": ('<a b="1" b="2"/>', "an attribute is given twice"),
}


@pytest.mark.parametrize(("content", "said"), SCHEMA.values(), ids=SCHEMA.keys())
def test_what_the_standard_does_not_allow_is_named(content: str, said: str) -> None:
    found = [one.sentence for one in check({"bpmn/t.bpmn": content.encode()}).findings]
    assert any(said in one for one in found), found
    assert not any("documentation, extensionElements, condition" in one for one in found)


@pytest.mark.parametrize(("content", "said"), XML.values(), ids=XML.keys())
def test_what_is_wrong_in_xml_is_named(content: str, said: str) -> None:
    (found,) = check({"bpmn/t.bpmn": f"\n{content}".encode()}).findings
    assert said in found.sentence


def told(content: str, rule: str) -> list[str]:
    files = {"bpmn/t.bpmn": content.encode(), "settings.json": b"{}"}
    return [one.sentence for one in check(files).findings if one.rule == rule]


def test_an_error_without_a_name_is_not_said_to_be_caught_by_its_name() -> None:
    thrown = '<endEvent id="e"><errorEventDefinition errorRef="er"/></endEvent>'
    (bare,) = told(drawn(thrown, root='<error id="er"/>'), "code-missing")
    assert "neither a code nor a name; it is caught by its id" in bare
    (named,) = told(drawn(thrown, root='<error id="er" name="Lost"/>'), "code-missing")
    assert "“Lost” has no code; it is caught by its name" in named


def test_what_can_begin_an_event_sub_process_names_compensation() -> None:
    inside = '<subProcess id="s" triggeredByEvent="true"><startEvent id="b"/></subProcess>'
    (found,) = told(drawn(inside), "event-sub-process-typed-start-event")
    assert "compensation" in found


def test_ids_of_nameless_messages_are_not_suggested() -> None:
    throw = (
        '<intermediateThrowEvent id="t"><messageEventDefinition messageRef="Message_0abc1"/>'
        "</intermediateThrowEvent>"
    )
    catch = '<receiveTask id="c" messageRef="Message_0abc2"/>'
    root = '<message id="Message_0abc1"/><message id="Message_0abc2"/>'
    (found,) = told(drawn(throw + catch, root=root), "message-unheard")
    assert "Did you mean" not in found
