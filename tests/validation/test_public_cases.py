"""Faults that people reported about other products, as small cases with the value that is right.

Numbers are those of the collection they come from; each row says what the report was about.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.engine.feel import World
from app.engine.forms.answers import read_answers
from app.engine.forms.fields import Form
from app.engine.forms.reader import read_form
from app.validation.deployment import check
from tests.engine.tiny import END, START, document, flow, process, said, user

WORLD = World(now=datetime(2026, 11, 29, 12, tzinfo=UTC))
NBSP, NARROW, HYPHEN, UNSEEN = "\u00a0", "\u202f", "\u2011", "\u200b"


def text(key: str, **more: Any) -> dict[str, Any]:
    return {"type": "textfield", "key": key, "label": key, **more}


def when(key: str, subtype: str, **more: Any) -> dict[str, Any]:
    return {"type": "datetime", "subtype": subtype, "key": key, "dateLabel": key, **more}


def rows(*most: str) -> dict[str, Any]:
    limit = {"properties": {"max_items": most[0]}} if most else {}
    return {"type": "dynamiclist", "path": "rows", "label": "Rows", **limit,
            "components": [text("what", id="what")]}  # fmt: skip


def content(*components: dict[str, Any]) -> bytes:
    held = [{"id": f"F{number}", **one} for number, one in enumerate(components)]
    return json.dumps({"type": "default", "id": "f", "components": held}).encode()


def read(*components: dict[str, Any]) -> Form:
    found, findings = read_form("forms/f.form", content(*components))
    assert found is not None, findings
    return found


REFUSED = {
    "130 a button": ({"type": "button", "label": "Go"}, "form-field-kind"),
    "130 a preview of documents": ({"type": "documentPreview"}, "form-field-kind"),
    "130 a computed field": ({"type": "expression", "key": "a"}, "form-field-kind"),
    "130 HTML": ({"type": "html", "content": "<b>"}, "form-field-kind"),
    "130 another page": ({"type": "iframe", "url": "x"}, "form-field-kind"),
    "130 a picture": ({"type": "image", "source": "x"}, "form-field-kind"),
    "130 a table": ({"type": "table", "dataSource": "x"}, "form-field-kind"),
    "130 read-only by FEEL": (text("a", readonly="=true"), "form-expression"),
    "132 a key with a dot": (text("dinner.meal"), "form-key-name"),
    "134 a key with a hyphen": (text("due-date"), "form-key-name"),
    "138 a kind that there is not": ({"type": "hologram", "key": "a"}, "form-field-kind"),
}


@pytest.mark.parametrize(("component", "rule"), REFUSED.values(), ids=REFUSED.keys())
def test_what_no_form_here_can_ask_is_refused_at_its_place(
    component: dict[str, Any], rule: str
) -> None:
    checked = check({"forms/f.form": content(component)})
    (found,) = [one for one in checked.findings if one.severity == "error"]
    assert (found.rule, found.element_id) == (rule, component.get("id") or "F0")


def test_122_a_required_question_that_a_group_hides_does_not_block() -> None:
    values = [{"label": one, "value": one} for one in "ab"]
    hidden = text(
        "inp", id="x", validate={"required": True}, conditional={"hide": '=r = "a"'}
    )  # fmt: skip
    form = read(
        {"type": "radio", "key": "r", "label": "r", "values": values},
        {"type": "group", "path": "g", "label": "g", "components": [hidden]},
    )
    assert read_answers(form, {"r": "a"}, {}, WORLD).messages == {}
    assert list(read_answers(form, {"r": "b"}, {}, WORLD).messages) == ["g.inp"]


@pytest.mark.parametrize(
    ("most", "given", "kept", "told"),
    [
        pytest.param(("200",), 200, 200, 0, id="124 two hundred rows"),
        pytest.param(("600",), 200, 200, 1, id="124 more rows than fit are told"),
        pytest.param((), 50, 50, 0, id="124 no limit said: fifty"),
    ],
)
def test_long_lists(most: tuple[str, ...], given: int, kept: int, told: int) -> None:
    form, findings = read_form("forms/f.form", content(rows(*most)))
    assert form is not None
    assert len(findings) == told
    answers = {"rows": [{"what": f"row {number}"} for number in range(given)]}
    reading = read_answers(form, answers, {}, WORLD)
    assert not reading.messages
    assert len(reading.answers["rows"]) == kept


POSTCODE = text("a", validate={"pattern": "^[A-Za-z]{1,2}[0-9][A-Za-z0-9]? *[0-9][A-Za-z]{2}$"})
NHS = text("a", properties={"mod11": "true"})
PASTED = {
    "126 a number with a narrow space": (
        {"type": "number", "key": "a", "label": "a"}, f"1{NARROW}234", Decimal(1234)),
    "126 a number with a minus sign": (
        {"type": "number", "key": "a", "label": "a"}, "\u22125", Decimal(-5)),
    "126 a date with no-break spaces": (
        when("a", "date"), f"29{NBSP}November{NBSP}2026", date(2026, 11, 29)),
    "126 a date with no-break hyphens": (
        when("a", "date"), f"2026{HYPHEN}11{HYPHEN}29", date(2026, 11, 29)),
    "126 a date in parts": (
        when("a", "date"), {"day": f"{UNSEEN}29", "month": f"11{NBSP}", "year": "2026"},
        date(2026, 11, 29)),
    "126 a date and time": (
        when("a", "datetime"), f"29{NBSP}November 2026{NBSP}9:30{NARROW}am",
        datetime(2026, 11, 29, 9, 30, tzinfo=UTC)),
    "126 a telephone number": (
        text("a", validate={"validationType": "phone"}), f"01632{NBSP}960{HYPHEN}001",
        "01632 960-001"),
    "126 an address of a mail": (
        text("a", validate={"validationType": "email"}), f"{UNSEEN}a@example.org{NBSP}",
        "a@example.org"),
    "126 a text keeps its dashes; its spaces are plain": (
        text("a"), f"a{NBSP}b\u2014c", "a b\u2014c"),
    "126 a family joined without a sign stays one": (text("a"), "👨\u200d👩", "👨\u200d👩"),
    "126 nothing that can be seen": (text("a"), f"{UNSEEN}{NBSP}\u2060", None),
    "192 NUL goes like other control characters": (text("a"), "a\0b\x07c", "abc"),
    "196 an NHS number": (NHS, f"943{NBSP}476{HYPHEN}5919", "9434765919"),
    "196 a postcode": (POSTCODE, f"GU1{NBSP}1AA", "GU1 1AA"),
    "196 a postcode with what cannot be seen": (POSTCODE, f"GU1 1AA{UNSEEN}", "GU1 1AA"),
}  # fmt: skip


@pytest.mark.parametrize(("component", "given", "value"), PASTED.values(), ids=PASTED.keys())
def test_pasted_values(component: dict[str, Any], given: Any, value: Any) -> None:
    reading = read_answers(read(component), {"a": given}, {}, WORLD)
    assert reading.messages == {}
    assert reading.answers["a"] == value


def test_126_a_name_that_cannot_be_seen_is_missing() -> None:
    form = read(text("a", validate={"required": True}))
    assert list(read_answers(form, {"a": UNSEEN}, {}, WORLD).messages) == ["a"]


def test_128_a_long_form_is_read_and_one_too_long_refused() -> None:
    assert len(read(*(text(f"a{number}") for number in range(300))).fields) == 300
    found = check({"forms/f.form": content(*(text(f"a{n}") for n in range(1_001)))}).findings
    assert [one.rule for one in found if one.severity == "error"] == ["form-limit"]


@pytest.mark.parametrize("more", [{"minDate": "2020-01-01"}, {"validate": {"minDate": "x"}}])
def test_136_a_bound_of_a_date_that_nothing_reads_is_told(more: dict[str, Any]) -> None:
    form, findings = read_form("forms/f.form", content(when("a", "date", **more)))
    assert form is not None
    assert [(one.rule, one.severity) for one in findings] == [("form-property", "warning")]
    given = (WORLD.now or datetime.now(UTC)) - timedelta(days=9_000)
    assert not read_answers(form, {"a": given.date()}, {}, WORLD).messages


def test_58_a_copied_pool_with_the_same_process_id_is_told() -> None:
    one = process(START, user("a"), END, flows="start>a a>end")
    other = "".join(
        ('<process id="p" isExecutable="true">', user("b"), '<startEvent id="s"/>', flow("s>b"),
         "</process>")
    )  # fmt: skip
    found = check({"bpmn/t.bpmn": document(one, other)}).refused
    assert ["The id “p” of “process” stands twice" in one.sentence for one in found] == [True]


def test_76_a_message_name_with_a_blank_behind_is_another_name() -> None:
    send = '<sendTask id="send" name="Tell" messageRef="m"/>'
    wait = '<receiveTask id="wait" name="Wait" messageRef="n"/>'
    root = '<message id="m" name="go "/><message id="n" name="go"/>'
    drawn = document(root, process(START, send, wait, END, flows="start>send send>wait wait>end"))
    found = said({"bpmn/t.bpmn": drawn, "settings.json": b"{}"}, "message-unheard")
    assert [(one.severity, one.element_id) for one in found] == [("warning", "send")]
    assert "Did you mean “go”?" in found[0].sentence


def test_214_a_value_in_braces_is_shown_as_it_stands() -> None:
    call = '<callActivity id="c" name="Stage" calledElement="${StageWorkFlow}"/>'
    drawn = document("", process(START, call, END, flows="start>c c>end"))
    assert any(
        "“${StageWorkFlow}”" in one.sentence for one in check({"bpmn/t.bpmn": drawn}).refused
    )
