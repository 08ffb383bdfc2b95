"""Answers in words, as people read them: the questions are the form's, as it was asked then.

How an answer came about stands beside it, where it was not simply said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.casework.cases import persons, provenance_words
from app.casework.reading.look import Look
from app.documents import Attached, files_of, told
from app.engine import Fault, saying
from app.engine.feel import World
from app.engine.forms import Field, Form, as_contexts, level, options, read_value, worded

#: what was asked and left empty; what was not asked is not told at all
NOT_ANSWERED = "Not answered"


@dataclass(frozen=True, slots=True)
class Answer:
    question: str
    words: str
    #: how it came about, where it was not simply said
    note: str = ""
    #: what it names of files
    files: tuple[Attached, ...] = ()


def in_words(
    seen: Look, form: Form | None, given: Mapping[str, Any], at: datetime
) -> tuple[tuple[str, str], ...]:
    """(question, answer in words), in the order of the form; what was left out is not there.

    With the choices there were at that instant.
    """
    if form is None:
        return tuple((key, saying.answer(value)) for key, value in given.items())
    form, labels, _, _ = _as_asked(seen, form, given, at)
    lines = _lines(form.fields, told(form.fields, given, labels), "", "")
    unsaid = ("", NOT_ANSWERED)
    return tuple((question, words) for _, _, question, words in lines if words not in unsaid)


def answers_told(
    seen: Look, said: Mapping[str, Any], at: datetime, steps: Mapping[int, str]
) -> tuple[Answer, ...]:
    """The answers of an order, in words, with how each came about.

    `steps`: number of a history entry → what people call the form that was sent in it.
    """
    form, given = seen.locked.form(said.get("form")), said.get("answers") or {}
    if form is None:
        return tuple(Answer(key, saying.answer(value)) for key, value in given.items())
    provenance = said.get("provenance") or {}
    form, labels, scope, world = _as_asked(seen, form, given, at)
    lines = _lines(form.fields, told(form.fields, given, labels), "", "")

    def plain(value: Any, field: Field | None) -> str:
        if field is None:
            return saying.answer(value)
        chosen = labels(field) if field.options or field.options_expression else {}
        return chosen.get(str(value)) or saying.answer(read_value(field, value, scope, world))

    def answer(path: str, field: Field, question: str, words: str) -> Answer:
        how = provenance.get(path)
        if not how:
            return Answer(question, words, files=files_of(field, given, path))
        rows = [
            ", ".join(plain(value, form.at(f"{path}.{column}")) for column, value in row.items())
            for row in how.get("taken_out", ())
        ]
        words = f"Left out: {'; '.join(rows)}" if rows else words
        note = provenance_words.in_words(how, steps, lambda value: f"“{plain(value, field)}”")
        return Answer(question, words, note)

    told_of = (answer(*line) for line in lines)
    return tuple(one for one in told_of if one.words)


Labels = Callable[[Field], dict[str, str]]


def _as_asked(
    seen: Look, form: Form, given: Mapping[str, Any], at: datetime
) -> tuple[Form, Labels, Mapping[str, Any], World]:
    world = seen.locked.world(at)
    settings = seen.locked.loaded.program.settings
    people: list[Any] = []
    if seen.locked.loaded.asks_for_persons(form):
        people = as_contexts(persons(seen.locked))
    scope = {
        **given,
        "records": {},
        "persons": people,
        "matters": [],
        "awaited": [],
        "settings": settings,
    }

    def labels(field: Field) -> dict[str, str]:
        try:
            return {option.value: option.label for option in options(field, scope, world)}
        except Fault:  # the choices hung on what is not known any more: the values as they are
            return {}

    with suppress(Fault):  # else the labels as they are written
        form = worded(form, scope, world)
    return form, labels, scope, world


def _lines(
    fields: Iterable[Field], given: Mapping[str, Any], inside: str, path: str
) -> Iterator[tuple[str, Field, str, str]]:
    """(path, field, question, answer in words) of all that was asked; "" for a list with rows."""
    for field in level(fields):
        if field.key not in given:  # it was not asked
            continue
        value, name = given[field.key], inside + (field.label or field.key)
        here = f"{path}.{field.key}" if path else field.key
        if field.kind == "group" and isinstance(value, Mapping):
            yield from _lines(field.fields, value, f"{name}: ", here)
        elif field.kind == "dynamiclist" and isinstance(value, list) and value:
            yield here, field, name, ""
            for number, row in enumerate(value):
                yield from _lines(field.fields, row, f"{name} {number + 1}: ", f"{here}.{number}")
        else:
            empty = value in (None, "", [], {})
            yield here, field, name, NOT_ANSWERED if empty else saying.answer(value)
