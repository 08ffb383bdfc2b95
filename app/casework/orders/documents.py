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
from app.casework.cases.locked_case import LockedCase
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


def allowed(locked: LockedCase, person: Person, id: str) -> Template:
    """The document, for somebody of its groups who sees the whole case. Raises `NotFound`."""
    template = locked.loaded.documents.get(id)
    roles = locked.installation.roles
    groups = {
        group
        for stand in roles.stands(person, locked.members)
        if roles.own_sight(stand, locked.members) in ("case", "all")
        for group in stand.groups
    }
    if template is None or not groups & set(template.manifest.groups):
        raise NotFound
    return template


def missing(locked: LockedCase, template: Template, there: Container[str]) -> tuple[str, ...]:
    """Names of the tasks that must be done before the document can be made."""
    wanted = [need for need in template.manifest.needs if need not in there]
    known = locked.loaded.record_names.clear()
    return tuple(
        step_name(locked, known[need].process, known[need].element) if need in known else need
        for need in wanted
    )


def produce(locked: LockedCase, command: ProduceDocument) -> Done:
    template = allowed(locked, command.actor, command.document)
    if command.format not in FORMATS:
        raise Refused("Choose Word (docx) or PDF (pdf).", {"format": "Choose Word or PDF"})
    at = locked.at(command.at)
    world = locked.world(at)
    scope = case_scope(locked)
    lacking = missing(locked, template, scope["records"])
    if lacking:
        raise Refused(f"This document needs what is entered in: {', '.join(lacking)}.")
    content = made(template, command.format, scope, world, at)
    version = store.documents.newest(locked.unit, locked.row.id, command.document) + 1
    row = DocumentRow(
        document=command.document,
        version=version,
        format=command.format,
        name=f"{_file_name(locked, template, version, at)}.{command.format}",
        at=at,
        by=command.actor.id,
        seq=locked.row.seq + 1,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
    )
    store.documents.add(locked.unit, locked.key, row, content)
    said = {
        "document": row.document,
        "title": template.manifest.title,
        "format": row.format,
        "version": version,
        "sha256": row.sha256,
    }
    return locked.record(command, said=said, answer={"version": version, "sha256": row.sha256})


def _file_name(locked: LockedCase, template: Template, version: int, at: datetime) -> str:
    day = day_in_london(at).isoformat()
    return template.manifest.name(locked.row.reference, version, day)


def case_scope(locked: LockedCase) -> dict[str, Any]:
    """What a document can speak of: `records`, `told`, `settings`, `case`."""
    asked = locked.loaded.record_names.clear()
    values = records(locked, asked)
    settings = locked.loaded.program.settings
    base = {"records": values, "settings": settings}
    rows = store.work.answers.of_case(locked.unit, locked.row.id)
    when = collected(by_step(locked, rows), {row.seq: {_AT: row.at} for row in rows}, asked)
    forms = {name: locked.form(record.form) for name, record in asked.items()}
    forms |= {f"{name}{ALL}": form for name, form in forms.items() if f"{name}{ALL}" not in asked}
    words = {
        name: _told(locked, forms[name], value, when[name], base) for name, value in values.items()
    }
    about = {
        "reference": locked.row.reference,
        "status": locked.row.status,
        "opened_at": locked.row.opened_at,
        "ended_at": locked.row.ended_at,
        "undone": _undone(locked),
    }
    return {**base, "told": words, "case": about}


def _told(
    locked: LockedCase, form: Form | None, value: Any, when: Any, base: Mapping[str, Any]
) -> Any:
    """The answers in words, with the choices there were when they were given."""
    if form is None:
        return value
    if isinstance(value, list):
        several = zip(value, when, strict=True)
        return [_in_words(form, entry, base, locked.world(then[_AT])) for entry, then in several]
    return _in_words(form, value, base, locked.world(when[_AT]))


def _in_words(form: Form, entry: Any, base: Mapping[str, Any], world: World) -> dict[str, Any]:
    def labels(field: Field) -> dict[str, str]:
        return {option.value: option.label for option in options(field, {**entry, **base}, world)}

    return told(form.fields, entry, labels)


def _undone(locked: LockedCase) -> list[dict[str, Any]]:
    """Tasks opened that nobody has done: open ones, and those withdrawn and not done since."""
    case = locked.row.id
    done = {
        (_place(locked, row), row.item) for row in store.work.answers.of_case(locked.unit, case)
    }
    open_ = store.work.tasks.of_case(locked.unit, case)
    rows = [{**_line(locked, row), "open": True, "due": row.due} for row in open_]
    there = {(_place(locked, row), row.label) for row in open_}
    for row in store.work.answers.cancelled(locked.unit, case):
        place = _place(locked, row)
        if (place, row.item) not in done and (place, row.label) not in there:
            there.add((place, row.label))
            rows.append({**_line(locked, row), "open": False, "due": None})
    return rows


def _place(locked: LockedCase, row: DoneRow | TaskRow) -> tuple[str, str]:
    return locked.loaded.holder(row.process, row.element), row.element


def _line(locked: LockedCase, row: DoneRow | TaskRow) -> dict[str, Any]:
    values = feel.codec.loads(row.item.encode()) if row.item else {}
    process, element = _place(locked, row)
    about = {"process": process, "element": element, "name": step_name(locked, process, element)}
    return {**values, **about, "label": row.label}
