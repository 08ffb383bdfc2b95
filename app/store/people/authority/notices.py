"""What people are told by mail of what concerns themselves, and of no case's content, as rows.

When it is tried again and when it is given up is the scheduler's.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from app.store.database.unit import Unit
from app.store.people.authority.tables import notice


@dataclass(frozen=True, slots=True)
class NoticeRow:
    id: str
    #: whom it tells
    person: str
    at: datetime
    subject: str
    text: str
    attempts: int = 0
    sent_at: datetime | None = None
    fault: str | None = None


_NAMES = ("id", "person", "at", "body", "attempts", "sent_at", "fault")
_COLUMNS = [notice.c[name] for name in _NAMES]
_ADD = insert(notice)
_DUE = select(notice.c.id).where(notice.c.next_at <= bindparam("at")).limit(1)
_CLAIM = (
    select(*_COLUMNS)
    .where(notice.c.next_at <= bindparam("at"))
    .order_by(notice.c.next_at)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_HERE = update(notice).where(notice.c.id == bindparam("which"))
_POSTPONE = _HERE.values(next_at=bindparam("until"), attempts=notice.c.attempts + 1)
_SENT = _HERE.values(next_at=None, sent_at=bindparam("when_"), fault=None)
_FAILED = _HERE.values(next_at=bindparam("until"), fault=bindparam("why"))
_FOR = select(*_COLUMNS).where(notice.c.person == bindparam("who")).order_by(notice.c.at)


def _row(unit: Unit, row: tuple[object, ...]) -> NoticeRow:
    id, person, at, body, attempts, sent_at, fault = row
    words = json.loads(unit.keys.open(body, f"notice:{id}"))  # type: ignore[arg-type]
    rest = words["subject"], words["text"], attempts, sent_at, fault
    return NoticeRow(id, person, at, *rest)  # type: ignore[arg-type]


def add(unit: Unit, row: NoticeRow) -> None:
    words = json.dumps({"subject": row.subject, "text": row.text}).encode()
    given = {"id": row.id, "person": row.person, "at": row.at, "next_at": row.at, "attempts": 0}
    unit.run(_ADD, given | {"body": unit.keys.seal(words, f"notice:{row.id}")})


def waiting(unit: Unit, at: datetime) -> bool:
    return unit.row(_DUE, {"at": at}) is not None


def claim(unit: Unit, at: datetime, until: datetime) -> NoticeRow | None:
    """The next to send; nobody else gets it before `until`, even if we die."""
    row = unit.row(_CLAIM, {"at": at})
    if row is None:
        return None
    unit.run(_POSTPONE, {"which": row[0], "until": until})
    return _row(unit, row)


def sent(unit: Unit, id: str, at: datetime) -> None:
    unit.run(_SENT, {"which": id, "when_": at})


def failed(unit: Unit, id: str, until: datetime | None, why: str) -> None:
    """`until` None: given up."""
    unit.run(_FAILED, {"which": id, "until": until, "why": why})


def for_person(unit: Unit, person: str) -> list[NoticeRow]:
    """Oldest first."""
    return [_row(unit, row) for row in unit.rows(_FOR, {"who": person})]
