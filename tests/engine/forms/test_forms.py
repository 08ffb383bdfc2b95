"""Reading form files: what becomes a field, and what is refused in a sentence."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from app.engine.forms.fields import Form, Option
from app.engine.forms.reader import outside_names, read_form


def content(*components: dict[str, Any], **more: Any) -> bytes:
    for number, one in enumerate(components):
        one.setdefault("id", f"Field_{number}")
    return json.dumps(
        {"type": "default", "id": "sample", "components": components, **more}
    ).encode()


def read(*components: dict[str, Any]) -> Form:
    """However many questions it asks on one page."""
    form, findings = read_form("forms/sample.form", content(*components))
    assert [one for one in findings if one.rule != "form-section"] == []
    assert form is not None
    return form


def findings_of(*components: dict[str, Any]) -> dict[str, str]:
    form, findings = read_form("forms/sample.form", content(*components))
    assert form is None or all(one.severity == "warning" for one in findings)
    return {one.rule: one.sentence for one in findings}


def test_a_components_facts_become_a_field() -> None:
    form = read(
        {
            "type": "textfield",
            "key": "name",
            "label": "Your name",
            "description": "As on your badge",
            "validate": {"required": True, "maxLength": 80, "validationType": "email"},
            "properties": {
                "error.required": "Enter your name",
                "harmless_default": "a sample of a form",
            },
            "conditional": {"hide": "=a = 1"},
            "defaultValue": "Sam",
        },
        {"type": "number", "key": "a", "decimalDigits": 1, "validate": {"min": 0, "max": 2.5}},
    )
    name, number = form.fields
    assert (name.kind, name.key, name.label, name.hint) == (
        "textfield",
        "name",
        "Your name",
        "As on your badge",
    )
    assert (name.required, name.max_length, name.validation_type) == (True, 80, "email")
    assert (name.hide, name.default, name.messages) == (
        "a = 1",
        "Sam",
        {"required": "Enter your name"},
    )
    assert (number.minimum, number.maximum, number.decimal_digits) == (
        Decimal(0),
        Decimal("2.5"),
        1,
    )


@pytest.mark.parametrize(
    ("component", "kind"),
    [
        ({"type": "datetime", "subtype": "date"}, "date"),
        ({"type": "datetime", "subtype": "time"}, "time"),
        ({"type": "datetime", "subtype": "datetime"}, "datetime"),
        ({"type": "taglist", "values": [{"value": "a", "label": "A"}]}, "checklist"),
        ({"type": "checklist", "values": [{"value": "a", "label": "A"}]}, "checklist"),
        ({"type": "checkbox"}, "checkbox"),
        ({"type": "textarea"}, "textarea"),
    ],
)
def test_form_js_types_become_our_kinds(component: dict[str, Any], kind: str) -> None:
    assert read({"key": "a", **component}).fields[0].kind == kind


def test_options_are_drawn_or_worked_out() -> None:
    drawn = {"type": "radio", "key": "a", "values": [{"value": "x", "label": "X"}]}
    worked = {"type": "select", "key": "b", "valuesExpression": "=settings.agencies"}
    first, second = read(drawn, worked).fields
    assert first.options == (Option("x", "X"),)
    assert second.options_expression == "settings.agencies"


def test_groups_and_lists_hold_their_fields() -> None:
    form = read(
        {
            "type": "group",
            "path": "contact",
            "label": "Contact",
            "components": [{"type": "textfield", "key": "name", "id": "n"}],
        },
        {
            "type": "dynamiclist",
            "path": "events",
            "properties": {"min_items": "1", "max_items": "4"},
            "components": [{"type": "textfield", "key": "what", "id": "w"}],
        },
    )
    assert [one.key for one in form.walk()] == ["contact", "name", "events", "what"]
    assert (form.fields[1].min_items, form.fields[1].max_items) == (1, 4)


def test_title_is_the_first_heading_and_the_digest_that_of_the_file() -> None:
    form = read({"type": "text", "text": "# Return\nMore"})
    assert form.title == "Return"
    assert len(form.digest) == 64


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        ("html", "could carry a program"),
        ("iframe", "could watch people type"),
        ("image", "would tell its owner who reads"),
        ("button", "The page has its own buttons"),
        ("documentPreview", "not shown inside forms"),
        ("script", "Programs never run"),
        ("expression", "Use the property “prefill”"),
    ],
)
def test_components_that_could_run_or_leak_are_refused_with_the_reason(
    kind: str, says: str
) -> None:
    assert says in findings_of({"type": kind, "label": "Logo"})["form-field-kind"]


@pytest.mark.parametrize(
    ("rule", "says", "components"),
    [
        ("form-field-kind", "Did you mean “textfield”", [{"type": "textfeild", "key": "a"}]),
        (
            "form-key-missing",
            "(Field_0): It has no key",
            [{"type": "textfield", "label": "Name"}],
        ),
        ("form-key-name", "letters, digits", [{"type": "textfield", "key": "a.b"}]),
        ("form-key-name", "another meaning", [{"type": "textfield", "key": "settings"}]),
        (
            "form-key-twice",
            "2 questions have the key “a”",
            [{"type": "textfield", "key": "a"}, {"type": "number", "key": "a"}],
        ),
        (
            "form-expression",
            "hide if",
            [{"type": "textfield", "key": "a", "conditional": {"hide": "=1 +"}}],
        ),
        (
            "form-expression",
            "with “=” first",
            [{"type": "textfield", "key": "a", "conditional": {"hide": "x"}}],
        ),
        (
            "form-expression",
            "its prefill cannot be read",
            [{"type": "textfield", "key": "a", "properties": {"prefill": "=(("}}],
        ),
        ("form-expression", "in its text", [{"type": "text", "text": "Hello {{1 +}}"}]),
        ("form-options", "It needs options", [{"type": "radio", "key": "a", "values": []}]),
        (
            "form-options",
            "the same value",
            [
                {
                    "type": "radio",
                    "key": "a",
                    "values": [{"value": "x", "label": "1"}, {"value": "x", "label": "2"}],
                }
            ],
        ),
        (
            "form-pattern",
            "not a regular expression",
            [{"type": "textfield", "key": "a", "validate": {"pattern": "("}}],
        ),
        (
            "form-limit",
            "must be a plain number",
            [{"type": "number", "key": "a", "validate": {"min": "=x"}}],
        ),
        (
            "form-property",
            "Did you mean “prefill”",
            [{"type": "textfield", "key": "a", "properties": {"prefil": "x"}}],
        ),
        (
            "form-property",
            "error.required",
            [{"type": "textfield", "key": "a", "properties": {"error.requierd": "x"}}],
        ),
    ],
)
def test_finding_says_what_is_wrong(rule: str, says: str, components: list[dict[str, Any]]) -> None:
    assert says in findings_of(*components)[rule]


def test_finding_carries_the_components_id_and_line() -> None:
    text = '{"components": [\n{"type": "button", "id": "Send",\n "label": "Send"}]}'
    _, findings = read_form("forms/a.form", text.encode())
    assert (findings[0].element_id, findings[0].line) == ("Send", 2)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b'{"components": 3}',
        b'{"components": [3, null, {}, {"type": 4}]}',
        b'{"components": [{"type": "group", "components": 3}]}',
        b"[" * 100_000,
        b'{"components": [{"type": "number", "key": "a", "validate": {"min": NaN}}]}',
        b" " * 2_000_000,
        json.dumps({"components": [{"type": "text"}] * 1001}).encode(),
    ],
    ids=str,
)
def test_any_file_gives_findings_and_never_an_exception(content: bytes) -> None:
    form, findings = read_form("forms/a.form", content[:3_000_000])
    assert findings or form is not None


def test_names_from_outside_are_those_the_form_does_not_answer_itself() -> None:
    form = read(
        {"type": "textfield", "key": "a", "conditional": {"hide": "=b = quadrant"}},
        {"type": "textfield", "key": "b", "properties": {"prefill": "=records.x.y + settings.z"}},
    )
    assert outside_names(form) == {"quadrant"}


def test_label_that_is_no_text_is_not_spoken_of() -> None:
    broken = {
        "type": "textfield", "key": "a", "id": "A", "label": {"row": "Row_1"},
        "description": ["x"], "conditional": {"hide": "=1 +"},
    }  # fmt: skip
    _, findings = read_form(
        "forms/f.form", json.dumps({"id": "f", "components": [broken]}).encode()
    )
    assert findings and not [one for one in findings if "{'" in one.sentence]
