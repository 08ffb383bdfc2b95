"""Files that came with answers, one a task and content, sealed with the case's key.

Until the answers are sent a file belongs to nobody's record and goes with its drafts
(`leftovers`); from then on it stays as long as the history that names its digest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.store.database.keys import CaseKey
from app.store.database.unit import Unit
from app.store.work.file_table import answer_file


@dataclass(frozen=True, slots=True)
class FileRow:
    task: str
    #: SHA-256 of the content, in hex
    digest: str
    kind: str
    #: bytes
    size: int
    at: datetime
    by: str
    #: the first history row that names it; 0: none yet
    seq: int = 0


_NAMES = [f.name for f in fields(FileRow)]
_COLUMNS = [answer_file.c[name] for name in _NAMES]
_HERE = (answer_file.c.case_id == bindparam("case"), answer_file.c.task == bindparam("id"))
_OF_CASE = (
    select(*_COLUMNS)
    .where(answer_file.c.case_id == bindparam("case"))
    .order_by(answer_file.c.at, answer_file.c.task, answer_file.c.digest)
)
_OF_TASK = select(*_COLUMNS).where(*_HERE)
_READ = select(*_COLUMNS, answer_file.c.body).where(
    *_HERE, answer_file.c.digest == bindparam("hash")
)
_WAITING = select(func.count(), func.coalesce(func.sum(answer_file.c.size), 0)).where(
    *_HERE, answer_file.c.seq == 0
)
#: the same content brought twice is one file
_ADD = upsert(answer_file).on_conflict_do_nothing(index_elements=["case_id", "task", "digest"])
_SENT = (
    update(answer_file)
    .where(*_HERE, answer_file.c.digest == bindparam("hash"), answer_file.c.seq == 0)
    .values(seq=bindparam("row"))
)


def of_case(unit: Unit, case: str) -> list[FileRow]:
    """Every file of the case, in the order in which they came."""
    return [FileRow(*row) for row in unit.rows(_OF_CASE, {"case": case})]


def of_task(unit: Unit, case: str, task: str) -> dict[str, FileRow]:
    """Digest → file, of all that came with answers of the task."""
    rows = (FileRow(*row) for row in unit.rows(_OF_TASK, {"case": case, "id": task}))
    return {row.digest: row for row in rows}


def waiting(unit: Unit, case: str, task: str) -> tuple[int, int]:
    """How many files of the task no history row names, and their bytes together."""
    row = unit.row(_WAITING, {"case": case, "id": task})
    return (0, 0) if row is None else (int(row[0]), int(row[1]))


def add(unit: Unit, key: CaseKey, row: FileRow, content: bytes) -> None:
    given = {name: getattr(row, name) for name in _NAMES}
    unit.run(_ADD, {"case_id": key.case, "body": key.seal(content, _place(row)), **given})


def read(unit: Unit, key: CaseKey, task: str, digest: str) -> tuple[FileRow, bytes] | None:
    """The file and its content. Raises `Sealed` when it was changed."""
    stored = unit.row(_READ, {"case": key.case, "id": task, "hash": digest})
    if stored is None:
        return None
    row = FileRow(*stored[:-1])
    return row, key.open(stored[-1], _place(row))


def sent(unit: Unit, case: str, task: str, digests: Sequence[str], seq: int) -> None:
    """A history row names these; of those that an earlier one names nothing changes."""
    for digest in digests:
        unit.run(_SENT, {"case": case, "id": task, "hash": digest, "row": seq})


def _place(row: FileRow) -> str:
    return f"file:{row.task}:{row.digest}"
