"""Absence cover as rows: who covers for whom, on which days, who set it, who agreed, and its end.

Nothing here is ever changed or deleted: an agreement and an end are rows of their own. The
rules are casework's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, insert, or_, select

from app.store.database.unit import Unit
from app.store.people.authority.tables import cover_agreed
from app.store.people.tables import cover, cover_end


@dataclass(frozen=True, slots=True)
class CoverRow:
    id: str
    #: who is away
    person: str
    #: who covers for them
    cover: str
    #: days in London, both included
    first: date
    last: date
    at: datetime
    by: str
    ended_at: datetime | None = None
    ended_by: str | None = None
    #: when the person who is away, or a second holder of the power, agreed, and who it was
    agreed_at: datetime | None = None
    agreed_by: str | None = None

    @property
    def agreed(self) -> bool:
        """Who is away said so themselves, or they or a second one agreed: it counts."""
        return self.by == self.person or self.agreed_at is not None

    def runs(self, day: date, at: datetime) -> bool:
        """On this day, as it stands at this instant."""
        since = self.agreed_at or self.at
        inside = self.agreed and self.first <= day <= self.last and since <= at
        return inside and (self.ended_at is None or self.ended_at > at)

    def over(self, day: date) -> bool:
        return self.ended_at is not None or self.last < day


_NAMES = ("id", "person", "cover", "first", "last", "at", "by")
COLUMNS = [
    *(cover.c[n] for n in _NAMES), cover_end.c.at, cover_end.c.by,
    cover_agreed.c.at, cover_agreed.c.by,
]  # fmt: skip
_ALL = (
    select(*COLUMNS)
    .outerjoin_from(cover, cover_end, cover_end.c.cover == cover.c.id)
    .outerjoin(cover_agreed, cover_agreed.c.cover == cover.c.id)
    .order_by(cover.c.at.desc(), cover.c.id)
)
_ONE = _ALL.where(cover.c.id == bindparam("which"))
_ABOUT = _ALL.where(or_(cover.c.person == bindparam("who"), cover.c.cover == bindparam("who")))
_OF_DAY = _ALL.where(cover.c.last >= bindparam("day"), cover.c.first <= bindparam("day"))
_RUNNING = _OF_DAY.where(cover.c.cover == bindparam("who"))
_REASON = select(cover.c.body).where(cover.c.id == bindparam("which"))
_ADD = insert(cover)
_END = insert(cover_end)
_AGREE = insert(cover_agreed)


def from_row(row: Any) -> CoverRow:
    id, person, who, first, last, at, by, *since = row
    days = date.fromisoformat(first), date.fromisoformat(last)
    return CoverRow(id, person, who, *days, at, by, *since)


def add(unit: Unit, row: CoverRow, reason: str) -> None:
    """The reason may say something about a person's health: sealed."""
    given: dict[str, Any] = {name: getattr(row, name) for name in _NAMES}
    given |= {"first": row.first.isoformat(), "last": row.last.isoformat()}
    unit.run(_ADD, given | {"body": unit.keys.seal(reason.encode(), f"cover:{row.id}")})


def end(unit: Unit, id: str, by: str, at: datetime) -> None:
    """Raises `Clash` when it was ended before."""
    unit.run(_END, {"cover": id, "by": by, "at": at})


def agree(unit: Unit, id: str, by: str, at: datetime) -> None:
    """Raises `Clash` when somebody has agreed before."""
    unit.run(_AGREE, {"cover": id, "by": by, "at": at})


def find(unit: Unit, id: str) -> CoverRow | None:
    row = unit.row(_ONE, {"which": id})
    return None if row is None else from_row(row)


def reason(unit: Unit, id: str) -> str:
    """Raises `Sealed` when it was sealed with another key."""
    return unit.keys.open(unit.value(_REASON, {"which": id}), f"cover:{id}").decode()


def running(unit: Unit, who: str, day: date, at: datetime) -> list[CoverRow]:
    """Those in which this person covers for others on this day; the newest first."""
    rows = unit.rows(_RUNNING, {"who": who, "day": day.isoformat()})
    return [row for row in map(from_row, rows) if row.runs(day, at)]


def of_day(unit: Unit, day: date, at: datetime) -> list[CoverRow]:
    """Those of anybody that run on this day, as it stands at this instant; the newest first."""
    rows = unit.rows(_OF_DAY, {"day": day.isoformat()})
    return [row for row in map(from_row, rows) if row.runs(day, at)]


def everything(unit: Unit) -> list[CoverRow]:
    """The newest first."""
    return [from_row(row) for row in unit.rows(_ALL)]


def about(unit: Unit, person: str) -> list[CoverRow]:
    """Those in which this person is away or covers for another; the newest first."""
    return [from_row(row) for row in unit.rows(_ABOUT, {"who": person})]
