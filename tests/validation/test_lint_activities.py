"""Rules on tasks, calls and loops: each row a wrong drawing and the right one beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from tests.engine.tiny import (
    FORMAL,
    diagram,
    document,
    extension,
    findings,
    node,
    process,
    said,
    task,
    user,
    whole,
)
from tests.word_documents import document as word_file
from tests.word_documents import word

FORM = b"""{"type": "default", "id": "check", "schemaVersion": 16, "components":
 [{"type": "textfield", "key": "outcome", "id": "f1", "label": "Outcome"}]}"""
ABOUT = b"""{"type": "default", "id": "about", "schemaVersion": 16, "components":
 [{"type": "textfield", "key": "child", "id": "f1", "label": "Child", "readonly": true}]}"""
DECISION = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d"
 namespace="urn:d"><decision id="way" name="Way"><variable name="Way"/><literalExpression id="l">
 <text>"a"</text></literalExpression></decision></definitions>"""
ASSIGNED = '<zeebe:assignmentDefinition candidateGroups="clerk"/>'
WITH_FORM = '<zeebe:formDefinition formId="check"/>'


def one(drawn: str, root: str = "", **more: bytes) -> Mapping[str, bytes]:
    content = diagram(drawn, flows="start>a a>end", root=root)
    return whole(content, forms__check_dot_form=FORM, forms__mail__hello_dot_txt=b"Hi", **more)


def asked(*parts: str) -> Mapping[str, bytes]:
    return one(user("a", extension(*parts)))


def briefed(brief: str) -> Mapping[str, bytes]:
    held = f'<zeebe:properties><zeebe:property name="brief" value="{brief}"/></zeebe:properties>'
    drawn = user("a", extension(WITH_FORM, ASSIGNED, held))
    return {**one(drawn), "forms/about.form": ABOUT}


def guested(
    guest: str = "whom", reminds: str = "", more: Mapping[str, str] | None = None, **prefills: str
) -> Mapping[str, bytes]:
    """A task that asks a guest by this form, and a mail beside it that reminds them, with `more`
    headers."""
    says = {"name": '="Jo"', "address": '="jo@example.org"', "telephone": '="01306 555123"'}
    fields = [
        {"id": f"g_{key}", "type": "textfield", "key": key, "label": key, "readonly": True,
         "properties": {"prefill": text, "rule": "As named"}}
        for key, text in {**says, **prefills}.items() if text
    ]  # fmt: skip
    whom = {"type": "default", "id": "whom", "schemaVersion": 18, "components": fields}
    held = f'<zeebe:properties><zeebe:property name="guest" value="{guest}"/></zeebe:properties>'
    header = f'<zeebe:header key="guest_of" value="{reminds}"/>' if reminds else ""
    header += "".join(f'<zeebe:header key="{k}" value="{v}"/>' for k, v in (more or {}).items())
    mail = (
        '<zeebe:taskDefinition type="mail"/><zeebe:taskHeaders><zeebe:header key="to" '
        f'value="clerk"/><zeebe:header key="template" value="hello"/>{header}</zeebe:taskHeaders>'
    )
    asks, tells = ("b", "a") if reminds else ("a", "b")
    drawn = user(asks, extension(WITH_FORM, ASSIGNED, held))
    drawn += node("sendTask", tells, extension(mail))
    content = diagram(drawn, flows="start>b b>a a>end")
    return {
        **whole(content, forms__check_dot_form=FORM, forms__mail__hello_dot_txt=b"Subject: a\n\nx"),
        "forms/whom.form": json.dumps(whom).encode(),
    }


MEETING = {"meeting_id": "m", "meeting_name": "Panel", "meeting_at": "=today()"}


def judging(
    label: str = "Do you approve the report?", about: str = "", **held: str
) -> Mapping[str, bytes]:
    """A task with the form “judge”; `held`: its properties. There is a document “note”."""
    drawn = "".join(f'<zeebe:property name="{k}" value="{v}"/>' for k, v in held.items())
    properties = f"<zeebe:properties>{drawn}</zeebe:properties>" if drawn else ""
    form = '<zeebe:formDefinition formId="judge"/>'
    question = {"id": "q", "type": "textfield", "key": "answer", "label": label}
    question |= {"properties": {"about_document": about}} if about else {}
    judge = {"type": "default", "id": "judge", "schemaVersion": 18, "components": [question]}
    tasks = (
        user("b", extension(WITH_FORM, ASSIGNED)),
        user("a", extension(form, ASSIGNED, properties)),
    )
    content = diagram("".join(tasks), flows="start>b b>a a>end")
    return {
        **whole(content, forms__check_dot_form=FORM),
        "forms/judge.form": json.dumps(judge).encode(),
        **word_file("note", word("«=records.b.outcome»"), groups="clerk", more="for: inside"),
    }


QUOTES = "Is it right that {{records.b.outcome}}?"


def ordered(tag: str = "serviceTask", type: str = "mail", **headers: str) -> Mapping[str, bytes]:
    held = "".join(f'<zeebe:header key="{k}" value="{v}"/>' for k, v in headers.items())
    parts = (
        f'<zeebe:taskDefinition type="{type}"/>',
        f"<zeebe:taskHeaders>{held}</zeebe:taskHeaders>",
    )
    return one(node(tag, "a", extension(*parts)))


def several(inside: str = "", **attributes: str) -> Mapping[str, bytes]:
    held = "".join(f' {k}="{v}"' for k, v in attributes.items())
    return one(task("a", f"<multiInstanceLoopCharacteristics{held}>{inside}"
                         "</multiInstanceLoopCharacteristics>"))  # fmt: skip


def looped(inside: str = "", **attributes: str) -> Mapping[str, bytes]:
    held = "".join(f' {k}="{v}"' for k, v in attributes.items())
    return one(
        task("a", f"<standardLoopCharacteristics{held}>{inside}</standardLoopCharacteristics>")
    )


def zeebe_loop(**attributes: str) -> str:
    held = "".join(f' {k}="{v}"' for k, v in attributes.items())
    return extension(f"<zeebe:loopCharacteristics{held}/>")


def counted(number: str) -> str:
    return f"<loopCardinality {FORMAL}>{number}</loopCardinality>"


def decided(decision: str) -> Mapping[str, bytes]:
    """A task that asks a decision, in a set that holds the decision “way”."""
    asked = f'<zeebe:calledDecision decisionId="{decision}" resultVariable="r"/>'
    return one(node("businessRuleTask", "a", extension(asked)), bpmn__way_dot_dmn=DECISION)


def calls(target: str, executable: str = "true") -> Mapping[str, bytes]:
    drawn = process('<startEvent id="start"/>', node("callActivity", "a", calledElement=target),
                    '<endEvent id="end"/>', flows="start>a a>end")  # fmt: skip
    other = process('<startEvent id="s2"/>', '<endEvent id="e2"/>', flows="s2>e2", id="other",
                    executable=executable)  # fmt: skip
    return whole(document(drawn, other))


GOOD = asked(WITH_FORM, ASSIGNED)
MAIL = ordered(to="clerk", template="hello")
MANY = several(zeebe_loop(inputCollection="=[1, 2]", inputElement="i"))
ROOT = '<message id="m" name="note"/>'
CHOREOGRAPHY = node(
    "choreographyTask", "a",
    "<participantRef>A</participantRef><participantRef>B</participantRef>"
    "<messageFlowRef>f</messageFlowRef>", initiatingParticipantRef="A",
)  # fmt: skip


def naming(told: str = "") -> Mapping[str, bytes]:
    """A task whose form names matters, told by the message `told`."""
    tells = f', "matter_named": "{told}"' if told else ""
    form = f"""{{"type": "default", "id": "names", "schemaVersion": 16, "components": [
 {{"type": "dynamiclist", "id": "l", "path": "l", "label": "Actions",
 "properties": {{"matters": "action"{tells}}}, "components": [{{"type": "textfield", "id": "t",
 "key": "t", "label": "What", "properties": {{"matter_is": "text"}}}}]}}]}}""".encode()
    drawn = user("a", extension('<zeebe:formDefinition formId="names"/>', ASSIGNED))
    waits = node("boundaryEvent", "b", '<messageEventDefinition messageRef="m"/>',
                 attachedToRef="a")  # fmt: skip
    content = diagram(drawn, waits, flows="start>a a>end b>end", root=ROOT)
    return {**whole(content, forms__check_dot_form=FORM), "forms/names.form": form}


ROWS = {
    "matters that no message tells of": ("matter-not-followed", "error", naming(), naming("note")),
    "matters told by a message for which nothing waits": (
        "matter-not-followed", "error", naming("nte"), naming("note")),
    "a brief that is not there": (
        "unknown-brief", "error", briefed("chekc"), briefed("about"),
    ),
    "a document that is not there": (
        "unknown-brief-document", "error", judging(brief_document="noet"),
        judging(brief_document="note"),
    ),
    "a step that publishes what is not there": (
        "published-document", "error", judging(publishes="noet"), judging()),
    "somebody approves what they do not see": (
        "document-not-shown", "warning", judging(), judging(brief_document="note"),
    ),
    "somebody judges the answers that make it up": (
        "document-not-shown", "warning", judging("Will you countersign this letter?"),
        judging("Will you countersign this letter?", shows="b"),
    ),
    "a question about a document that is not shown": (
        "document-not-shown", "warning", judging("Well?", "note", shows="b"),
        judging("Well?", "note", brief_document="note"),
    ),
    "a form that quotes what is not shown": (
        "less-than-spoken-of", "warning", judging(QUOTES), judging(QUOTES, shows="b"),
    ),
    "a form that quotes what a document holds": (
        "less-than-spoken-of", "warning", judging(QUOTES), judging(QUOTES, brief_document="note"),
    ),
    "a guest’s form that is not there": ("guest-form", "error", guested("whmo"), guested()),
    "a guest without a number": ("guest-form", "error", guested(telephone=""), guested()),
    "a guest without an address": ("guest-form", "error", guested(address=""), guested()),
    "a code that would go to the mailbox of the link": (
        "guest-form", "error", guested(telephone='="jo@example.org"'), guested()),
    "a mail that reminds the guest of no task": (
        "guest-reminder", "error", guested(reminds="bb"), guested(reminds="b")),
    "a mail about a meeting that says no time": (
        "mail-meeting", "warning",
        guested(reminds="b", more={"meeting_id": "m", "meeting_name": "Panel"}),
        guested(reminds="b", more=MEETING)),
    "a misspelt header of a meeting": (
        "mail-meeting", "warning", guested(reminds="b", more={**MEETING, "meeting_plaec": "Hall"}),
        guested(reminds="b", more={**MEETING, "meeting_place": "Hall"})),
    "a meeting that is recorded in no step": (
        "mail-meeting", "warning", guested(reminds="b", more={**MEETING, "meeting_steps": "bb"}),
        guested(reminds="b", more={**MEETING, "meeting_steps": "b"})),
    "a mail that waits perhaps": (
        "mail-waits", "warning", ordered(to="clerk", template="hello", may_wait="yes"),
        ordered(to="clerk", template="hello", may_wait="true")),
    "a misspelt header of a mail that waits": (
        "mail-waits", "warning", ordered(to="clerk", template="hello", working_day_only="true"),
        ordered(to="clerk", template="hello", working_days_only="=true")),
    "a reminder of a guest that would wait": (
        "mail-waits", "warning",
        guested(reminds="b", more={"working_days_only": "true"}), guested(reminds="b")),
    "a brief that asks": ("brief-asks", "warning", briefed("check"), briefed("about")),
    "a task without a form": ("user-task-form", "error", asked(ASSIGNED), GOOD),
    "a form that is not in the set": (
        "unknown-form", "error", asked('<zeebe:formDefinition formId="chekc"/>', ASSIGNED), GOOD),
    "a task for nobody": ("no-candidate", "error", asked(WITH_FORM), GOOD),
    "a manual task": ("manual-task", "warning", one(node("manualTask", "a")), GOOD),
    "a service that does nothing": ("effect-missing", "error", one(node("serviceTask", "a")), MAIL),
    "a service nobody offers": ("effect-missing", "error", ordered(type="fax"), MAIL),
    "a mail to nobody": ("mail-incomplete", "error", ordered(template="hello"), MAIL),
    "a mail without a template": ("mail-incomplete", "error", ordered(to="clerk"), MAIL),
    "a template that is not in the set": (
        "mail-incomplete", "error", ordered(to="clerk", template="hallo"), MAIL),
    "a receive task without a message": (
        "receive-task-message", "error", one(node("receiveTask", "a")),
        one(node("receiveTask", "a", messageRef="m"), ROOT)),
    "a starting receive task in the middle": (
        "instantiating-receive-task", "error",
        one(node("receiveTask", "a", messageRef="m", instantiate="true"), ROOT), GOOD),
    "a decision nobody named": (
        "decision-missing", "error", one(node("businessRuleTask", "a")), decided("way")),
    "a decision that is not in the set": (
        "decision-missing", "error", decided("weigh"), decided("way")),
    "a throw that nobody can draw": (
        "implicit-throw-event", "error", one(node("implicitThrowEvent", "a")), GOOD),
    "a step of a choreography": (
        "choreography", "error", one(CHOREOGRAPHY), GOOD),
    "a script": ("no-script-task", "error", one(node("scriptTask", "a")), GOOD),
    "a listener of another engine": (
        "extension-ignored", "warning", one(node("serviceTask", "a", extension(
            '<camunda:executionListener class="x.Y" event="start"/>'), camunda__class="x.Z")),
        MAIL),
    "a call of nothing": (
        "called-process", "error", one(node("callActivity", "a")), calls("other")),
    "a call of what is not in the set": ("called-process", "error", calls("othr"), calls("other")),
    "a call of a sketch": ("called-process", "error", calls("other", "false"), calls("other")),
    "a multi-instance over nothing": ("mi-collection", "error", several(), MANY),
    "results that would be lost": (
        "mi-collection", "error",
        several(zeebe_loop(inputCollection="=[1]", outputCollection="found")), MANY),
    "a negative number of instances": (
        "negative-cardinality", "error", several(counted("-1")), several(counted("2"))),
    "far too many instances": (
        "negative-cardinality", "error", several(counted("99999999")), several(counted("2"))),
    "a negative loop maximum": (
        "negative-cardinality", "error", looped(loopMaximum="-1"), looped(loopMaximum="3")),
    "a loop that nothing stops": (
        "loop-without-end", "error", looped(), looped(loopMaximum="3")),
    "events in the middle of a multi-instance": (
        "mi-behavior", "error", several(counted("2"), behavior="None"), MANY),
    "no token needed": (
        "token-quantity", "error", one(task("a", startQuantity="0")),
        one(task("a", startQuantity="2"))),
    "no token left": ("token-quantity", "error", one(task("a", completionQuantity="0")), GOOD),
    "a step that only compensates": (
        "compensation", "error", one(task("a", isForCompensation="true")), GOOD),
}  # fmt: skip


@pytest.mark.parametrize(("rule", "severity", "wrong", "right"), ROWS.values(), ids=ROWS.keys())
def test_the_wrong_drawing_is_told_and_the_right_one_is_not(
    rule: str, severity: str, wrong: Mapping[str, bytes], right: Mapping[str, bytes]
) -> None:
    found = said(wrong, rule)
    assert "a" in {one.element_id for one in found}, findings(wrong)
    assert {one.severity for one in found} == {severity}
    assert not said(right, rule)


@pytest.mark.parametrize("rule", ["user-task-form", "unknown-form", "no-candidate"])
def test_what_a_lone_file_lacks_is_only_a_warning(rule: str) -> None:
    form = '<zeebe:formDefinition formId="ghost"/>' if rule == "unknown-form" else ""
    content = diagram(user("a", extension(form)), flows="start>a a>end")
    assert {one.severity for one in said(content, rule)} == {"warning"}


def test_the_nearest_form_is_suggested() -> None:
    wrong = asked('<zeebe:formDefinition formId="chekc"/>', ASSIGNED)
    assert "Did you mean “check”?" in said(wrong, "unknown-form")[0].sentence


def test_a_form_that_cannot_be_read_is_told_once() -> None:
    broken = whole(diagram(user("a", extension(WITH_FORM, ASSIGNED)), flows="start>a a>end"),
                   forms__check_dot_form=b"{")  # fmt: skip
    assert not said(broken, "unknown-form")
    assert any(one.file == "forms/check.form" for one in findings(broken))
