"""Owns the sentences a form answers with, and the texts of a form that hold expressions.

When a sentence is due is `validation`; the style is that of GOV.UK error messages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.engine import saying
from app.engine.errors import ExpressionFault
from app.engine.feel import World, compile_expression
from app.engine.forms.fields import Field, Form
from app.engine.forms.naming import TEMPLATE

#: what begins a name that is a question of its own
_ASKING = frozenset({
    "how", "if", "what", "when", "where", "whether", "which", "who", "whom", "whose", "why",
})  # fmt: skip
_SELECTED = frozenset({"radio", "select", "checklist", "checkbox", "filepicker"})


@dataclass(frozen=True, slots=True)
class Wrong:
    """Why an answer cannot stand: the rule it breaks and the sentence that says so."""

    rule: str
    sentence: str


def wrong(field: Field, rule: str, sentence: str) -> Wrong:
    """The form's own sentence for the rule when it has one, else ours."""
    own = field.messages.get(rule)
    if own is None and rule.startswith("validate."):
        own = field.messages.get("validate")
    return Wrong(rule, own or sentence)


def name_of(field: Field) -> str:
    """What sentences call the answer: its property “name”, else its label without “?”."""
    return field.rules.name or field.label.strip().rstrip("?").strip() or "This answer"


def subject(field: Field) -> str:
    """How a sentence that says what the answer must be begins: “Your answer to …” where its name is
    a question, which cannot be anything."""
    return f"Your answer to “{_quoted(field)}”" if _asks(field) else name_of(field)


def inside(field: Field) -> str:
    """What sentences call the answer behind a verb, as in “Check …”."""
    whole = _whole_question(field)
    return f"your answer to “{_quoted(field)}”" if whole else lowered(name_of(field))


def too_long(field: Field, most: int) -> str:
    if _asks(field):
        return f"Shorten your answer to “{_quoted(field)}” to {most:,} characters or less"
    return f"{name_of(field)} must be {most:,} characters or less"


def _whole_question(field: Field) -> bool:
    return field.rules.name is None and field.label.strip().endswith("?")


def _asks(field: Field) -> bool:
    first = name_of(field).partition(" ")[0].lower()
    return _whole_question(field) or first in _ASKING


def _quoted(field: Field) -> str:
    return field.label.strip() if _whole_question(field) else name_of(field)


def lowered(name: str) -> str:
    """The name inside a sentence: a capital goes unless it begins an acronym such as NHS."""
    if len(name) > 1 and name[0].isupper() and not name[1].isupper():
        return name[0].lower() + name[1:]
    return name


def missing(field: Field) -> str:
    """The sentence for an answer that must be given and was not."""
    verb = "Select" if field.kind in _SELECTED else "Enter"
    if field.label.strip().endswith("?") and field.rules.name is None:
        what = "an answer to" if verb == "Select" else "your answer to"
        return f"{verb} {what} “{field.label.strip()}”"
    return f"{verb} {lowered(name_of(field))}"


def worded(form: Form, scope: Mapping[str, Any], world: World) -> Form:
    """The form with every label, hint and text worked out that is FEEL or holds {{ FEEL }}."""
    return replace(form, fields=tuple(_worded(field, scope, world) for field in form.fields))


def _worded(field: Field, scope: Mapping[str, Any], world: World) -> Field:
    changed: dict[str, Any] = {
        name: said(text, scope, world)
        for name, text in (("label", field.label), ("hint", field.hint))
        if text.startswith("=") or "{{" in text
    }
    if field.fields:
        changed["fields"] = tuple(_worded(inner, scope, world) for inner in field.fields)
    return replace(field, **changed) if changed else field


def said(text: str, scope: Mapping[str, Any], world: World) -> str:
    """The text with what it holds of FEEL worked out."""
    if text.startswith("="):
        return _evaluated(text[1:], scope, world)
    return TEMPLATE.sub(lambda placeholder: _evaluated(placeholder[1].strip(), scope, world), text)


def _evaluated(source: str, scope: Mapping[str, Any], world: World) -> str:
    try:
        value = compile_expression(source).evaluate(scope, replace(world, strict=False))
    except ExpressionFault:
        return ""
    # What somebody once typed must not become a link in somebody else's form.
    return saying.text(value).replace("](", "] (")
