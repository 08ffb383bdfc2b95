"""What people are told by mail of what concerns themselves, and of no case's content, as rows.

Each waits as a letter of its own (`work.letters`); when that is sent is the scheduler's.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select

from app.store.database.unit import Unit
from app.store.people.authority.tables import notice
from app.store.work import letters


@dataclass(frozen=True, slots=True)
class NoticeRow:
    id: str
    #: whom it tells
    person: str
    at: datetime
    subject: str
    text: str


_COLUMNS = [notice.c[name] for name in ("id", "person", "at", "body")]
_ADD = insert(notice)
_FIND = select(*_COLUMNS).where(notice.c.id == bindparam("which"))


def add(unit: Unit, row: NoticeRow) -> None:
    """It is sent from its instant on."""
    words = json.dumps({"subject": row.subject, "text": row.text}).encode()
    body = unit.keys.seal(words, f"notice:{row.id}")
    unit.run(_ADD, {"id": row.id, "person": row.person, "at": row.at, "body": body})
    asked = letters.asked(letters.NOTICE, f"notice.{row.id}", row.id, row.person, row.at)
    letters.add(unit, [asked])


def find(unit: Unit, id: str) -> NoticeRow | None:
    row = unit.row(_FIND, {"which": id})
    if row is None:
        return None
    words = json.loads(unit.keys.open(row.body, f"notice:{id}"))
    return NoticeRow(row.id, row.person, row.at, words["subject"], words["text"])
