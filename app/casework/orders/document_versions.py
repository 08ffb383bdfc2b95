"""The documents that a task shows as they would be made now, and the versions of what they say.

A version is a text that somebody saw. That it was before whoever did the task stands in the history
and beside the text; making the file is `documents`', what a page shows of it `reading.task`'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app import store
from app.casework.access import Person
from app.casework.cases import LockedCase, history
from app.casework.commands import CompleteTask
from app.casework.errors import Refused
from app.casework.orders.document_scope import case_scope
from app.casework.orders.documents import missing
from app.documents import Part, Template, digest, outlined, packed, surveyed
from app.engine import Fault
from app.engine.bpmn import Element
from app.store import CaseKey, ReaderRow, TaskRow, TextRow, Unit

#: letters of a digest that people are shown
SHORT = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadsNow:
    """A document as it would be made from the case now."""

    template: Template
    parts: tuple[Part, ...] = ()
    #: of what is said, in hex; "": it cannot be made yet
    digest: str = ""
    #: why it cannot be made: names of the tasks that must be done, or a fault
    missing: tuple[str, ...] = ()
    fault: str = ""
    #: how many places may be names, and nobody has decided of them
    undecided: int = 0

    @property
    def id(self) -> str:
        return self.template.manifest.id


def reads_now(locked: LockedCase, element: Element | None, at: datetime) -> tuple[ReadsNow, ...]:
    """Of every document that the drawing names for the task, in its order."""
    named = element.rules.brief_document if element is not None else ()
    known = locked.loaded.documents
    templates = [known[id] for id in named if id in known]
    if not templates:
        return ()
    scope = case_scope(locked)
    return tuple(_reads_now(locked, template, scope, locked.at(at)) for template in templates)


def _reads_now(
    locked: LockedCase, template: Template, scope: Mapping[str, Any], at: datetime
) -> ReadsNow:
    lacking = missing(locked, template, scope["records"])
    if lacking:
        return ReadsNow(template=template, missing=lacking)
    world, hidden, undecided = locked.world(at), None, 0
    try:
        if template.manifest.outward:
            survey = surveyed(template, scope, world, at)
            decisions, also = _decided_last(locked, template.manifest.id)
            hidden = survey.hidden(decisions, survey.left_out(also))
            undecided = sum(each.key not in decisions for each in survey.doubtful)
        parts = outlined(template, scope, world, at, hidden)
    except Fault as fault:
        return ReadsNow(template=template, fault=fault.sentence)
    return ReadsNow(template=template, parts=parts, digest=digest(parts), undecided=undecided)


def _decided_last(locked: LockedCase, document: str) -> tuple[Mapping[str, str], list[str]]:
    """What was decided of doubtful places when the document was made last."""
    made = store.documents.of_case(locked.unit, locked.row.id)
    seq = next((row.seq for row in made if row.document == document), None)
    said = history.order_of(locked.unit, locked.key, seq) if seq is not None else {}
    return said.get("decisions") or {}, list(said.get("also") or ())


def demand_read(command: CompleteTask, reads: Iterable[ReadsNow]) -> None:
    """What the person read is what the documents say. Raises `Refused`; nothing typed is lost."""
    titles = [
        f"“{each.template.manifest.title}”"
        for each in reads
        if each.digest and command.documents.get(each.id, each.digest) != each.digest
    ]
    if titles:
        raise Refused(
            f"{' and '.join(titles)} changed since you opened this page. Read what changed, then "
            "send again. What you entered is kept.",
            given=command.given,
        )


def numbered(texts: Iterable[TextRow], reads: ReadsNow) -> tuple[int, TextRow | None]:
    """The number of the version that the document says now, and its row if it was seen before."""
    own = [row for row in texts if row.document == reads.id]
    known = next((row for row in own if row.digest == reads.digest), None)
    return (known.version if known else max((row.version for row in own), default=0) + 1), known


def keep(
    unit: Unit,
    key: CaseKey,
    reads: Iterable[ReadsNow],
    reader: ReaderRow,
    seq: int,
) -> dict[str, TextRow]:
    """Writes down what the documents say now and that it is before the reader; id → version."""
    texts = store.document_texts.texts(unit, key.case)
    readers = store.document_texts.readers(unit, key.case)
    there = {(row.document, row.version, row.person, row.seq) for row in readers}
    kept = {}
    for each in reads:
        if not each.digest:
            continue
        version, row = numbered(texts, each)
        if row is None:
            row = TextRow(each.id, version, each.digest, reader.at, seq)
            store.document_texts.add(unit, key, row, packed(each.parts))
        if (each.id, version, reader.person, reader.seq) not in there:
            about = (each.id, version, reader.person, reader.seq, reader.at)
            note = ReaderRow(*about, reader.process, reader.element)
            store.document_texts.note(unit, key.case, note)
        kept[each.id] = row
    return kept


def looked(person: Person, at: datetime) -> ReaderRow:
    """Somebody who has opened a page that shows a document."""
    return ReaderRow("", 0, person.id, 0, at, "", "")


def before_them(
    locked: LockedCase, command: CompleteTask, row: TaskRow, reads: tuple[ReadsNow, ...]
) -> dict[str, Any]:
    """What the history says of the versions that were before whoever does the task."""
    at, seq = locked.at(command.at), locked.row.seq
    reader = ReaderRow("", 0, command.actor.id, seq + 1, at, row.process, row.element)
    kept = keep(locked.unit, locked.key, reads, reader, seq) if reads else {}
    if not kept:
        return {}
    titles = {each.id: each.template.manifest.title for each in reads}
    return {
        "documents": [
            {"document": id, "title": titles[id], "version": text.version, "digest": text.digest}
            for id, text in kept.items()
        ]
    }
