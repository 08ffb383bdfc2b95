"""Documents of a case as people see them: what can be made, what was made, and reading one.

Only somebody of a document's groups who sees the whole case knows of it. Making one is
`orders.documents`.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import datetime

from app import store
from app.casework.access import Person
from app.casework.cases import step_name
from app.casework.commands import ProduceDocument
from app.casework.desk import Desk
from app.casework.errors import NotFound
from app.casework.orders.document.versions import SHORT
from app.casework.orders.documents import allowed, answered, missing
from app.casework.reading.look import Look, look
from app.documents import FORMATS, Template
from app.store import DocumentRow, Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentVersion:
    document: str
    version: int
    format: str
    name: str
    at: datetime
    #: the person's name
    by: str
    #: number of its history entry
    seq: int
    sha256: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentUse:
    """Somebody did a task with a version of what the document says before them."""

    #: of the text; a file has a number of its own
    version: int
    digest: str
    #: name of the task
    task: str
    by: str
    at: datetime
    #: number of its history entry
    seq: int

    @property
    def short(self) -> str:
        return self.digest[:SHORT]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentLine:
    id: str
    title: str
    #: for whom it is: "inside", "by law" or "outward"
    audience: str
    #: names of the tasks that must be done first
    missing: tuple[str, ...]
    #: newest first
    versions: tuple[DocumentVersion, ...]
    #: who approved, signed or sent which version of what it says; oldest first
    uses: tuple[DocumentUse, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPage:
    #: the reference
    case: str
    #: the case takes new versions now
    open: bool
    documents: tuple[DocumentLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptDocument:
    name: str
    media: str
    content: bytes
    sha256: str


def document_page(desk: Desk, person: Person, case: str, at: datetime) -> DocumentPage:
    """Raises `NotFound`, also for somebody who sees only their own part."""
    with look(desk, person, case, at, "documents", by="documents") as seen:
        lines, takes = tuple(document_lines(seen)), seen.takes(ProduceDocument)
        return DocumentPage(case=seen.row.reference, open=takes, documents=lines)


def files_made(seen: Look) -> int:
    """Of the documents that the person may open."""
    made = Counter(row.document for row in store.documents.of_case(seen.unit, seen.row.id))
    return sum(number for document, number in made.items() if _may_open(seen, document))


def _may_open(seen: Look, document: str) -> bool:
    try:
        allowed(seen.locked, seen.person, document)
    except NotFound:
        return False
    return True


def document_lines(seen: Look) -> list[DocumentLine]:
    """Of the documents that the person may open, what can be made first."""
    rows = store.documents.of_case(seen.unit, seen.row.id)
    names = seen.names([row.by for row in rows])
    there = answered(seen.locked)
    uses = _uses(seen)
    lines = []
    for id in sorted(seen.locked.loaded.documents):
        try:
            template = allowed(seen.locked, seen.person, id)
        except NotFound:
            continue
        mine = [_version(row, names) for row in rows if row.document == id]
        lines.append(_line(seen, template, tuple(mine), there, uses.get(id, ())))
    return sorted(lines, key=lambda line: (bool(line.missing), line.title))


def _line(
    seen: Look,
    template: Template,
    versions: tuple[DocumentVersion, ...],
    there: Set[str],
    uses: tuple[DocumentUse, ...],
) -> DocumentLine:
    about = template.manifest
    return DocumentLine(
        id=about.id,
        title=about.title,
        audience=about.audience,
        missing=missing(seen.locked, template, there),
        versions=versions,
        uses=uses,
    )


def _uses(seen: Look) -> Mapping[str, tuple[DocumentUse, ...]]:
    """Document → who did what with which version of it."""
    rows = [row for row in store.work.document_texts.readers(seen.unit, seen.row.id) if row.seq]
    texts = store.work.document_texts.texts(seen.unit, seen.row.id) if rows else []
    digests = {(row.document, row.version): row.digest for row in texts}
    names = seen.names([row.person for row in rows])
    uses: dict[str, list[DocumentUse]] = {}
    for row in rows:
        use = DocumentUse(
            version=row.version,
            digest=digests.get((row.document, row.version), ""),
            task=step_name(seen.locked, row.process, row.element),
            by=names.get(row.person, row.person),
            at=row.at,
            seq=row.seq,
        )
        uses.setdefault(row.document, []).append(use)
    return {document: tuple(those) for document, those in uses.items()}


def _version(row: DocumentRow, names: dict[str, str]) -> DocumentVersion:
    return DocumentVersion(
        document=row.document,
        version=row.version,
        format=row.format,
        name=row.name,
        at=row.at,
        by=names.get(row.by, row.by),
        seq=row.seq,
        sha256=row.sha256,
        size=row.size,
    )


def kept_document(
    desk: Desk, person: Person, case: str, document: str, version: int, at: datetime
) -> KeptDocument:
    """One version, as it was made; the reading is written down. Raises `NotFound`, `Sealed`."""
    with look(
        desk, person, case, at, f"document {document} version {version}", by="document"
    ) as seen:
        allowed(seen.locked, person, document)
        kept = store.documents.read(seen.unit, seen.key, document, version)
        if kept is None:
            raise NotFound
        row, content = kept
        if hashlib.sha256(content).hexdigest() != row.sha256:
            raise Sealed
        return KeptDocument(
            name=row.name, media=FORMATS[row.format], content=content, sha256=row.sha256
        )
