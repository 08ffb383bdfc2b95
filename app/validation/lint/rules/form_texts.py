"""Owns where a form asks for what is outside it: conditions, first values, options, and its texts.

A text (label, hint) is worked out when the page is made, so it knows no answer of the form itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.engine.bpmn import Element
from app.engine.feel import compile_expression
from app.engine.forms import Field, Form, expressions_of, templates
from app.validation.lint.sources import Sources, sources
from app.validation.lint.view import View
from app.validation.shapes import (
    Missing,
    Names,
    Record,
    Several,
    Shape,
    item_of,
    look_up,
    matters_shape,
    persons_shape,
)

#: what is worked out before anybody has answered
_EARLY = frozenset({"prefill", "options"})
_PLACES = {"hide": "the condition “hide if”", "prefill": "the prefill", "options": "the options"}


@dataclass(frozen=True, slots=True)
class Asked:
    """An expression of a form, and what it asks for that cannot be."""

    #: the element that shows the form
    id: str
    #: "the prefill of the field “Harm” of the form “triage”"
    what: str
    missing: tuple[Missing, ...]
    #: names that a text takes from outside
    names: frozenset[str] = frozenset()
    #: the FEEL of a text; None for other places
    text: str | None = None
    #: the FEEL, whatever the place
    source: str = ""


def in_forms(view: View) -> list[Asked]:
    """What the forms of the process ask for, looked up once."""
    if "asked" not in view.memo:
        view.memo["asked"] = list(asked(view))
    kept: list[Asked] = view.memo["asked"]
    return kept


def asked(view: View) -> Iterator[Asked]:
    """Every expression of the forms that the process shows."""
    known = sources(view)
    for element in view.elements.values():
        for form in view.forms_of(element):
            yield from _of_form(view, known, element, form)


def _of_form(view: View, known: Sources, element: Element, form: Form) -> Iterator[Asked]:
    variables = known.names(view.process, element)

    def outside(name: str) -> Shape:
        if name == "records":
            return known.records(view.process)
        if name == "persons":
            return persons_shape()
        if name == "matters":
            return matters_shape()
        if name == "shut_out" and form.id == element.form:
            return Several(None)
        if name == "awaited" and form.id == element.rules.form:
            return Several(None)
        return variables(name)

    answers = known.answers(form)
    yield from _of_fields(element.id, form, form.fields, answers, outside, outside)


def _of_fields(
    id: str, form: Form, fields: Iterable[Field], own: Record, inside: Names, outside: Names
) -> Iterator[Asked]:
    """`inside`: what the levels around know; `outside`: what is known before any answer."""

    def names(name: str) -> Shape:
        if name == "this":
            return own
        return own.keys[name] if name in own.keys else inside(name)

    def below(name: str) -> Shape:
        return own if name == "parent" else names(name)

    for field in fields:
        about = f"of the field “{_short(field.label or field.key)}” of the form “{form.id}”"
        for place, source in expressions_of(field).items():
            what = _PLACES.get(place, f"the property “{place}”")
            known = outside if place in _EARLY else names
            missing = look_up(source, known)[1]
            yield Asked(id, f"{what} {about}", missing, source=source)
        for text in (field.label, field.hint):
            for source in templates(text):
                what = f"the text “{_short(text)}” of the form “{form.id}”"
                used = compile_expression(source).names
                yield Asked(id, what, look_up(source, outside)[1], used, source, source)
        if field.fields:
            row = item_of(own.keys.get(field.key)) if field.key else own
            if isinstance(row, Record):
                around = below if field.key else inside
                yield from _of_fields(id, form, field.fields, row, around, outside)


def _short(text: str) -> str:
    shown = " ".join(text.split())
    return shown if len(shown) <= 60 else shown[:59] + "…"
