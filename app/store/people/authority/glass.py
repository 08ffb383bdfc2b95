"""Broken glass as rows: who opened which case, when, and until when it counts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, insert, select

from app.store.database.unit import Unit
from app.store.people.authority.tables import opened_case

_ADD = insert(opened_case)
_OPEN = select(opened_case.c.case_id).where(
    opened_case.c.person == bindparam("who"),
    opened_case.c.until > bindparam("now"),
    opened_case.c.at <= bindparam("now"),
)


def add(unit: Unit, case: str, person: str, at: datetime, until: datetime) -> None:
    unit.run(_ADD, {"case_id": case, "person": person, "at": at, "until": until})


def opened(unit: Unit, person: str, at: datetime) -> frozenset[str]:
    """Ids of the cases that are open to the person for now."""
    return frozenset(row[0] for row in unit.rows(_OPEN, {"who": person, "now": at}))
