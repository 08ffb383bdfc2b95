"""What was recorded in a case: each form that was sent, its questions with their answers in words.

Only somebody who sees the whole case reads it, and that they did is written down. Answers stand in
the history body of the command that gave them; the words of the questions are the form's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app import store
from app.casework.access import Person
from app.casework.cases import history_bodies
from app.casework.desk import Desk
from app.casework.errors import NotFound
from app.casework.reading import provenance_words
from app.casework.reading.earlier_answers import step_name
from app.casework.reading.look import Look, look
from app.documents import told
from app.engine import Fault, saying
from app.engine.feel import World
from app.engine.forms import Field, Form, level, options, read_value, worded
from app.store import DoneRow

#: what was asked and left empty; what was not asked is not told at all
NOT_ANSWERED = "Not answered"


@dataclass(frozen=True, slots=True)
class Answer:
    question: str
    words: str
    #: how it came about, where it was not simply said
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One form as it was sent."""

    #: number of its history entry
    seq: int
    #: name of the task, or of the process it started
    name: str
    #: tells siblings apart, e.g. for whom
    label: str | None
    at: datetime
    #: the person's name, and for whom they did it: “X for Y”; where two people had to, both
    by: str
    #: in the order of the form; what was not asked is not there
    answers: tuple[Answer, ...]
    #: sentences: what of it this release cannot read
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedPage:
    #: the reference
    case: str
    #: the newest first
    forms: tuple[Recorded, ...]


def recorded_page(desk: Desk, person: Person, case: str, at: datetime) -> RecordedPage:
    """Raises `NotFound`, also for somebody who sees only their own part."""
    with look(desk, person, case, at, "what was recorded") as seen:
        if not seen.whole:
            raise NotFound
        return RecordedPage(case=seen.row.reference, forms=tuple(_forms(seen))[::-1])


def _forms(seen: Look) -> Iterator[Recorded]:
    rows = store.answers.of_case(seen.unit, seen.row.id)
    names = seen.names([doer for row in rows for doer in row.doers])
    kept = history_bodies.some(seen.unit, seen.key, {row.seq for row in rows})
    steps = {row.seq: _name(seen, row) for row in rows}
    for row in rows:
        given = kept[row.seq].said if row.seq in kept else {}
        unread = kept[row.seq].unread if row.seq in kept else (history_bodies.missing(row.seq),)
        if given.get("answers") or unread:
            yield Recorded(
                seq=row.seq,
                name=_name(seen, row),
                label=row.label,
                at=row.at,
                by=saying.joined(
                    _by(names.get(doer, doer), given) if doer == row.by else names.get(doer, doer)
                    for doer in row.doers
                ),
                answers=answers_told(seen, given, row.at, steps),
                unread=unread,
            )


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
    answers = []
    for path, field, question, words in lines:

        def before(value: Any, field: Field = field) -> str:
            typed = read_value(field, value, scope, world)
            chosen = labels(field) if field.options or field.options_expression else {}
            return f"“{chosen.get(str(value)) or saying.answer(typed)}”"

        how = provenance.get(path)
        note = provenance_words.in_words(how, steps, before) if how else ""
        answers.append(Answer(question, words, note))
    return tuple(answers)


def _by(name: str, given: Mapping[str, Any]) -> str:
    return f"{name} for {given['for_name']}" if given.get("for_name") else name


def _name(seen: Look, row: DoneRow) -> str:
    return step_name(seen.locked, row.process, row.element)


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
    return tuple((question, words) for _, _, question, words in lines if words != NOT_ANSWERED)


Labels = Callable[[Field], dict[str, str]]


def _as_asked(
    seen: Look, form: Form, given: Mapping[str, Any], at: datetime
) -> tuple[Form, Labels, Mapping[str, Any], World]:
    world = seen.locked.world(at)
    scope = {**given, "records": {}, "settings": seen.locked.loaded.program.settings}

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
    """(path, field, question, answer in words) of all that was asked."""
    for field in level(fields):
        if field.key not in given:  # it was not asked
            continue
        value, name = given[field.key], inside + (field.label or field.key)
        here = f"{path}.{field.key}" if path else field.key
        if field.kind == "group" and isinstance(value, Mapping):
            yield from _lines(field.fields, value, f"{name}: ", here)
        elif field.kind == "dynamiclist" and isinstance(value, list) and value:
            for number, row in enumerate(value):
                yield from _lines(field.fields, row, f"{name} {number + 1}: ", f"{here}.{number}")
        else:
            empty = value in (None, "", [], {})
            yield here, field, name, NOT_ANSWERED if empty else saying.answer(value)
