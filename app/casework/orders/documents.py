"""Making a document from what a case holds: who may, what it can say, its next version kept.

How a template is filled in is the engine's; showing and reading what was made is `documents`'.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container, Mapping
from datetime import datetime
from typing import Any

from app import store
from app.casework.access import Person
from app.casework.cases.locked_case import Held
from app.casework.errors import NotFound, Refused
from app.casework.orders.commands import Done, ProduceDocument
from app.casework.reading.earlier_answers import by_step, collected, records, step_name
from app.documents import FORMATS, Template, made, told
from app.engine import day_in_london, feel
from app.engine.bpmn import ALL
from app.engine.feel import World
from app.engine.forms import Field, Form, options
from app.store import DocumentRow, DoneRow, TaskRow

#: no answer has this name
_AT = "@"


def allowed(held: Held, person: Person, id: str) -> Template:
    """The document, for somebody of its groups who sees the whole case. Raises `NotFound`."""
    template = held.loaded.documents.get(id)
    roles = held.room.roles
    groups = {
        group
        for stand in roles.stands(person, held.members)
        if roles.own_sight(stand, held.members) in ("case", "all")
        for group in stand.groups
    }
    if template is None or not groups & set(template.manifest.groups):
        raise NotFound
    return template


def missing(held: Held, template: Template, there: Container[str]) -> tuple[str, ...]:
    """Names of the tasks that must be done before the document can be made."""
    wanted = [need for need in template.manifest.needs if need not in there]
    known = held.loaded.record_names.clear()
    return tuple(
        step_name(held, known[need].process, known[need].element) if need in known else need
        for need in wanted
    )


def produce(held: Held, command: ProduceDocument) -> Done:
    template = allowed(held, command.actor, command.document)
    if command.format not in FORMATS:
        raise Refused("Choose Word (docx) or PDF (pdf).", {"format": "Choose Word or PDF"})
    at = held.at(command.at)
    world = held.world(at)
    scope = case_scope(held)
    lacking = missing(held, template, scope["records"])
    if lacking:
        raise Refused(f"This document needs what is entered in: {', '.join(lacking)}.")
    content = made(template, command.format, scope, world, at)
    version = store.documents.newest(held.unit, held.row.id, command.document) + 1
    row = DocumentRow(
        document=command.document,
        version=version,
        format=command.format,
        name=f"{_file_name(held, template, version, at)}.{command.format}",
        at=at,
        by=command.actor.id,
        seq=held.row.seq + 1,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
    )
    store.documents.add(held.unit, held.key, row, content)
    said = {
        "document": row.document,
        "title": template.manifest.title,
        "format": row.format,
        "version": version,
        "sha256": row.sha256,
    }
    return held.record(command, said=said, answer={"version": version, "sha256": row.sha256})


def _file_name(held: Held, template: Template, version: int, at: datetime) -> str:
    day = day_in_london(at).isoformat()
    return template.manifest.name(held.row.reference, version, day)


def case_scope(held: Held) -> dict[str, Any]:
    """What a document can speak of: `records`, `told`, `settings`, `case`."""
    asked = held.loaded.record_names.clear()
    values = records(held, asked)
    settings = held.loaded.program.settings
    base = {"records": values, "settings": settings}
    rows = store.answers.of_case(held.unit, held.row.id)
    when = collected(by_step(held, rows), {row.seq: {_AT: row.at} for row in rows}, asked)
    forms = {name: held.form(record.form) for name, record in asked.items()}
    forms |= {f"{name}{ALL}": form for name, form in forms.items() if f"{name}{ALL}" not in asked}
    words = {
        name: _told(held, forms[name], value, when[name], base) for name, value in values.items()
    }
    about = {
        "reference": held.row.reference,
        "status": held.row.status,
        "opened_at": held.row.opened_at,
        "ended_at": held.row.ended_at,
        "undone": _undone(held),
    }
    return {**base, "told": words, "case": about}


def _told(held: Held, form: Form | None, value: Any, when: Any, base: Mapping[str, Any]) -> Any:
    """The answers in words, with the choices there were when they were given."""
    if form is None:
        return value
    if isinstance(value, list):
        several = zip(value, when, strict=True)
        return [_in_words(form, entry, base, held.world(then[_AT])) for entry, then in several]
    return _in_words(form, value, base, held.world(when[_AT]))


def _in_words(form: Form, entry: Any, base: Mapping[str, Any], world: World) -> dict[str, Any]:
    def labels(field: Field) -> dict[str, str]:
        return {option.value: option.label for option in options(field, {**entry, **base}, world)}

    return told(form.fields, entry, labels)


def _undone(held: Held) -> list[dict[str, Any]]:
    """Tasks opened that nobody has done: open ones, and those withdrawn and not done since."""
    case = held.row.id
    done = {(_place(held, row), row.item) for row in store.answers.of_case(held.unit, case)}
    open_ = store.work.of_case(held.unit, case)
    rows = [{**_line(held, row), "open": True, "due": row.due} for row in open_]
    there = {(_place(held, row), row.label) for row in open_}
    for row in store.answers.cancelled(held.unit, case):
        place = _place(held, row)
        if (place, row.item) not in done and (place, row.label) not in there:
            there.add((place, row.label))
            rows.append({**_line(held, row), "open": False, "due": None})
    return rows


def _place(held: Held, row: DoneRow | TaskRow) -> tuple[str, str]:
    return held.loaded.holder(row.process, row.element), row.element


def _line(held: Held, row: DoneRow | TaskRow) -> dict[str, Any]:
    values = feel.codec.loads(row.item.encode()) if row.item else {}
    process, element = _place(held, row)
    about = {"process": process, "element": element, "name": step_name(held, process, element)}
    return {**values, **about, "label": row.label}
