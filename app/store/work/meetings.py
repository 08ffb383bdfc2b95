"""Meetings as rows: each has one time, and how often that was changed.

Who is told of it is the mails'; which cases somebody sees, `queries.agenda`'s.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert as upsert

from app.engine import start_of_day
from app.store.database.unit import Unit
from app.store.work.meeting_table import meeting


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingRow:
    case_id: str
    #: tells it apart from the others of its case
    id: str
    #: names nobody
    name: str
    #: of a whole day: its begin in London
    begins_at: datetime
    whole_day: bool
    minutes: int
    off: bool = False
    sequence: int = 0
    changed_at: datetime


class Told(Protocol):
    """What a mail says of a meeting."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def begins(self) -> datetime | date | None: ...  # aware, or a day; None: it is called off
    @property
    def minutes(self) -> int: ...


NAMES = tuple(MeetingRow.__dataclass_fields__)
COLUMNS = [meeting.c[name] for name in NAMES]
_PUT = upsert(meeting)
_PUT = _PUT.on_conflict_do_update(
    index_elements=["case_id", "id"], set_={name: _PUT.excluded[name] for name in NAMES[2:]}
)
_OF_CASE = select(*COLUMNS).where(meeting.c.case_id == bindparam("case"))
_OF_CASE = _OF_CASE.order_by(meeting.c.begins_at, meeting.c.id)
_ONE = _OF_CASE.where(meeting.c.id == bindparam("which"))


def told(unit: Unit, case: str, meeting: Told, at: datetime) -> None:
    """It is held then, or called off; who was told another time before learns that it changed. One
    that has begun is called off no more: it was held."""
    before = find(unit, case, meeting.id)
    if meeting.begins is not None:
        whole_day = not isinstance(meeting.begins, datetime)
        row = MeetingRow(
            case_id=case, id=meeting.id, name=meeting.name, begins_at=_instant(meeting.begins),
            whole_day=whole_day, minutes=meeting.minutes, changed_at=at,
        )  # fmt: skip
        _put(unit, row, before)
    elif before is not None and at < before.begins_at:
        _put(unit, replace(before, off=True, changed_at=at), before)


def _instant(begins: date) -> datetime:
    return begins if isinstance(begins, datetime) else start_of_day(begins)


def _put(unit: Unit, row: MeetingRow, before: MeetingRow | None) -> None:
    if before is not None:
        same = replace(row, sequence=before.sequence, changed_at=before.changed_at) == before
        if same:
            return
        row = replace(row, sequence=before.sequence + 1)
    unit.run(_PUT, {name: getattr(row, name) for name in NAMES})


def find(unit: Unit, case: str, id: str) -> MeetingRow | None:
    row = unit.row(_ONE, {"case": case, "which": id})
    return from_row(row) if row is not None else None


def of_case(unit: Unit, case: str) -> list[MeetingRow]:
    """Earliest first."""
    return [from_row(row) for row in unit.rows(_OF_CASE, {"case": case})]


def from_row(row: object) -> MeetingRow:
    return MeetingRow(**dict(zip(NAMES, row, strict=True)))  # type: ignore[call-overload]
