"""The register of conflicts as rows: whose, with whom (sealed), who recorded it, and its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select

from app.store.database.unit import Unit
from app.store.people.authority.tables import conflict, conflict_end


@dataclass(frozen=True, slots=True)
class ConflictRow:
    id: str
    #: whose
    person: str
    at: datetime
    by: str
    #: with whom or what, as it was written
    about: str
    ended_at: datetime | None = None
    ended_by: str | None = None


_NAMES = ("id", "person", "at", "by", "body")
_ALL = (
    select(*(conflict.c[name] for name in _NAMES), conflict_end.c.at, conflict_end.c.by)
    .outerjoin_from(conflict, conflict_end, conflict_end.c.conflict == conflict.c.id)
    .order_by(conflict.c.at.desc(), conflict.c.id)
)
_OF = _ALL.where(conflict.c.person == bindparam("who"))
_ONE = _ALL.where(conflict.c.id == bindparam("which"))
_ADD = insert(conflict)
_END = insert(conflict_end)


def _row(unit: Unit, row: Any) -> ConflictRow:
    id, person, at, by, body, ended_at, ended_by = row
    about = unit.keys.open(body, f"conflict:{id}").decode()
    return ConflictRow(id, person, at, by, about, ended_at, ended_by)


def add(unit: Unit, row: ConflictRow) -> None:
    body = unit.keys.seal(row.about.encode(), f"conflict:{row.id}")
    given = {"id": row.id, "person": row.person, "at": row.at, "by": row.by}
    unit.run(_ADD, given | {"body": body})


def end(unit: Unit, id: str, by: str, at: datetime) -> None:
    """Raises `Clash` when it was ended before."""
    unit.run(_END, {"conflict": id, "by": by, "at": at})


def find(unit: Unit, id: str) -> ConflictRow | None:
    row = unit.row(_ONE, {"which": id})
    return None if row is None else _row(unit, row)


def everything(unit: Unit) -> list[ConflictRow]:
    """The newest first. Raises `Sealed`."""
    return [_row(unit, row) for row in unit.rows(_ALL)]


def of_person(unit: Unit, person: str) -> list[ConflictRow]:
    return [_row(unit, row) for row in unit.rows(_OF, {"who": person})]
