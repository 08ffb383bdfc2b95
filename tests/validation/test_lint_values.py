"""Names and values in any text of the content: what is asked for and cannot be is told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from app.engine.errors import Finding
from app.validation.deployment import check
from tests.kit import diagram
from tests.word_documents import document, word

SETTINGS: dict[str, Any] = {
    "roles": ["social_care", "police", "clerk", "clerk_north", "clerk_south"],
    "core_group": ["social_care", "police"],
    "areas": [{"value": "north", "label": "North"}, {"value": "south", "label": "South"}],
    "names": {"police": "Police"},
    "route": "later",
    "calendars": {"house": True, "national": False},
}


def asking(id: str, *components: dict[str, Any]) -> dict[str, bytes]:
    held = [{"id": f"{id}_{n}", "label": f"Q{n}", **one} for n, one in enumerate(components)]
    content = {"type": "default", "id": id, "schemaVersion": 18, "components": held}
    return {f"forms/{id}.form": json.dumps(content).encode()}


def choice(key: str, *values: str, kind: str = "radio", **more: Any) -> dict[str, Any]:
    options = [{"value": one, "label": one.title()} for one in values]
    return {"type": kind, "key": key, "values": options, **more}


def text(key: str, **more: Any) -> dict[str, Any]:
    return {"type": "textfield", "key": key, **more}


DECISION = choice("decision", "notify", "learn", "no")
AREA = {"type": "select", "key": "area", "valuesExpression": "=settings.areas"}
CHILDREN = {"type": "dynamiclist", "path": "children", "components": [text("name", id="cn")]}


def content(
    *,
    condition: str = '=decision = "notify"',
    groups: str = "=member",
    core: Any = None,
    asked: tuple[dict[str, Any], ...] = (),
    mapped: str = "=decision -> decision | =area -> area",
    mail: str = "Subject: Case {reference}\n\nSee {link}",
    to: str = "clerk",
    label: str = "=member",
    sight: Mapping[str, str] | None = None,
    shows: str = "",
    brief_document: str = "",
    limit: Mapping[str, str] | None = None,
    more: Mapping[str, bytes] | None = None,
) -> dict[str, bytes]:
    """A referral, a decision, one task for each of the core group, and a mail."""
    settings = {**SETTINGS, "core_group": core or SETTINGS["core_group"]}
    settings |= {"role_sight": sight or {}, "roles": [*SETTINGS["roles"], *(sight or ())]}
    files = diagram(
        "start:referred > task:decide > xor:way > task:meet > send:tell > end; way > end:other",
        process="referral",
        start_groups="clerk",
        var={"decision": "null", "area": "null"},
        referred={"form": "refer"},
        decide={"groups": "clerk", "form": "decide", "out": mapped, **(limit or {})},
        meet={
            "groups": groups, "form": "meet", "over": "=settings.core_group", "item": "member",
            "condition": condition, "label": label, **({"shows": shows} if shows else {}),
            **({"brief_document": brief_document} if brief_document else {}),
        },
        tell={"effect": "mail", "to": to, "template": "late"},
        other={"condition": "default"},
    )  # fmt: skip
    return {
        **files,
        **asking("refer", text("harm"), CHILDREN),
        **asking("decide", DECISION, AREA, choice("why", "a", "b", kind="checklist")),
        **asking("meet", text("notes"), *asked),
        "forms/mail/late.txt": mail.encode(),
        "settings.json": json.dumps(settings).encode(),
        **(more or {}),
    }


def findings(files: Mapping[str, bytes], rule: str) -> list[Finding]:
    return [one for one in check(files).findings if one.rule == rule]


def with_document(*blocks: str, groups: str = "clerk", more: str = "") -> dict[str, bytes]:
    return content(more=document("note", word(*blocks), groups=groups, more=more))


ROWS: dict[str, tuple[str, dict[str, bytes], str]] = {
    "a condition of a flow compares with what no form offers": (
        "impossible-value", content(condition='=decision = "notfy"'), "Did you mean “notify”?"),
    "the same the other way round": (
        "impossible-value", content(condition='="notfy" = decision'), "Did you mean “notify”?"),
    "unequal as well": (
        "impossible-value", content(condition='=decision != "notfy"'), "“notify”"),
    "in a list": (
        "impossible-value", content(condition='=decision in ("learn", "notfy")'), "“notfy”"),
    "a truth value for a choice": (
        "impossible-value", content(condition="=decision = true"), "“true”"),
    "an option that the settings list": (
        "impossible-value", content(condition='=area = "nort"'), "Did you mean “north”?"),
    "through an expression that gives one of two": (
        "impossible-value",
        content(mapped='=if decision = "no" then "stop" else "go" -> decision',
                condition='=decision = "stopp"'), "it can be “go”, “stop”"),
    "in what a form hides": (
        "impossible-value",
        content(asked=(text("x", conditional={"hide": '=records.decide.decision = "lern"'}),)),
        "Did you mean “learn”?"),
    "of the form's own answers": (
        "impossible-value",
        content(asked=(choice("how", "one", "two"),
                       text("x", properties={"required_if": '=how = "tow"'}))), "“one”, “two”"),
    "in a list of ticks": (
        "impossible-value",
        content(asked=(text("x", properties={
            "validate": '=list contains(records.decide.why, "c")'}),)), "“a”, “b”"),
    "in a document": (
        "document", with_document('«if records.decide.decision = "lern"»', "x", "«end»"),
        "Did you mean “learn”?"),
    "a form's text speaks of a step that there is not": (
        "unknown-answer", content(asked=({"type": "text", "text": "{{records.decid.decision}}"},)),
        "but there is no such task. Did you mean “decide”?"),
    "and of the process, misspelt": (
        "unknown-answer", content(asked=({"type": "text", "text": "{{records.refferal.harm}}"},)),
        "Did you mean “referral”?"),
    "a question that a known step does not ask": (
        "unknown-answer",
        content(asked=(text("x", description="See {{records.referral.ham}}"),)),
        "which “referral” does not ask for. Did you mean “harm”?"),
    "in a first value": (
        "unknown-answer",
        content(asked=(text("x", properties={"prefill": "=records.decide.decison"}),)),
        "Did you mean “decision”?"),
    "in a condition within a row": (
        "unknown-answer",
        content(asked=({"type": "dynamiclist", "path": "rows", "components": [
            text("y", id="y", conditional={"hide": "=records.decide.decison != null"})]},)),
        "Did you mean “decision”?"),
    "in what checks an answer": (
        "unknown-answer",
        content(asked=(text("x", properties={
            "validate.one": "=count(records.referral.childen) > 0"}),)), "“children”"),
    "a key of a row": (
        "unknown-answer",
        content(asked=(text("x", properties={
            "prefill": "=for c in records.referral.children return c.nme"}),)), "“name”"),
    "a setting in a text": (
        "unknown-answer", content(asked=({"type": "text", "text": "{{settings.rout}}"},)),
        "Did you mean “route”?"),
    "a variable in a text": (
        "form-text-name", content(asked=({"type": "text", "text": "Was: {{decison}}"},)),
        "Did you mean “decision”?"),
    "an answer of the form itself in a text": (
        "form-text-name", content(asked=(text("x"), {"type": "text", "text": "{{x}}"})),
        "“x”, which is no variable here"),
    "an entry of a setting": (
        "unknown-answer", content(label="=settings.names.polise"), "Did you mean “police”?"),
    "the start event's id, in a form": (
        "start-event-record",
        content(asked=(text("x", properties={"prefill": "=records.referred.harm"}),)),
        "write records.referral for it"),
    "the start event's id, in a document": (
        "document", with_document("«=records.referred.harm»"), "write records.referral for it"),
    "the start event's id, in what a document needs": (
        "document", with_document("x", more="needs: [referred]"), "write “referral”"),
    "a group that no role gives, in a document": (
        "document", with_document("x", groups="polise"), "is given by no role"),
    "a list in the settings that offers a task": (
        "unknown-group", content(core=["social_care", "polise"]), "Did you mean “police”?"),
    "a group put together from a choice": (
        "unknown-group", content(groups='="clerks_" + area'), "“clerks_north”"),
    "one of several": (
        "unknown-group", content(groups='=["clerk", "lawyer"]'), "“lawyer”"),
    "a mail with a word that nothing gives": (
        "mail-field", content(mail="Subject: {referense}\n\nx"), "Did you mean “reference”?"),
    "a mail without a subject": (
        "mail-template", content(mail="Dear all\n\nx"), "“Subject:”"),
    "a mail without a line between subject and text": (
        "mail-template", content(mail="Subject: a\nx\n\ny"), "empty line"),
    "a mail to what is nearly a group": (
        "mail-recipient", content(to="clerk, polise"), "Did you mean “police”?"),
    "a mail to a role that sees no case": (
        "group-without-sight", content(to="keeper", sight={"keeper": "none"}), "sees no case"),
    "a task for a role that sees no case": (
        "group-without-sight", content(groups='=["keeper"]', sight={"keeper": "none"}),
        "sees no case"),
    "a mail to everybody with a role, in every organisation": (
        "group-too-wide", content(to="police", sight={"police": "own"}), "“police:value”"),
    "a task for everybody with a role, in every organisation": (
        "group-too-wide", content(groups='=["police"]', sight={"police": "own"}), "“police:value”"),
    "a task that shows records to people who see only their part": (
        "shows-beyond-sight",
        content(groups='="outside:" + area', sight={"outside": "own"}, shows="decide"),
        "see only their own part"),
    "a document of the whole case for people who see only their part": (
        "document-beyond-sight",
        content(groups='="outside:" + area', sight={"outside": "own"}, brief_document="note",
                more=document("note", word("x"), groups="clerk", more="for: inside")),
        "see only their own part"),
    "a mail to what an expression gives": (
        "unknown-group", content(to='=["polise"]'), "Did you mean “police”?"),
    "a calendar that there is not": (
        "unknown-calendar",
        content(limit={"due": '=working_days_after(today(), 5, "nationl")'}),
        "Did you mean “national”?"),
    "and in a form": (
        "unknown-calendar",
        content(asked=(text("x", properties={"prefill": '=months_after(today(), 6, "irish")'}),)),
        "counts on the calendar “irish”"),
    "a limit by law on a calendar with closures": (
        "law-moved-by-closures",
        content(limit={"due": "=working_days_after(today(), 5)", "basis": "Care Act 2014 s3"}),
        "a calendar with closures"),
    "and its backstop": (
        "law-moved-by-closures",
        content(limit={
            "due": '=working_days_after(today(), 5, "national")', "basis": "SI 2018/789 reg 4",
            "backstop": '=months_after(today(), 6, "back", "house")'}),
        "property “backstop”"),
}  # fmt: skip
RIGHT: dict[str, dict[str, bytes]] = {
    "everything as it should be": content(),
    "nothing chosen yet": content(condition='=decision = null or decision = ""'),
    "what other installations set": content(condition='=settings.route = "sooner"'),
    "a setting of no known list": content(condition='=string(decision) = "notfy"'),
    "the items of a loop in a record": content(
        asked=(text("x", properties={"prefill": "=records.meet.member"}),)
    ),
    "everybody's answers": content(
        asked=(text("x", properties={"prefill": "=count(records.meet_all)"}),)
    ),
    "a variable and an item of the loop in a text": content(
        asked=({"type": "text", "text": "{{decision}} {{member}} {{due}} {{now()}}"},)
    ),
    "groups put together as they are": content(groups='="clerk_" + area'),
    "a group with a value behind": content(groups='="police:" + area'),
    "a mail to a person": content(to="ann"),
    "records shown to who sees the whole case": content(shows="decide", sight={"clerk": "case"}),
    "a mail to one organisation's people": content(
        to="outside:north", sight={"outside": "own"}
    ),
    "a mail to a role that sees the whole case": content(to="clerk", sight={"clerk": "case"}),
    "a limit by law on the calendar of the country": content(limit={
        "due": '=min(working_day(today(), 5, 0, "national"), days_after(today(), 56))',
        "backstop": '=months_after(today(), 6, "national")', "basis": "Care Act 2014 s3"}),
    "local days of a duty by law": content(limit={
        "due": "=working_days_after(today(), 5)", "basis": "Care Act 2014 s3; local: 5 days"}),
    "a document": with_document(
        '«if told.decide.decision = "To be notified"»', "«=records.referral.harm»", "«end»",
        more="needs: [referral, decide]",
    ),
}  # fmt: skip
MINE = {
    "impossible-value", "unknown-answer", "start-event-record", "unknown-group", "mail-field",
    "mail-template", "mail-recipient", "document", "form-text-name", "group-without-sight",
    "group-too-wide", "shows-beyond-sight", "document-beyond-sight", "unknown-calendar",
    "law-moved-by-closures",
}  # fmt: skip


@pytest.mark.parametrize(("rule", "files", "said"), ROWS.values(), ids=ROWS.keys())
def test_what_cannot_be_is_told_with_what_is_nearest(
    rule: str, files: Mapping[str, bytes], said: str
) -> None:
    found = findings(files, rule)
    assert any(said in one.sentence for one in found), check(files).findings


@pytest.mark.parametrize("files", RIGHT.values(), ids=RIGHT.keys())
def test_what_is_right_is_not_told(files: Mapping[str, bytes]) -> None:
    assert not [one for one in check(files).findings if one.rule in MINE]


def test_content_that_did_not_know_these_rules_is_warned_not_refused() -> None:
    told = [check(files) for rule, files, _ in ROWS.values() if rule not in ("document",)]
    refused = {one.rule for each in told for one in each.findings if one.severity == "error"}
    # such a mail could never be written, such a limit never be counted
    assert refused == {"mail-template", "unknown-calendar"}


def test_the_start_events_id_is_never_suggested() -> None:
    files = content(asked=(text("x", properties={"prefill": "=records.refered.harm"}),))
    (found,) = findings(files, "unknown-answer")
    assert "referred" not in found.sentence


CALLED = (
    diagram(
        "start > call:ask > xor:way > task:go > end; way > end:other", process="outer",
        var={"result": "null"}, start_groups="clerk",
        ask={"process": "inner"}, go={"groups": "clerk", "condition": '=result = "yess"'},
        other={"condition": "default"},
    )
    | diagram(
        "start > task:answer > end", process="inner", start_groups=None, var={"result": "null"},
        answer={"groups": "clerk", "form": "answer"},
    )
    | asking("answer", choice("result", "yes", "no"))
    | {"settings.json": b'{"roles": ["clerk"]}'}
)  # fmt: skip


def test_what_a_called_process_can_bring_back_is_known() -> None:
    (found,) = findings(CALLED, "impossible-value")
    assert "it can be “no”, “yes”" in found.sentence


def test_what_a_message_from_outside_may_bring_is_not_known() -> None:
    files = diagram(
        "start > catch:news > xor:way > task:go > end; way > end:other", process="outer",
        var={"result": '"open"'}, start_groups="clerk", news={"message": "news"},
        go={"groups": "clerk", "condition": '=result = "anything"'}, other={"condition": "default"},
    )  # fmt: skip
    assert not findings({**files, "settings.json": b'{"roles": ["clerk"]}'}, "impossible-value")
