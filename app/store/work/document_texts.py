"""What a document said, version for version, and who had which version before them.

A version is a text that somebody saw; it is sealed with the case's key. Working one out and
comparing two is the documents room's and casework's; what people did with a version stands in the
history too.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import bindparam, insert, select

from app.store.database.keys import CaseKey
from app.store.database.unit import Unit
from app.store.work.text_tables import document_reader, document_text


@dataclass(frozen=True, slots=True)
class TextRow:
    document: str
    #: from 1
    version: int
    #: of what is said, in hex
    digest: str
    #: when it was first seen, and the history row that was the newest then
    at: datetime
    seq: int


@dataclass(frozen=True, slots=True)
class ReaderRow:
    document: str
    version: int
    #: id
    person: str
    #: the history row of what the person did with it; 0: they opened a page that shows it
    seq: int
    at: datetime
    #: the task that they did; "" where they did none
    process: str
    element: str


_TEXT = [f.name for f in fields(TextRow)]
_READER = [f.name for f in fields(ReaderRow)]
_TEXTS = (
    select(*(document_text.c[name] for name in _TEXT))
    .where(document_text.c.case_id == bindparam("case"))
    .order_by(document_text.c.document, document_text.c.version)
)
_READERS = (
    select(*(document_reader.c[name] for name in _READER))
    .where(document_reader.c.case_id == bindparam("case"))
    .order_by(document_reader.c.at, document_reader.c.seq)
)
_BODY = select(document_text.c.body).where(
    document_text.c.case_id == bindparam("case"),
    document_text.c.document == bindparam("id"),
    document_text.c.version == bindparam("version"),
)
_ADD = insert(document_text)
_NOTE = insert(document_reader)


def texts(unit: Unit, case: str) -> list[TextRow]:
    """Every version of every document of the case, oldest first."""
    return [TextRow(*row) for row in unit.rows(_TEXTS, {"case": case})]


def readers(unit: Unit, case: str) -> list[ReaderRow]:
    """Who had which version before them, in order."""
    return [ReaderRow(*row) for row in unit.rows(_READERS, {"case": case})]


def content(unit: Unit, key: CaseKey, row: TextRow) -> bytes:
    """Raises `Sealed` when it was changed."""
    body = unit.value(_BODY, {"case": key.case, "id": row.document, "version": row.version})
    return key.open(body, _place(row))


def add(unit: Unit, key: CaseKey, row: TextRow, body: bytes) -> None:
    given = {name: getattr(row, name) for name in _TEXT}
    unit.run(_ADD, {"case_id": key.case, "body": key.seal(body, _place(row)), **given})


def note(unit: Unit, case: str, row: ReaderRow) -> None:
    unit.run(_NOTE, {"case_id": case, **{name: getattr(row, name) for name in _READER}})


def _place(row: TextRow) -> str:
    return f"text:{row.document}:{row.version}"
