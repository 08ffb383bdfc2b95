"""Owns the earlier text of a question that is asked anew: what stands beside it to be compared.

The property `beside` says it in FEEL. It is never an answer; how it is shown is for the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from app.engine.errors import ExpressionFault
from app.engine.feel import World, compile_expression
from app.engine.forms.fields import Field, level


def earlier_texts(
    fields: Iterable[Field], scope: Mapping[str, Any], world: World
) -> dict[str, str]:
    """Key of the question → the text that it is compared with; one that has none is left out."""
    found = {}
    for field in level(fields):
        if field.rules.beside is None:
            continue
        try:
            text = compile_expression(field.rules.beside).evaluate(scope, world)
        except ExpressionFault:
            continue
        if isinstance(text, str) and text.strip():
            found[field.key] = text
    return found


def without_beside(fields: tuple[Field, ...]) -> Iterator[tuple[Field, str]]:
    """(field, sentence) for each whose earlier text is not shown where it stands."""
    for field in level(fields):
        for inner in _all(field.fields):
            if inner.rules.beside is not None:
                yield (
                    inner,
                    f"“{(inner.label or inner.key)[:80]}” stands in a list or a group with an "
                    "answer of its own, where the property “beside” has no effect.",
                )


def _all(fields: Iterable[Field]) -> Iterator[Field]:
    for field in fields:
        yield field
        yield from _all(field.fields)
