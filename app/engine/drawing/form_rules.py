"""Owns what may stand in a form's names, patterns, properties and expressions.

The translation of components is `form_fields`; the rules for answers are `answer_rules`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from app.engine.drawing.fields import Field
from app.engine.errors import ExpressionFault
from app.engine.feel import compile_expression, nearest, patterns

if TYPE_CHECKING:
    from app.engine.drawing.form_fields import Reader

#: answer names: what both an HTML field name (see `answer_names`) and FEEL can carry
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,79}")

#: custom properties a form may use, and what they do (also in docs of the dialect)
PROPERTIES: Mapping[str, str] = {
    "prefill": "FEEL giving the first value, from records, variables or settings",
    "past": "true: the date must be today or in the past",
    "future": "true: the date must be today or in the future",
    "validate": "FEEL that must be true; “validate.<name>” for more than one",
    "required_if": "FEEL; the answer is required while it is true",
    "mod11": "true: ten digits, the last of which is the modulus-11 check digit",
    "min_items": "least number of rows of a list",
    "max_items": "greatest number of rows of a list",
    "item": "what one row of a list is called, for messages and buttons",
    "name": "how messages call the answer, when its label is a question",
    "autocomplete": "HTML autocomplete token",
    "width": "width of the input in characters",
    "rows": "height of a text area in lines",
    "inline": "true: radios side by side",
    "page": "title of a page that begins here",
    "open": "false: a group that starts closed",
}
MESSAGES = (
    "required",
    "minLength",
    "maxLength",
    "min",
    "max",
    "pattern",
    "type",
    "past",
    "future",
    "validate",
    "mod11",
    "min_items",
    "max_items",
    "option",
)
#: FEEL inside a label, hint or text
TEMPLATE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)


def check_pattern(pattern: str) -> str | None:
    """What is wrong with a regular expression, in a sentence; None when it can be used."""
    if len(pattern) > 500:
        return "Its pattern is longer than 500 characters."
    try:
        patterns.compiled(pattern, "")
    except patterns.NoPattern:
        return f"Its pattern “{pattern[:60]}” is not a regular expression we can use."
    return None


def check_properties(properties: Mapping[str, str]) -> Iterable[str]:
    """A sentence for each property that looks misspelt; other tools' properties are let be."""
    for name in properties:
        first, _, rest = name.partition(".")
        if first == "error":
            if rest.split(".")[0] not in MESSAGES:
                near = nearest(rest, MESSAGES)
                meant = f" Did you mean “error.{near}”?" if near else ""
                yield f"No rule is called “{rest}”, so this message is never shown.{meant}"
        elif first not in PROPERTIES:
            near = nearest(first, PROPERTIES)
            if near:
                yield f"The property “{name}” is not known. Did you mean “{near}”?"


def templates(text: str) -> list[str]:
    """FEEL sources in a label or text: all of it after "=", or what stands in {{ }}."""
    if text.startswith("="):
        return [text[1:]]
    return [one.strip() for one in TEMPLATE.findall(text)]


def check_expressions(fields: Iterable[Field], reader: Reader) -> None:
    """A finding for each expression of the form that cannot be read."""
    for field in fields:
        for place, source in _sources(field):
            try:
                compile_expression(source)
            except ExpressionFault as fault:
                name = field.label or field.key or field.id
                sentence = f"“{name[:80]}”: {place} cannot be read. {fault.sentence}"
                reader.report("form-expression", sentence, component=field.id)
        check_expressions(field.fields, reader)


def _sources(field: Field) -> Iterable[tuple[str, str]]:
    if field.hide is not None:
        yield "its condition “hide if”", field.hide
    if field.options_expression is not None:
        yield "the expression for its options", field.options_expression
    if isinstance(field.default, str) and field.default.startswith("="):
        yield "its prefill", field.default[1:]
    for name, text in field.properties.items():
        if name.split(".")[0] in ("validate", "required_if"):
            yield f"its property “{name}”", text.removeprefix("=")
    for text in (field.label, field.hint):
        for source in templates(text):
            yield "the expression in its text", source
