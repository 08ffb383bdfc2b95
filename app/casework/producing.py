"""Making a document from what a case holds: who may, what it can say, its next version kept.

How a template is filled in is the engine's; showing and reading what was made is `documents`'.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.casework.access import Person
from app.casework.commands import Done, ProduceDocument
from app.casework.errors import NotFound, Refused
from app.casework.held import Held
from app.casework.records import collected, records
from app.engine.drawing.answers import options
from app.engine.drawing.document_words import told
from app.engine.drawing.documents import FORMATS, Template, made
from app.engine.drawing.fields import Field, Form
from app.engine.feel import World, codec
from app.store import answers, documents, work
from app.store.documents import DocumentRow

#: no answer has this name
_AT = "@"
_LONDON = ZoneInfo("Europe/London")


def allowed(held: Held, person: Person, id: str) -> Template:
    """The document, for somebody of its groups who sees the whole case. Raises `NotFound`."""
    template = held.loaded.documents.get(id)
    roles = held.room.roles
    groups = {
        group
        for one in roles.stands(person, held.members)
        if roles.own_sight(one, held.members) in ("case", "all")
        for group in one.groups
    }
    if template is None or not groups & set(template.manifest.groups):
        raise NotFound
    return template


def missing(held: Held, template: Template, there: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of the tasks that must be done before the document can be made."""
    wanted = [one for one in template.manifest.needs if one not in there]
    return tuple(_name(held, one) for one in wanted)


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
    version = documents.newest(held.unit, held.row.id, command.document) + 1
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
    documents.add(held.unit, held.key, row, content)
    said = {
        "document": row.document,
        "title": template.manifest.title,
        "format": row.format,
        "version": version,
        "sha256": row.sha256,
    }
    return held.record(command, said=said, answer={"version": version, "sha256": row.sha256})


def _file_name(held: Held, template: Template, version: int, at: datetime) -> str:
    day = at.astimezone(_LONDON).date().isoformat()
    return template.manifest.name(held.row.reference, version, day)


def case_scope(held: Held) -> dict[str, Any]:
    """What a document can speak of: `records`, `told`, `settings`, `case`."""
    found = records(held.unit, held.row.id, held.key)
    settings = held.loaded.program.settings
    base = {"records": found, "settings": settings}
    rows = answers.of_case(held.unit, held.row.id)
    when = collected(rows, {row.seq: {_AT: row.at} for row in rows})
    words = {name: _told(held, name, value, when[name], base) for name, value in found.items()}
    about = {
        "reference": held.row.reference,
        "status": held.row.status,
        "opened_at": held.row.opened_at,
        "ended_at": held.row.ended_at,
        "undone": _undone(held),
    }
    return {**base, "told": words, "case": about}


def _told(held: Held, name: str, value: Any, when: Any, base: Mapping[str, Any]) -> Any:
    """The answers in words, with the choices there were when they were given."""
    form = _form(held, name.removesuffix("_all")) or _form(held, name)
    if form is None:
        return value
    if isinstance(value, list):
        several = zip(value, when, strict=True)
        return [_in_words(form, one, base, held.world(then[_AT])) for one, then in several]
    return _in_words(form, value, base, held.world(when[_AT]))


def _in_words(form: Form, entry: Any, base: Mapping[str, Any], world: World) -> dict[str, Any]:
    def labels(field: Field) -> dict[str, str]:
        return {one.value: one.label for one in options(field, {**entry, **base}, world)}

    return told(form.fields, entry, labels)


def _form(held: Held, id: str) -> Form | None:
    process = held.loaded.process(id)
    element = held.loaded.element(id)
    first = process.start_form if process else None
    return held.form(first or (element.form if element else None))


def _name(held: Held, id: str) -> str:
    found = held.loaded.element(id) or held.loaded.process(id)
    return (found.name if found is not None else None) or id


def _undone(held: Held) -> list[dict[str, Any]]:
    """Tasks opened that nobody has done: open ones, and those withdrawn and not done since."""
    case = held.row.id
    done = {(row.element, row.item) for row in answers.of_case(held.unit, case)}
    rows = [
        {**_line(held, row.element, row.label, row.item), "open": True, "due": row.due}
        for row in work.of_case(held.unit, case)
    ]
    there = {(one["element"], one["label"]) for one in rows}
    for row in answers.cancelled(held.unit, case):
        line = {**_line(held, row.element, row.label, row.item), "open": False, "due": None}
        key = (line["element"], line["label"])
        if (row.element, row.item) not in done and key not in there:
            there.add(key)
            rows.append(line)
    return rows


def _line(held: Held, element: str, label: str | None, item: str | None) -> dict[str, Any]:
    values = codec.loads(item.encode()) if item else {}
    return {**values, "element": element, "name": _name(held, element), "label": label}
