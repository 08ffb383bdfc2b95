"""Incidents: what stopped a case's clock, until it went on again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from app.store.database.unit import Unit
from app.store.schema import incident


@dataclass(frozen=True, slots=True)
class IncidentRow:
    case_id: str
    seq: int
    at: datetime
    element: str | None
    sentence: str
    resolved_at: datetime | None = None
    #: the process that holds the element
    process: str = ""


_COLUMNS = [incident.c[n] for n in IncidentRow.__dataclass_fields__]
_ADD = insert(incident)
_RESOLVE = update(incident).where(
    incident.c.case_id == bindparam("case"), incident.c.resolved_at.is_(None)
)
_RESOLVE = _RESOLVE.values(resolved_at=bindparam("now"))
_OF_CASE = select(*_COLUMNS).where(incident.c.case_id == bindparam("case"))
_OPEN = select(*_COLUMNS).where(incident.c.resolved_at.is_(None)).order_by(incident.c.at)


def add(unit: Unit, row: IncidentRow) -> None:
    unit.run(_ADD, {n: getattr(row, n) for n in IncidentRow.__dataclass_fields__})


def resolve(unit: Unit, case: str, at: datetime) -> None:
    unit.run(_RESOLVE, {"case": case, "now": at})


def of_case(unit: Unit, case: str) -> list[IncidentRow]:
    return [IncidentRow(*row) for row in unit.rows(_OF_CASE, {"case": case})]


def open_ones(unit: Unit) -> list[IncidentRow]:
    return [IncidentRow(*row) for row in unit.rows(_OPEN)]
