"""Documents that were made in a case: every version, sealed with the case's key; none is changed.

What stands in them is made elsewhere; their hash is in the history too.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import bindparam, func, insert, select

from app.store.database.keys import CaseKey
from app.store.database.unit import Unit
from app.store.schema import document


@dataclass(frozen=True, slots=True)
class DocumentRow:
    document: str
    version: int
    format: str
    #: of the file
    name: str
    at: datetime
    by: str
    #: the history row that holds its hash
    seq: int
    #: of the content, in hex
    sha256: str
    size: int


_NAMES = [f.name for f in fields(DocumentRow)]
_COLUMNS = [document.c[name] for name in _NAMES]
_OF_CASE = (
    select(*_COLUMNS)
    .where(document.c.case_id == bindparam("case"))
    .order_by(document.c.document, document.c.version.desc())
)
_NEWEST = select(func.max(document.c.version)).where(
    document.c.case_id == bindparam("case"), document.c.document == bindparam("id")
)
_FIND = select(*_COLUMNS, document.c.body).where(
    document.c.case_id == bindparam("case"),
    document.c.document == bindparam("id"),
    document.c.version == bindparam("version"),
)
_ADD = insert(document)


def of_case(unit: Unit, case: str) -> list[DocumentRow]:
    """Every version of every document of the case, the newest of each first."""
    return [DocumentRow(*row) for row in unit.rows(_OF_CASE, {"case": case})]


def newest(unit: Unit, case: str, id: str) -> int:
    """Number of the newest version; 0 when there is none."""
    return int(unit.value(_NEWEST, {"case": case, "id": id}) or 0)


def add(unit: Unit, key: CaseKey, row: DocumentRow, content: bytes) -> None:
    given = {name: getattr(row, name) for name in _NAMES}
    unit.run(_ADD, {"case_id": key.case, "body": key.seal(content, _place(row)), **given})


def read(unit: Unit, key: CaseKey, id: str, version: int) -> tuple[DocumentRow, bytes] | None:
    """The version and its content. Raises `Sealed` when it was changed."""
    stored = unit.row(_FIND, {"case": key.case, "id": id, "version": version})
    if stored is None:
        return None
    row = DocumentRow(*stored[:-1])
    return row, key.open(stored[-1], _place(row))


def _place(row: DocumentRow) -> str:
    return f"document:{row.document}:{row.version}"
