"""Reads of a case that an order held at that moment: kept here at once, so that nobody who looks
waits for a lock, and taken into the case's history as soon as it is free.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select

from app.store.database.unit import Unit
from app.store.people.authority.tables import read_row
from app.store.schema import cases


@dataclass(frozen=True, slots=True)
class ReadRow:
    """Somebody looked at a view of a case. `at`: aware UTC."""

    case_id: str
    person: str
    at: datetime
    view: str
    name: str
    said: Mapping[str, str]


_COLUMNS = [read_row.c[name] for name in ReadRow.__slots__]
_FREE = select(cases.c.id).where(cases.c.id == bindparam("case"))
_FREE = _FREE.with_for_update(skip_locked=True)
_ADD = insert(read_row)
_WAITING = select(read_row.c.case_id).distinct().limit(bindparam("most"))
_OF_CASE = select(*_COLUMNS).where(read_row.c.case_id == bindparam("case"))
_OF_CASE = _OF_CASE.order_by(read_row.c.at, read_row.c.person, read_row.c.view)
_DROP = delete(read_row).where(read_row.c.case_id == bindparam("case"))


def free(unit: Unit, case: str) -> bool:
    """Takes the case, where nobody holds it, and never waits. `case`: its id."""
    return unit.row(_FREE, {"case": case}) is not None


def add(unit: Unit, row: ReadRow) -> None:
    """Raises `Clash` where the very same read is there."""
    said = json.dumps(dict(row.said), sort_keys=True)
    unit.run(_ADD, {name: getattr(row, name) for name in ReadRow.__slots__} | {"said": said})


def waiting(unit: Unit, most: int) -> list[str]:
    """Ids of cases of which reads wait here."""
    return [row[0] for row in unit.rows(_WAITING, {"most": most})]


def take(unit: Unit, case: str) -> list[ReadRow]:
    """The reads of a case that is ours alone, the earliest first; they are no longer here."""
    rows = unit.rows(_OF_CASE, {"case": case})
    unit.run(_DROP, {"case": case})
    fields = [dict(row._mapping) for row in rows]
    return [ReadRow(**(each | {"said": json.loads(each["said"])})) for each in fields]
