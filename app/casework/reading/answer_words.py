"""Answers in words, as people read them: the questions are the form's, as it was asked then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from app.casework.reading.look import Look
from app.documents import told
from app.engine import Fault, saying
from app.engine.forms import Field, Form, level, options, worded


def in_words(
    seen: Look, form: Form | None, given: Mapping[str, Any], at: datetime
) -> tuple[tuple[str, str], ...]:
    """(question, answer in words), in the order of the form; what was left out is not there.

    With the choices there were at that instant.
    """
    if form is None:
        return tuple((key, saying.answer(value)) for key, value in given.items())
    world = seen.locked.world(at)
    scope = {**given, "records": {}, "settings": seen.locked.loaded.program.settings}

    def labels(field: Field) -> dict[str, str]:
        try:
            return {option.value: option.label for option in options(field, scope, world)}
        except Fault:  # the choices hung on what is not known any more: the values as they are
            return {}

    with suppress(Fault):  # else the labels as they are written
        form = worded(form, scope, world)
    return tuple(_lines(form.fields, told(form.fields, given, labels), ""))


def _lines(
    fields: Iterable[Field], given: Mapping[str, Any], inside: str
) -> Iterator[tuple[str, str]]:
    for field in level(fields):
        value = given.get(field.key)
        if value in (None, "", [], {}):
            continue
        name = inside + (field.label or field.key)
        if field.kind == "group" and isinstance(value, Mapping):
            yield from _lines(field.fields, value, f"{name}: ")
        elif field.kind == "dynamiclist" and isinstance(value, list):
            for number, row in enumerate(value, 1):
                yield from _lines(field.fields, row, f"{name} {number}: ")
        else:
            yield name, saying.answer(value)
