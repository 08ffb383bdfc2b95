"""Who can read what: every way by which an answer comes before somebody stands in the map."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from app.engine.errors import Finding
from app.validation.deployment import check
from app.validation.lint.readers import Row
from app.validation.who_reads import who_reads
from tests.kit import diagram
from tests.word_documents import document, word

CLASSES = [
    {"value": "process", "label": "How the case goes", "ordinary": True},
    {"value": "health", "label": "Health", "readers": ["whole_case"]},
]
SIGHT = {"clerk": "case", "police": "own", "doctor": "own", "boss": "all"}
SECRET = {"class": "health"}


def asking(id: str, *components: dict[str, Any]) -> dict[str, bytes]:
    held = [{"id": f"{id}_{n}", "label": f"Q{n}", **one} for n, one in enumerate(components)]
    content = {"type": "default", "id": id, "schemaVersion": 18, "components": held}
    return {f"forms/{id}.form": json.dumps(content).encode()}


def text(key: str, **properties: str) -> dict[str, Any]:
    return {"type": "textfield", "key": key, "properties": properties}


def shown(key: str, prefill: str) -> dict[str, Any]:
    return {**text(key, prefill=prefill), "readonly": True}


CHILDREN: dict[str, Any] = {
    "type": "dynamiclist",
    "path": "children",
    "properties": {"persons": "child"},
    "components": [
        {**text("name", person_is="name"), "id": "c1", "label": "Name"},
        {**text("ill", **SECRET), "id": "c2", "label": "Illness"},
    ],
}


def content(
    *,
    illness: Mapping[str, str] = SECRET,
    classes: Any = CLASSES,
    var: Mapping[str, str] | None = None,
    header: str = "",
    to: str = "police:north",
    mail: str = "Subject: Case {reference}\n\nSee {link}",
    out: str = "=harm -> harm",
    more: Mapping[str, bytes] | None = None,
    settings: Mapping[str, Any] | None = None,
    **meet: str,
) -> dict[str, bytes]:
    """Somebody says what is known of a child's health; the police do a task, and have a mail."""
    asked = meet.pop("asked", None)
    given: dict[str, Any] = {"roles": sorted(SIGHT), "role_sight": SIGHT, "classes": classes}
    headers = {"word": header} if header else {}
    return {
        **diagram(
            "start > task:tell > task:meet > send:say > end",
            process="referral",
            start_groups=None,
            var={"harm": "null", "other": "null", **(var or {})},
            tell={"groups": "clerk", "form": "tell", "out": out},
            meet={"groups": "police:north", "form": "meet", **meet},
            say={"effect": "mail", "to": to, "template": "late", **headers},
        ),
        **asking("tell", text("harm", **illness), text("note"), CHILDREN),
        **asking("meet", text("plan"), *(asked or ())),
        "forms/mail/late.txt": mail.encode(),
        "settings.json": json.dumps({**given, **(settings or {})}).encode(),
        **(more or {}),
    }


def rows(files: Mapping[str, bytes]) -> set[tuple[str, str, str, str]]:
    """(question, reader, way, place) of what is said, and not only decides."""
    return {(r.question, r.reader, r.way, r.element) for r in _map(files) if not r.decides}


def _map(files: Mapping[str, bytes]) -> tuple[Row, ...]:
    return who_reads(files).rows


def findings(files: Mapping[str, bytes], rule: str = "class-beyond-readers") -> list[Finding]:
    return [one for one in check(files).findings if one.rule == rule]


def brief(*components: dict[str, Any]) -> dict[str, bytes]:
    return asking("about", *components)


HARM = "={}records.tell.harm"
#: way → (files, (question, reader, way, place))
WAYS: dict[str, tuple[dict[str, bytes], tuple[str, str, str, str]]] = {
    "who is asked": (content(), ("harm", "clerk", "asked", "tell")),
    "by role": (content(), ("harm", "whole_case", "history", "")),
    "a read-only question": (
        content(asked=[shown("x", "=records.tell.harm")]), ("harm", "police", "form", "meet")),
    "a text": (
        content(asked=[{"type": "text", "text": "It was {{records.tell.harm}}."}]),
        ("harm", "police", "form", "meet")),
    "a variable": (
        content(asked=[shown("x", "=harm")]), ("harm", "police", "form", "meet")),
    "a variable behind another": (
        content(out="=answers -> other | =upper case(other.harm) -> harm",
                asked=[shown("x", "=harm")]), ("harm", "police", "form", "meet")),
    "a row of a list": (
        content(asked=[shown("x", "=for c in records.tell.children return c.ill")]),
        ("children.ill", "police", "form", "meet")),
    "everybody's answers": (
        content(asked=[shown("x", '=string join(records.tell_all.harm, ", ")')]),
        ("harm", "police", "form", "meet")),
    "everything that is recorded": (
        content(asked=[shown("x", '=string(get value(records, "te" + "ll"))')]),
        ("harm", "police", "form", "meet")),
    "a list of the case's people": (
        content(asked=[{"type": "select", "key": "who", "valuesExpression": "=persons"}]),
        ("children.name", "police", "form", "meet")),
    "the words of a choice": (
        content(asked=[{"type": "select", "key": "who", "valuesExpression":
                        "=for c in records.tell.children return {value: c.name, label: c.ill}"}]),
        ("children.ill", "police", "form", "meet")),
    "a brief": (
        content(brief="about", more=brief(shown("x", "=harm"))),
        ("harm", "police", "brief", "meet")),
    "a record": (content(shows="tell"), ("children.ill", "police", "record", "meet")),
    "a document on the task": (
        content(brief_document="note",
                more=document("note", word("«for c in records.tell.children»", "«=c.ill»", "«end»"),
                              more="for: inside")), ("children.ill", "police", "document", "meet")),
    "a document that is made": (
        content(more=document("note", word("«=records.tell.harm»"), groups="boss",
                              more="for: outward")), ("harm", "boss", "made document", "note")),
    "a document that leaves": (
        content(more=document("note", word("«=told.tell.harm»"), more="for: outward")),
        ("harm", "outward", "made document", "note")),
    "the subject of a mail": (
        content(header="=harm", mail="Subject: {word}\n\nx"),
        ("harm", "police", "mail subject", "say")),
    "the text of a mail": (
        content(header="=harm", mail="Subject: x\n\n{word}"), ("harm", "police", "mail", "say")),
    "a mail whose text is not known yet": (
        content(header="=harm", more={"forms/mail/late.txt": b""}),
        ("harm", "police", "mail subject", "say")),
    "a label": (content(label="=harm"), ("harm", "police", "label", "meet")),
    "a status, read by who sees a part of the case": (
        content(status='="Now: " + harm'), ("harm", "police", "status", "meet")),
    "a deadline": (content(due="=harm"), ("harm", "police", "deadline", "meet")),
    "an answer that a form shows": (
        content(illness={"shown_to": "starter"}), ("harm", "starter", "shown", "tell")),
    "an expression that cannot be read": (
        content(label="=harm ++ ]"), ("harm", "police", "label", "meet")),
}  # fmt: skip
#: what is no way
NO_WAY: dict[str, tuple[dict[str, bytes], tuple[str, str]]] = {
    "another question of the same row": (
        content(asked=[shown("x", "=for c in records.tell.children return c.name")]),
        ("children.ill", "police")),
    "a list whose questions do not ask for it": (
        content(asked=[{"type": "dynamiclist", "path": "kids", "properties":
                        {"prefill": "=records.tell.children"},
                        "components": [{**text("name"), "id": "k"}]}]),
        ("children.ill", "police")),
    "how many there are": (
        content(asked=[shown("x", "=count(records.tell.children)")]), ("children.ill", "police")),
    "a word of a mail that its text does not say": (
        content(header="=harm"), ("harm", "police")),
    "what the people of a case are called": (
        content(asked=[shown("x", "=persons.name")]), ("children.ill", "police")),
}  # fmt: skip


@pytest.mark.parametrize(("files", "way"), WAYS.values(), ids=WAYS.keys())
def test_every_way_stands_in_the_map(
    files: dict[str, bytes], way: tuple[str, str, str, str]
) -> None:
    assert way in rows(files)


@pytest.mark.parametrize(("files", "way"), NO_WAY.values(), ids=NO_WAY.keys())
def test_what_is_no_way_stands_not(files: dict[str, bytes], way: tuple[str, str]) -> None:
    assert way not in {(question, reader) for question, reader, _, _ in rows(files)}


def test_an_answer_that_only_decides_what_is_said_is_told_apart() -> None:
    files = content(label='=if harm = "" then "Later" else "Now"')
    mine = [row for row in _map(files) if row.way == "label" and row.reader == "police"]
    assert [(row.question, row.decides) for row in mine] == [("harm", True)]
    assert not findings(files)


def test_whom_nobody_can_tell_is_never_taken_for_nobody() -> None:
    files = content(groups="=other", shows="tell")
    assert ("harm", "somebody", "record", "meet") in rows(files)


def test_a_way_that_breaks_a_class_is_refused_with_what_to_do() -> None:
    (found,) = findings(content(label="=harm"))
    assert found.severity == "error"
    assert found.element_id == "meet"
    assert found.sentence == (
        "The user task “Meet” brings “Q0” of the class “health” to “police” (Label), who may not "
        "read it. Leave it out there, offer it to others, or name them under “readers” of the "
        "class."
    )


ALLOWED = {
    "a reader of the class": content(
        label="=harm", classes=[CLASSES[0], {**CLASSES[1], "readers": ["police", "whole_case"]}]
    ),
    "a role that sees the whole case, where all of these may": content(
        label="=harm", groups="clerk, boss"
    ),
    "the question has the ordinary class": content(label="=harm", illness={}),
    "a class that everybody may read": content(
        label="=harm", classes=[{"value": "health"}, CLASSES[0]]
    ),
    "who is asked says it themselves": content(
        asked=[text("pain", **SECRET)],
    ),
}


@pytest.mark.parametrize("files", ALLOWED.values(), ids=ALLOWED.keys())
def test_what_the_settings_allow_is_not_told(files: dict[str, bytes]) -> None:
    assert not findings(files)


def test_a_class_of_a_form_is_that_of_its_questions_unless_one_says_otherwise() -> None:
    heading = {"type": "text", "text": "# Tell", "properties": SECRET}
    files = content(
        more=asking("tell", heading, text("harm"), text("note", **{"class": "process"}))
    )
    classes = {(row.question, row.class_) for row in _map(files) if row.form == "tell"}
    assert classes == {("harm", "health"), ("note", "process")}


def test_a_signal_to_other_cases_reaches_people_of_none_of_ours() -> None:
    files = content(settings={"signals_across_cases": ["fire"]}) | diagram(
        "start > task:tell > throw:alarm > end",
        process="referral",
        start_groups=None,
        tell={"groups": "clerk", "form": "tell"},
        alarm={"signal": "fire", "in": "=records.tell.harm -> harm | =harm -> other"},
        var={"harm": "null"},
    )
    assert ("harm", "other_case", "signal", "alarm") in rows(files)
    (found,) = findings(files)
    assert "“other_case” (Signal to other cases)" in found.sentence


WIDER = content(asked=[{**text("again", prefill="=records.tell.harm"), "label": "Again"}],
                groups="clerk")  # fmt: skip
NO_WIDER = content(
    asked=[text("again", prefill="=records.tell.harm", **SECRET)], groups="clerk"
)  # fmt: skip
#: rule → (title, wrong, right): an example of each
EXAMPLES: dict[str, tuple[str, dict[str, bytes], dict[str, bytes]]] = {
    "unknown-class": (
        "a question of a class that the settings do not have",
        content(illness={"class": "helth"}), content()),
    "class-beyond-readers": (
        "the label of a task says what only others may read", content(label="=harm"), content()),
    "class-lost": (
        "a question that anybody may read begins with what only some may read", WIDER, NO_WIDER),
}  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "wrong", "right"), [(r, w, ok) for r, (_, w, ok) in EXAMPLES.items()], ids=EXAMPLES
)
def test_each_rule_tells_the_wrong_drawing_and_not_the_right_one(
    rule: str, wrong: dict[str, bytes], right: dict[str, bytes]
) -> None:
    assert findings(wrong, rule)
    assert not findings(right, rule)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (content(illness={"class": "helth"}), "Did you mean “health”?"),
        (content(classes=[*CLASSES, {"value": "law", "readers": ["polise"]}]), "“police”"),
    ],
    ids=["of a question", "a reader of a class"],
)
def test_a_misspelt_class_or_reader_is_told(files: dict[str, bytes], said: str) -> None:
    assert any(said in one.sentence for one in findings(files, "unknown-class"))
