"""The documents that a task is about, as its page shows them: the text, its version, what changed.

What a document says now and which versions there are is `orders.document.versions`'. A page that
shows a version writes down that its reader had it before them, and from when on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from app import store
from app.casework.cases import step_name
from app.casework.desk import Desk
from app.casework.orders.document.now import ReadsNow, reads_now
from app.casework.orders.document.versions import SHORT, keep, looked, numbered
from app.casework.reading.look import Look
from app.documents import Change, Part, names_in_template, unpacked, what_changed
from app.engine.bpmn import ALL, Element
from app.store import DoneRow, ReaderRow, TextRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """A step whose answers the document speaks of."""

    step: str
    #: names
    by: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """The version that the person had before them last."""

    version: int
    at: datetime
    #: name of the task that they did with it; "" where they only looked
    did: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefedDocument:
    id: str
    title: str
    #: for whom it is: "inside", "by law" or "outward"
    audience: str
    #: why it cannot be made yet
    missing: tuple[str, ...]
    fault: str
    #: how many places may be names, and nobody has decided of them
    undecided: int
    parts: tuple[Part, ...]
    #: 0: it cannot be made yet
    version: int
    digest: str
    #: when this version was first seen
    first_seen: datetime
    #: what was entered since the version before, of what the document speaks of
    entered: tuple[Entered, ...]
    #: None: the person sees the document for the first time
    before: Before | None
    changes: tuple[Change, ...]
    #: it changed while the person had the page open
    meanwhile: bool

    @property
    def short(self) -> str:
        return self.digest[:SHORT]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    documents: tuple[BriefedDocument, ...]
    reads: tuple[ReadsNow, ...]
    #: nobody has written down yet that the person has these before them
    new: bool


def briefed_documents(seen: Look, element: Element | None, since: Mapping[str, str]) -> Shown:
    """What the page shows. `since`: id → digest of the version that stood on the page from which
    the person comes."""
    reads = reads_now(seen.locked, element, seen.at)
    texts = store.work.document_texts.texts(seen.unit, seen.row.id)
    readers = store.work.document_texts.readers(seen.unit, seen.row.id)
    mine = [row for row in readers if row.person == seen.person.id]
    shown = tuple(_briefed(seen, each, texts, mine, since.get(each.id)) for each in reads)
    there = {(row.document, row.version) for row in mine if not row.seq}
    new = any(one.version and (one.id, one.version) not in there for one in shown)
    return Shown(documents=shown, reads=reads, new=new)


def kept(desk: Desk, seen: Look, shown: Shown) -> tuple[BriefedDocument, ...]:
    """Writes down who has which version before them, once the look is over; nothing is written
    where that is known."""
    if not shown.new:
        return shown.documents
    with desk.store.writing() as unit:
        held = store.cases.lock(unit, seen.row.id)
        if held is None:
            return shown.documents
        reader = looked(seen.person.id, seen.locked.at(seen.at))
        rows = keep(unit, held[1], shown.reads, reader, seen.row.seq)
    return tuple(
        replace(one, version=rows[one.id].version) if one.id in rows else one
        for one in shown.documents
    )


def _briefed(
    seen: Look, reads: ReadsNow, texts: list[TextRow], mine: list[ReaderRow], since: str | None
) -> BriefedDocument:
    about = reads.template.manifest
    own = [row for row in texts if row.document == reads.id]
    version, known = numbered(own, reads) if reads.digest else (0, None)
    read = [row for row in mine if row.document == reads.id]
    left = next((row for row in own if row.digest == since), None) if since else None
    meanwhile = left is not None and left.version != version
    before = _left(read, left) if meanwhile and left else _before(read, version)
    earlier = next((row for row in own if before and row.version == before.version), None)
    changed: tuple[Change, ...] = ()
    if earlier is not None and earlier.version != version and reads.digest:
        then = unpacked(store.work.document_texts.content(seen.unit, seen.key, earlier))
        changed = what_changed(then, reads.parts)
    return BriefedDocument(
        id=about.id,
        title=about.title,
        audience=about.audience,
        missing=reads.missing,
        fault=reads.fault,
        undecided=reads.undecided,
        parts=reads.parts,
        version=version,
        digest=reads.digest,
        first_seen=known.at if known else seen.locked.at(seen.at),
        entered=_entered(seen, reads, own, known) if version else (),
        before=_told(seen, before) if before else None,
        changes=changed,
        meanwhile=meanwhile,
    )


def _left(read: list[ReaderRow], text: TextRow) -> ReaderRow | None:
    return next((row for row in reversed(read) if row.version == text.version), None)


def _before(read: list[ReaderRow], version: int) -> ReaderRow | None:
    """What the person did something with counts before what they only looked at."""
    done = [row for row in read if row.seq]
    others = [row for row in read if row.version != version]
    return next(iter([*reversed(done), *reversed(others), *reversed(read)]), None)


def _told(seen: Look, row: ReaderRow) -> Before:
    did = step_name(seen.locked, row.process, row.element) if row.element else ""
    return Before(version=row.version, at=row.at, did=did)


def _entered(
    seen: Look, reads: ReadsNow, own: list[TextRow], known: TextRow | None
) -> tuple[Entered, ...]:
    """The answers that made this version of the one before it."""
    until = known.seq if known else seen.row.seq
    after = max((row.seq for row in own if known is None or row.version < known.version), default=0)
    named = names_in_template(reads.template)
    asked = seen.locked.loaded.record_names.clear()
    steps = {
        (record.process, record.element)
        for name, record in asked.items()
        if name in named or f"{name}{ALL}" in named
    }
    rows = [
        row
        for row in store.work.answers.of_case(seen.unit, seen.row.id)
        if after < row.seq <= until
        and (seen.locked.loaded.holder(row.process, row.element), row.element) in steps
    ]
    return tuple(_lines(seen, rows))


def _lines(seen: Look, rows: Iterable[DoneRow]) -> Iterable[Entered]:
    rows = list(rows)
    names = seen.names([doer for row in rows for doer in row.doers])
    for row in rows:
        step = step_name(seen.locked, row.process, row.element)
        label = f"{step} ({row.label})" if row.label else step
        yield Entered(step=label, by=tuple(names.get(d, d) for d in row.doers), at=row.at)
