"""Rules on expressions, names, properties, groups and messages: wrong beside right."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.engine.tiny import (
    END,
    FORMAL,
    START,
    diagram,
    document,
    escaped,
    extension,
    findings,
    mapping,
    node,
    process,
    properties,
    said,
    task,
    timed,
    user,
    variables,
    whole,
)

FORM = b"""{"type": "default", "id": "check", "schemaVersion": 16, "components":
 [{"type": "textfield", "key": "answer", "id": "f1", "label": "Answer"}]}"""
TABLE = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d"
 namespace="urn:d">
 <decision id="way" name="Way"><decisionTable id="t" hitPolicy="UNIQUE">
  <input id="i"><inputExpression id="ie" typeRef="string">
   <text>outcome</text></inputExpression></input>
  <output id="o" name="way" typeRef="string"/>
  <rule id="r"><inputEntry id="x"><text>"a"</text></inputEntry>
   <outputEntry id="y"><text>"b"</text></outputEntry></rule>
 </decisionTable></decision></definitions>"""
ALL = '<zeebe:assignmentDefinition candidateGroups="clerk"/>'
FORMED = '<zeebe:formDefinition formId="check"/>'
LOOP = (
    "<multiInstanceLoopCharacteristics><extensionElements><zeebe:loopCharacteristics"
    ' inputCollection="=settings.people" inputElement="person"{more}/></extensionElements>{done}'
    "</multiInstanceLoopCharacteristics>"
)


MARKED = FORM.replace(b'"check"', b'"names"').replace(
    b'"schemaVersion": 16, "components":\n [',
    b""""schemaVersion": 16, "components":
 [{"type": "dynamiclist", "id": "l", "path": "l", "label": "Actions",
   "properties": {"matters": "action"}, "components": [{"type": "textfield", "id": "t",
   "key": "t", "label": "What", "properties": {"matter_is": "text"}}]}, """,
)
FILED = FORM.replace(b'"check"', b'"names"').replace(
    b'"schemaVersion": 16, "components":\n [',
    b""""schemaVersion": 16, "components":
 [{"type": "filepicker", "id": "r", "key": "r", "label": "Report"}, """,
)


def declared(*nodes: str, flows: str = "start>a a>end", root: str = "") -> Mapping[str, bytes]:
    """A complete set whose process declares the variables outcome and n."""
    inside = variables(outcome='="open"', n="=0")
    content = document(root, process(inside, START, *nodes, END, flows=flows))
    return whole(content, forms__check_dot_form=FORM, bpmn__way_dot_dmn=TABLE)


def asked(*parts: str, inside: str = "") -> Mapping[str, bytes]:
    return declared(user("a", extension(ALL, FORMED, *parts) + inside))


def decided(condition: str) -> Mapping[str, bytes]:
    return declared(
        node("exclusiveGateway", "x", default="x_b"), task("a"), task("b"),
        flows=f"start>x x>a:{condition} x>b a>end b>end",
    )  # fmt: skip


def due(text: str) -> Mapping[str, bytes]:
    return asked(f'<zeebe:taskSchedule dueDate="{escaped(text)}"/>')


def edged(text: str) -> Mapping[str, bytes]:
    event = node("boundaryEvent", "e", timed("date", text), attachedToRef="a")
    held = extension(ALL, FORMED, '<zeebe:taskSchedule dueDate="=today()"/>')
    return declared(user("a", held), event, flows="start>a a>end e>end")


def kept(at_border: bool) -> Mapping[str, bytes]:
    """What a timer sets: by when a is due, at its border or before it."""
    held = extension(ALL, FORMED, '<zeebe:taskSchedule dueDate="=today()"/>')
    tag, host = ("boundaryEvent", {"attachedToRef": "a"}) if at_border else (
        "intermediateCatchEvent", {})  # fmt: skip
    event = node(tag, "e", extension(mapping(n="=due")) + timed("duration", "PT1H"), **host)
    flows = "start>a a>end e>end" if at_border else "start>e e>a a>end"
    return declared(user("a", held), event, flows=flows)


def many(label: str = "=person", done: str = "", more: str = "") -> Mapping[str, bytes]:
    held = extension(ALL, FORMED, properties({"label": label}))
    text = f'<completionCondition xsi:type="tFormalExpression">{done}</completionCondition>'
    return declared(user("a", held + LOOP.format(more=more, done=text if done else "")))


def ruled(source: str) -> Mapping[str, bytes]:
    held = extension(
        '<zeebe:calledDecision decisionId="way" resultVariable="outcome"/>',
        mapping(in_outcome=source) if source else "",
    )
    return declared(node("businessRuleTask", "a", held))


def propertied(**given: str) -> Mapping[str, bytes]:
    return asked(properties(given))


def recorded(given: dict[str, str]) -> Mapping[str, bytes]:
    """An event that waits for a message which nothing in the drawing sends."""
    message = '<messageEventDefinition messageRef="m"/>'
    return declared(
        user("a", extension(ALL, FORMED)),
        node(
            "intermediateCatchEvent", "x", (extension(properties(given)) if given else "") + message
        ),
        flows="start>a a>x x>end",
        root='<message id="m" name="note"/>',
    )


def finished(how: str) -> Mapping[str, bytes]:
    """The last event says `replan`."""
    held = extension(properties({"replan": "true"}))
    return declared(
        user("a"), node("endEvent", "z", held + how), flows="start>a a>z",
        root='<error id="x" name="x" errorCode="x"/>',
    )  # fmt: skip


def outliving(said: str) -> Mapping[str, bytes]:
    held = f'<zeebe:property name="goes_on_when_merged" value="{said}"/>'.encode()
    return {
        path: content.replace(
            b'<zeebe:property name="var:n"', held + b'<zeebe:property name="var:n"'
        )
        for path, content in due("=today()").items()
    }


def looking(tag: str) -> Mapping[str, bytes]:
    return declared(node(tag, "a", extension(properties({"look_for_persons": "true"}))))


def sealing(tag: str) -> Mapping[str, bytes]:
    return declared(node(tag, "a", extension(properties({"seals_merges": "true"}))))


def grouped(groups: str) -> Mapping[str, bytes]:
    held = extension(f'<zeebe:assignmentDefinition candidateGroups="{escaped(groups)}"/>', FORMED)
    files = dict(declared(user("a", held)))
    return {**files, "settings.json": b'{"roles": ["clerk", "lead"]}'}


def sent(name: str) -> Mapping[str, bytes]:
    throw = node("intermediateThrowEvent", "a", '<messageEventDefinition messageRef="m"/>')
    catch = node("intermediateCatchEvent", "c", '<messageEventDefinition messageRef="k"/>')
    return declared(
        throw, catch, flows="start>a a>c c>end",
        root=f'<message id="m" name="{name}"/><message id="k" name="reply"/>',
    )  # fmt: skip


def calling(target: str) -> Mapping[str, bytes]:
    """A call that hands over a variable to a process that declares n."""
    held = extension('<zeebe:calledElement processId="q"/>', mapping(**{f"in_{target}": "=1"}))
    content = document(
        process(START, node("callActivity", "a", held), END, flows="start>a a>end"),
        process(variables(n="=0"), '<startEvent id="s2"/>', '<endEvent id="e2"/>',
                flows="s2>e2", id="q"),
    )  # fmt: skip
    return whole(content)


def named(variable: str) -> Mapping[str, bytes]:
    inside = extension(properties({f"var:{variable}": "=1"}))
    return whole(document(process(inside, START, END, flows="start>end")))


def marked(before: str, after: str) -> Mapping[str, bytes]:
    """A condition whose element is written otherwise."""
    return {
        path: content.replace(f"<conditionExpression {before}>".encode(),
                              f"<conditionExpression{after}>".encode())
        for path, content in decided("=n=1").items()
    }  # fmt: skip


ROWS = {
    "a condition that cannot be read": (
        "expression", "error", "x_a", decided("=n>>1"), decided("=n=1")),
    "a due date that cannot be read": (
        "expression", "error", "a", due("=today( + 1"), due("=today()")),
    "Java in a condition": (
        "foreign-expression", "error", "x_a", decided("${n==1}"), decided("=n=1")),
    "a condition without =": (
        "condition-without-equals", "warning", "x_a", decided("n=1"), decided("=n=1")),
    "a name nothing sets": (
        "unknown-name", "error", "x_a", decided("=outcom"), decided("=outcome")),
    "a name of a form in a condition": (
        "unknown-name", "error", "x_a", decided("=answer"), decided("=outcome")),
    "answers in an output": (
        "unknown-name", "error", "a", asked(mapping(outcome="=anwser")),
        asked(mapping(outcome="=answer"))),
    "all answers in an output": (
        "unknown-name", "error", "a", asked(mapping(outcome="=answer + anything")),
        asked(mapping(outcome="=answers.answer"))),
    "an item outside its loop": (
        "unknown-name", "error", "x_a", decided("=person"), many()),
    "counts outside a completion condition": (
        "unknown-name", "error", "x_a", decided("=numberOfInstances"),
        many(done="=numberOfCompletedInstances = 2")),
    "due in a due date": ("unknown-name", "error", "a", due("=due"), edged("=due")),
    "due in what a timer sets that is at no border": (
        "unknown-name", "error", "e", kept(at_border=False), kept(at_border=True)),
    "settings are known everywhere": (
        "unknown-name", "error", "a", due("=setings.days"), due("=settings.days")),
    "a function there is not": (
        "unknown-function", "error", "a", due("=working_day_after(today(),5)"),
        due("=working_days_after(today(),5)")),
    "a setting there is not": (
        "unknown-setting", "error", "a", due("=settings.dayz"), due('="settings.dayz"')),
    "names of an input mapping": (
        "unknown-name", "error", "a", asked(properties({"label": "=who"})),
        asked(mapping(in_who="=outcome"), properties({"label": "=who"}))),
    "an output nobody declared": (
        "undeclared-variable", "error", "a", asked(mapping(outcom="=answer")),
        asked(mapping(outcome="=answer"))),
    "a result list nobody declared": (
        "undeclared-variable", "error", "a",
        many(more=' outputCollection="found" outputElement="=answer"'), many()),
    "an input that a decision lacks": (
        "decision-input", "error", "a",
        {k: v.replace(b"<text>outcome", b"<text>outcom") for k, v in ruled("").items()}, ruled("")),
    "a target that is no name": (
        "mapping-target", "error", "a",
        {k: v.replace(b'target="outcome"', b'target="out come"')
         for k, v in asked(mapping(outcome="=answer")).items()},
        asked(mapping(outcome="=answer"))),
    "a misspelt property": (
        "unknown-property", "error", "a", propertied(stauts="open"), propertied(status="open")),
    "a property of somebody else": (
        "unknown-property", "warning", "a", propertied(colour_scheme="red"),
        propertied(explain="why")),
    "a deadline on what takes no time": (
        "property-misplaced", "warning", "x",
        {k: v.replace(b'<exclusiveGateway id="x" name="X" default="x_b">',
                      b'<exclusiveGateway id="x" name="X" default="x_b">'
                      + extension(properties({"backstop": "=today()"})).encode())
         for k, v in decided("=n=1").items()}, decided("=n=1")),
    "a form that speaks of what nothing sets": (
        "form-name", "error", "a",
        {k: v.replace(b'"id": "f1"', b'"id": "f1", "conditional": {"hide": "=hidden"}')
         for k, v in asked().items()}, asked()),
    "a backstop without a due date": (
        "backstop-alone", "error", "a", propertied(backstop="=today()"),
        asked('<zeebe:taskSchedule dueDate="=today()"/>', properties({"backstop": "=today()"}))),
    "a clock without its day": (
        "clock-without-day", "warning", "a", propertied(clock="Review", clock_days="=15"),
        propertied(clock="Review", clock_day="=3", clock_days="=15")),
    "a filter that compares an entry with itself": (
        "filter-with-itself", "warning", "x_a",
        decided("=count([{n:1}][item.n=n])=1"), decided("=count([{m:1}][item.m=n])=1")),
    "a task that people are to record": (
        "from-people", "error", "a", propertied(from_people="true"), propertied(explain="why")),
    "an event that people record without a form": (
        "event-without-form", "warning", "x", recorded({}), recorded({"form": "check"})),
    "an event that is recorded by no form of the set": (
        "event-form", "error", "x", recorded({"form": "chekc"}), recorded({"form": "check"})),
    "matters named in the form of an event": (
        "matter-place", "error", "x", {**recorded({"form": "names"}), "forms/names.form": MARKED},
        recorded({"form": "check"})),
    "a file that is asked for where there is no task": (
        "files-without-task", "error", "x",
        {**recorded({"form": "names"}), "forms/names.form": FILED}, recorded({"form": "check"})),
    "four eyes on a task that is not there": (
        "not-done-by", "error", "a", propertied(not_done_by="ghost"), propertied(not_done_by="a")),
    "a task that shows what was recorded at no step": (
        "shows-unknown", "error", "a", propertied(shows="ghost"), propertied(shows="a")),
    "a step that has everything worked out again, misspelt": (
        "replan", "error", "a", propertied(replan="yes"), propertied(replan="true")),
    "an end that nothing leaves has nothing worked out again": (
        "replan", "error", "z", finished("<terminateEventDefinition/>"), finished("")),
    "an error has nothing worked out again": (
        "replan", "error", "z", finished('<errorEventDefinition errorRef="x"/>'), finished("")),
    "only what a person completes seals a merge": (
        "seals-merges", "error", "a", sealing("manualTask"), sealing("userTask")),
    "only on a task that a person sees it is said who else is about the same people": (
        "look-for-persons", "error", "a", looking("manualTask"), looking("userTask")),
    "a process that goes on while its case is merged, misspelt": (
        "goes-on-when-merged", "error", "p", outliving("yes"), outliving("true")),
    "three people for a task": (
        "people", "error", "a", propertied(people="3"), propertied(people="2")),
    "people in words": (
        "people", "error", "a", propertied(people="two"), propertied(people="1")),
    "two people on what nobody is asked": (
        "people", "error", "x",
        {k: v.replace(b'<exclusiveGateway id="x" name="X" default="x_b">',
                      b'<exclusiveGateway id="x" name="X" default="x_b">'
                      + extension(properties({"people": "2"})).encode())
         for k, v in decided("=n=1").items()}, decided("=n=1")),
    "two people on a task that is offered to one": (
        "people", "error", "a",
        {k: v.replace(b'candidateGroups="clerk"', b'assignee="ann"')
         for k, v in propertied(people="2").items()}, propertied(people="2")),
    "a group that no role gives": (
        "unknown-group", "error", "a", grouped("clerk, led"), grouped("clerk, lead:north")),
    "a process that nobody can start": (
        "never-started", "warning", "p", due("=today()"),
        {k: v.replace(b'<zeebe:property name="var:n"', b'<zeebe:property name="start_groups" '
                      b'value="clerk"/><zeebe:property name="var:n"')
         for k, v in due("=today()").items()}),
    "what a called process does not declare": (
        "called-variable", "error", "a", calling("m"), calling("n")),
    "a variable that no expression can name": (
        "variable-name", "error", "p", named("two words"), named("two_words")),
    "a day that there is not": (
        "expression-only-null", "warning", "x_a",
        decided('=today()=date("2026-02-30")'), decided('=today()=date("2026-02-28")')),
    "a condition that is not marked as formal": (
        "formal-expression", "warning", "x_a", marked(FORMAL, ""), decided("=n=1")),
    "a condition in another language": (
        "expression-language", "warning", "x_a",
        marked(FORMAL, f' {FORMAL} language="urn:xpath"'), decided("=n=1")),
    "a message nobody waits for": (
        "message-unheard", "warning", "a", sent("replly"), sent("reply")),
}  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "severity", "element", "wrong", "right"), ROWS.values(), ids=ROWS.keys()
)
def test_the_wrong_drawing_is_told_and_the_right_one_is_not(
    rule: str,
    severity: str,
    element: str,
    wrong: Mapping[str, bytes],
    right: Mapping[str, bytes],
) -> None:
    found = said(wrong, rule)
    assert element in {one.element_id for one in found}, findings(wrong)
    assert {one.severity for one in found} == {severity}
    assert not said(right, rule)
    assert not said(right, "schema")


def test_the_nearest_name_is_suggested() -> None:
    assert "Did you mean “outcome”?" in said(decided("=outcom"), "unknown-name")[0].sentence


def test_a_first_value_may_use_settings_only_and_other_variables() -> None:
    inside = variables(a="=settings.x", b="=ghost")
    content = document(process(inside, START, END, flows="start>end"))
    found = said(content, "unknown-name")
    assert len(found) == 1 and "“ghost”" in found[0].sentence


@pytest.mark.parametrize("name", ["settings", "answers", "two words", "1st"])
def test_a_variable_has_a_name_that_expressions_can_use(name: str) -> None:
    inside = extension(properties({f"var:{name}": "=1"}))
    assert said(document(process(inside, START, END, flows="start>end")), "variable-name")


def test_a_process_that_declares_nothing_may_be_given_anything() -> None:
    content = diagram(
        node("exclusiveGateway", "x", default="x_end"), user("a"),
        flows="start>a a>x x>end:=whatever x>end",
    )  # fmt: skip
    assert not said(content, "unknown-name")


def test_one_message_begins_one_process() -> None:
    go = '<messageEventDefinition messageRef="m"/>'
    content = document(
        '<message id="m" name="go"/>',
        process(node("startEvent", "s1", go), '<endEvent id="e1"/>', flows="s1>e1"),
        process(node("startEvent", "s2", go), '<endEvent id="e2"/>', flows="s2>e2", id="q"),
    )
    assert {one.element_id for one in said(content, "start-message-twice")} == {"s1", "s2"}


def test_an_expression_not_marked_as_formal_is_told_and_runs() -> None:
    content = diagram(
        node("intermediateCatchEvent", "c", timed("duration", "P1D")), flows="start>c c>end"
    )
    plain = content.replace(b' xsi:type="tFormalExpression"', b"")
    assert [one.element_id for one in said(plain, "formal-expression")] == ["c"]
    assert not said(content, "formal-expression")


def test_an_expression_in_another_language_is_told() -> None:
    content = diagram(task("a"), flows="start>a a>end:=x")
    assert not said(content, "expression-language")
    other = content.replace(b"<conditionExpression ", b'<conditionExpression language="urn:xpath" ')
    assert [one.element_id for one in said(other, "expression-language")] == ["a_end"]


def test_data_associations_are_shown_not_carried_out() -> None:
    held = (
        '<ioSpecification><dataInput id="i"/><inputSet><dataInputRefs>i</dataInputRefs></inputSet>'
        "<outputSet/></ioSpecification>"
        '<dataInputAssociation id="d"><sourceRef>store</sourceRef><targetRef>i</targetRef>'
        "</dataInputAssociation>"
    )
    content = diagram('<dataStoreReference id="store"/>', user("a", held), flows="start>a a>end")
    assert {one.element_id for one in said(content, "data-not-carried-out")} == {"a", "store"}


def test_an_expression_that_can_only_give_null_is_told_with_the_reason() -> None:
    content = diagram(
        task("a"), '<exclusiveGateway id="g" default="g_b"/>', task("b"),
        flows='start>g g>a:=matches(x,"(a)\\\\1") g>b a>end b>end',
    )  # fmt: skip
    (found,) = said(content, "expression-only-null")
    assert found.element_id == "g_a"
    assert found.severity == "warning"
    assert "refers back to a group" in found.sentence
    fine = content.replace(b"(a)\\\\1", b"^a")
    assert not said(fine, "expression-only-null")
