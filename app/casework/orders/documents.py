"""Making a document from what a case holds: who may, what it needs, its next version kept.

What it can say is `cases.document_scope`'s, how a template is filled in the room `documents`';
showing and reading what was made is `reading.case.documents`'.
"""

from __future__ import annotations

import hashlib
from collections.abc import Container
from datetime import datetime
from typing import Any

from app import store
from app.bounded import Wanted, taken
from app.casework.access import Person
from app.casework.cases import LockedCase, by_step, step_name
from app.casework.cases.document_scope import case_scope
from app.casework.commands import Done, ProduceDocument
from app.casework.errors import NotFound, Refused
from app.casework.orders.document.sources import annex
from app.casework.orders.leaving import decided, recipient
from app.documents import FORMATS, Survey, Template, digest, made, outlined, surveyed
from app.engine import day_in_london
from app.store import DocumentRow


def allowed(locked: LockedCase, person: Person, id: str) -> Template:
    """The document, for somebody of its groups who sees the whole case. Raises `NotFound`."""
    template = locked.loaded.documents.get(id)
    roles = locked.installation.roles
    groups = {
        group
        for stand in roles.stands(person, locked.members)
        if roles.own_sight(stand, locked.members) in ("case", "all")
        for group in stand.within(locked.members).groups
    }
    if template is None or not groups & set(template.manifest.groups):
        raise NotFound
    return template


def answered(locked: LockedCase) -> set[str]:
    """Names of the steps that were answered."""
    done = by_step(locked, store.work.answers.of_case(locked.unit, locked.row.id))
    asked = locked.loaded.record_names.clear()
    return {name for name, record in asked.items() if (record.process, record.element) in done}


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
    about = template.manifest
    sources = annex(locked, outward=about.outward) if command.sources else None
    said_to = recipient(about.audience, command)
    survey = surveyed(template, scope, world, at, sources) if about.outward else None
    also, decisions = decided(about.audience, command, survey)
    hidden = survey.hidden(command.decisions, also or ()) if survey is not None else None
    content = made(template, "docx", scope, world, at, sources, hidden)
    if command.format == "pdf":  # made with no lock held; what has changed since is made anew
        content = taken(Wanted(content, template.manifest.title, at))
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
    said: dict[str, Any] = {
        "document": row.document,
        "title": template.manifest.title,
        "format": row.format,
        "version": version,
        "sha256": row.sha256,
    }
    if command.sources:
        said["sources"] = True
    said |= {**said_to, **decisions}
    said["says"] = digest(outlined(template, scope, world, at, hidden))
    return locked.record(command, said=said, answer={"version": version, "sha256": row.sha256})


def before_it_leaves(
    locked: LockedCase, template: Template, at: datetime, *, sources: bool
) -> Survey:
    """What of the document, made now, would name persons of the case. Raises `Fault`."""
    said = annex(locked, outward=template.manifest.outward) if sources else None
    return surveyed(template, case_scope(locked), locked.world(at), at, said)


def _file_name(locked: LockedCase, template: Template, version: int, at: datetime) -> str:
    day = day_in_london(at).isoformat()
    return template.manifest.name(locked.row.reference, version, day)
