"""Owns what texts carry: of a property or header, of a form that is shown, of a document.

What one expression carries is `carried`'s, what its names hold `flow`'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.documents import PLACEHOLDER, Template, open_word, templates, text_of
from app.engine import NotExecutable
from app.engine.forms import Field, Form, expressions_of, level
from app.engine.forms import templates as quoted_in
from app.validation.lint.readers.carried import (
    NOTHING,
    Below,
    Carried,
    Names,
    carried,
    taken,
    with_more,
)


def said(text: str, names: Names) -> Carried:
    """What a property or header carries: FEEL after “=”, else nothing."""
    bare = text.strip()
    return carried(bare[1:].strip(), names) if bare.startswith("=") else NOTHING


def shown(form: Form, names: Names) -> Carried:
    """What a form shows beside what is answered in it."""
    return _held_in(form.fields, names)


def _held_in(fields: Iterable[Field], names: Names) -> Carried:
    held: Carried = NOTHING
    for field in fields:
        for place, source in expressions_of(field).items():
            if place == "prefill":
                held |= _prefilled(field, carried(source, names))
            elif place == "options":
                held |= _offered(carried(source, names))
            elif place.startswith("error."):
                held |= carried(source, names)
        for text in (field.label, field.hint):
            held = held.union(*(carried(source, names) for source in quoted_in(text)))
        held |= _held_in(field.fields, names)
    return held


def taken_over(form: Form, names: Names) -> Iterator[tuple[Below, Carried]]:
    """(question, what it is known from) for each question that begins with what was said before:
    who confirms it says it again."""
    yield from _taken_over(form.fields, (), names)


def _taken_over(
    fields: Iterable[Field], path: Below, names: Names
) -> Iterator[tuple[Below, Carried]]:
    for field in fields:
        here = (*path, field.key) if field.key else path
        prefill = expressions_of(field).get("prefill")
        if prefill is not None:
            yield from _leaves(field, here, carried(prefill, names))
        yield from _taken_over(field.fields, here, names)


def _leaves(field: Field, path: Below, held: Carried) -> Iterator[tuple[Below, Carried]]:
    if not field.fields:
        yield path, held
    for each in level(field.fields):
        yield from _leaves(each, (*path, each.key), taken(held, each.key))


def _prefilled(field: Field, held: Carried) -> Carried:
    """Of a list or group its questions show what stands under their keys, and nothing else."""
    if not field.fields:
        return held
    return NOTHING.union(*(_prefilled(each, taken(held, each.key)) for each in level(field.fields)))


def _offered(held: Carried) -> Carried:
    """A choice shows the label of a row, or the row where that is a text."""
    return taken(held, "label") | taken(held, "value")


def document(template: Template, names: Names) -> Carried:
    """Everything that a document says; nothing where it cannot be read, and so not be made."""
    try:
        opened = open_word(template.content)
    except NotExecutable:
        return NOTHING
    nodes = (
        node
        for container in templates.containers(opened)
        for node in templates.parsed(container, [])
    )
    return _written(nodes, names)


def _written(nodes: Iterable[templates.Node], names: Names) -> Carried:
    held: Carried = NOTHING
    for node in nodes:
        if node.kind == "paragraph":
            said = PLACEHOLDER.findall(text_of(node.element))
            held = held.union(*(carried(source.strip(), names) for source in said))
            continue
        inner = names
        if node.kind == "for":
            rows = carried(node.source, names)
            inner = with_more(names, {node.variable: rows})
        held |= _written(node.inner, inner) | _written(node.otherwise, names)
        for _, cell in node.cells:
            held |= _written(cell, inner)
    return held
