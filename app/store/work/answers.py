"""Who did which task and when, and drafts. The answers themselves stand in the history body.

A draft is encrypted with the case's key, one a task and person. What came with them is `files`'.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import bindparam, delete, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.store.among import among
from app.store.database.keys import CaseKey
from app.store.database.unit import Unit
from app.store.schema import done, draft
from app.store.work import files as files
from app.store.work.files import FileRow as FileRow


@dataclass(frozen=True, slots=True)
class DoneRow:
    task: str
    #: the step; the process's own id for what its start form asked
    element: str
    #: the process that holds the step; "" in rows from before it was kept
    process: str
    label: str | None
    #: feel.codec text of the multi-instance item
    item: str | None
    at: datetime
    by: str
    #: the history row that holds the answers
    seq: int
    #: "completed", "started", "told" (an event that was recorded) or "cancelled"
    how: str
    #: to whom it was offered: "g:…" and "p:…", with spaces between
    offers: str = ""
    #: who gave it first, where two people had to; `by` is the second
    signed_by: str | None = None
    #: the runs around it, as those of the open task
    lies_in: str = ""

    @property
    def doers(self) -> tuple[str, ...]:
        """Everybody who gave it, the first one first."""
        return (self.signed_by, self.by) if self.signed_by else (self.by,)


_NAMES = [f.name for f in fields(DoneRow)]
_COLUMNS = [done.c[name] for name in _NAMES]
_OF_CASE = (
    select(*_COLUMNS)
    .where(done.c.case_id == bindparam("case"), done.c.how != "cancelled")
    .order_by(done.c.seq, done.c.task)
)
_OF_ELEMENTS = _OF_CASE.where(among(done.c.element, "elements"))
_COUNT = select(func.count()).where(done.c.case_id == bindparam("case"), done.c.how != "cancelled")
_COUNT_OF = _COUNT.where(or_(done.c.by == bindparam("who"), done.c.signed_by == bindparam("who")))
_OF_HOW = _OF_CASE.where(done.c.how == bindparam("how"))
_CANCELLED = (
    select(*_COLUMNS)
    .where(done.c.case_id == bindparam("case"), done.c.how == "cancelled")
    .order_by(done.c.seq, done.c.task)
)
_FIND = select(*_COLUMNS).where(done.c.case_id == bindparam("case"), done.c.task == bindparam("id"))
_ADD = insert(done)
_DRAFT = select(draft.c.at, draft.c.body).where(
    draft.c.case_id == bindparam("case"),
    draft.c.task == bindparam("id"),
    draft.c.person == bindparam("who"),
)
_TAKEN_BACK = update(done).where(
    done.c.case_id == bindparam("case"), done.c.seq == bindparam("row"), done.c.how == "told"
)
_TAKEN_BACK = _TAKEN_BACK.values(how="cancelled")
_PUT_DRAFT = upsert(draft)
_PUT_DRAFT = _PUT_DRAFT.on_conflict_do_update(
    index_elements=["case_id", "task", "person"],
    set_={name: _PUT_DRAFT.excluded[name] for name in ("at", "body")},
)
_DROP_DRAFT = delete(draft).where(
    draft.c.case_id == bindparam("case"),
    draft.c.task == bindparam("id"),
    draft.c.person == bindparam("who"),
)


def of_case(unit: Unit, case: str) -> list[DoneRow]:
    """Everything done in the case, in order."""
    return [DoneRow(*row) for row in unit.rows(_OF_CASE, {"case": case})]


def of_how(unit: Unit, case: str, how: str) -> list[DoneRow]:
    """Those that came about in this way, in their order."""
    return [DoneRow(*row) for row in unit.rows(_OF_HOW, {"case": case, "how": how})]


def cancelled(unit: Unit, case: str) -> list[DoneRow]:
    """Tasks that were withdrawn before anybody did them, in order."""
    return [DoneRow(*row) for row in unit.rows(_CANCELLED, {"case": case})]


def count(unit: Unit, case: str, person: str | None = None) -> int:
    """How often something was given; by one person: also where they gave it first, or second."""
    if person is None:
        return int(unit.value(_COUNT, {"case": case}) or 0)
    return int(unit.value(_COUNT_OF, {"case": case, "who": person}) or 0)


def of_elements(unit: Unit, case: str, elements: Sequence[str]) -> list[DoneRow]:
    given = {"case": case, "elements": list(elements)}
    return [DoneRow(*row) for row in unit.rows(_OF_ELEMENTS, given)]


def find(unit: Unit, case: str, task: str) -> DoneRow | None:
    """How a task ended, cancelled ones too."""
    row = unit.row(_FIND, {"case": case, "id": task})
    return None if row is None else DoneRow(*row)


def add(unit: Unit, case: str, rows: Sequence[DoneRow]) -> None:
    unit.many(_ADD, [{"case_id": case, **{n: getattr(r, n) for n in _NAMES}} for r in rows])


def taken_back(unit: Unit, case: str, seq: int) -> None:
    """What was told by that history row no longer counts."""
    unit.run(_TAKEN_BACK, {"case": case, "row": seq})


def read_draft(unit: Unit, key: CaseKey, task: str, person: str) -> tuple[datetime, bytes] | None:
    row = unit.row(_DRAFT, {"case": key.case, "id": task, "who": person})
    return None if row is None else (row[0], key.open(row[1], f"draft:{task}:{person}"))


def put_draft(
    unit: Unit, key: CaseKey, task: str, person: str, content: bytes, at: datetime
) -> None:
    body = key.seal(content, f"draft:{task}:{person}")
    given = {"case_id": key.case, "task": task, "person": person, "at": at, "body": body}
    unit.run(_PUT_DRAFT, given)


def drop_draft(unit: Unit, case: str, task: str, person: str) -> None:
    unit.later(_DROP_DRAFT, {"case": case, "id": task, "who": person})
