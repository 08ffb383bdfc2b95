"""Owns what may stand in a form's names, patterns and expressions.

The translation of components is `components`; the rules for answers are `validation`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from app.engine.errors import ExpressionFault
from app.engine.feel import compile_expression, patterns
from app.engine.forms.fields import Field

if TYPE_CHECKING:
    from app.engine.forms.components import Reader

#: answer names: what both an HTML field name (see `input_names`) and FEEL can carry
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,79}")

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


def templates(text: str) -> list[str]:
    """FEEL sources in a label or text: all of it after "=", or what stands in {{ }}."""
    if text.startswith("="):
        return [text[1:]]
    return [source.strip() for source in TEMPLATE.findall(text)]


def conditions_of(field: Field) -> dict[str, str]:
    """The FEEL of its properties `validate`, `validate.<name>` and `required_if`, by name."""
    conditions = dict(field.rules.conditions or {})
    if field.rules.required_if is not None:
        conditions["required_if"] = field.rules.required_if
    return conditions


def quoted(field: Field) -> dict[str, str]:
    """The FEEL in {{ }} of its own messages, by the property that they stand in."""
    return {
        f"error.{name}" if number == 0 else f"error.{name} {number + 1}": source
        for name, text in field.messages.items()
        for number, source in enumerate(templates(text))
    }


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
    for name, source in conditions_of(field).items():
        yield f"its property “{name}”", source
    for name, source in quoted(field).items():
        yield f"its property “{name}”", source
    for text in (field.label, field.hint):
        for source in templates(text):
            yield "the expression in its text", source
