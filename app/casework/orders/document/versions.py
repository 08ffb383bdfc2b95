"""The documents that a task shows as they would be made now, and the versions of what they say.

A version is a text that somebody saw. That it was before whoever did the task stands in the history
and beside the text; making the file is `documents`', what a page shows of it `reading.task`'s.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from app import store
from app.casework.cases import LockedCase
from app.casework.commands import CompleteTask
from app.casework.errors import Refused
from app.casework.orders.document.now import ReadsNow, reads_now
from app.documents import packed
from app.engine import saying
from app.engine.bpmn import Element
from app.store import CaseKey, ReaderRow, TaskRow, TextRow, Unit

#: letters of a digest that people are shown
SHORT = 8


def demand_read(
    locked: LockedCase, command: CompleteTask, element: Element | None
) -> tuple[ReadsNow, ...]:
    """What the documents of the task say, which is what the person read. Raises `Refused`; nothing
    typed is lost."""
    reads = reads_now(locked, element, command.at)
    titles = [
        f"“{each.template.manifest.title}”"
        for each in reads
        if each.digest and command.documents.get(each.id, each.digest) != each.digest
    ]
    if titles:
        raise Refused(
            f"{saying.joined(titles)} changed since you opened this page. Read what changed, then "
            "send again. What you entered is kept.",
            given=command.given,
        )
    return reads


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
    texts = store.work.document_texts.texts(unit, key.case)
    readers = store.work.document_texts.readers(unit, key.case)
    there = {(row.document, row.version, row.person, row.seq) for row in readers}
    kept = {}
    for each in reads:
        if not each.digest:
            continue
        version, row = numbered(texts, each)
        if row is None:
            row = TextRow(each.id, version, each.digest, reader.at, seq)
            store.work.document_texts.add(unit, key, row, packed(each.parts))
        if (each.id, version, reader.person, reader.seq) not in there:
            about = (each.id, version, reader.person, reader.seq, reader.at)
            note = ReaderRow(*about, reader.process, reader.element)
            store.work.document_texts.note(unit, key.case, note)
        kept[each.id] = row
    return kept


def looked(person: str, at: datetime) -> ReaderRow:
    """Somebody who has opened a page that shows a document."""
    return ReaderRow("", 0, person, 0, at, "", "")


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
