"""Incidents: what stopped in a case, until it went on again.

One row for each timer that is held, for each open task whose answers the drawing could not carry,
and for a case that is parked; tried again in vain, it stays the same row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from app.store.database.unit import Unit
from app.store.work.incident_table import incident


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRow:
    case_id: str
    #: the history entry by which it stopped first, and its instant
    seq: int
    at: datetime
    element: str | None
    sentence: str
    resolved_at: datetime | None = None
    #: the process that holds the element
    process: str = ""
    #: the timer that is held; "": none
    timer: str = ""
    #: the task that could not be completed; it counts while that is open. "": none
    task: str = ""
    #: in vain so far
    tries: int = 1
    #: when it is tried again; None: it waits for a person
    next_at: datetime | None = None


_NAMES = tuple(IncidentRow.__dataclass_fields__)
_COLUMNS = [incident.c[n] for n in _NAMES]
_ADD = insert(incident)
_OPEN = (incident.c.case_id == bindparam("case"), incident.c.resolved_at.is_(None))
_SAME = update(incident).where(
    *_OPEN, incident.c.timer == bindparam("of_timer"), incident.c.task == bindparam("of_task")
)
_AGAIN = _SAME.values(
    tries=incident.c.tries + 1,
    **{name: bindparam(name) for name in ("element", "process", "sentence", "next_at")},
)
_RETRIED = _SAME.values(next_at=bindparam("now"))
_END = _SAME.values(resolved_at=bindparam("now"), next_at=None)
_OF_CASE = select(*_COLUMNS).where(incident.c.case_id == bindparam("case"))
_OF_CASE = _OF_CASE.order_by(incident.c.seq)
_FIND = _OF_CASE.where(incident.c.seq == bindparam("row"))


def put(unit: Unit, row: IncidentRow) -> None:
    """A new one, or the open one of the same timer, task or case once more: its `at` stays."""
    given = {name: getattr(row, name) for name in ("element", "process", "sentence", "next_at")}
    same = {"case": row.case_id, "of_timer": row.timer, "of_task": row.task}
    if row.resolved_at is None and unit.run(_AGAIN, given | same).rowcount:
        return
    unit.run(_ADD, {name: getattr(row, name) for name in _NAMES})


def retried(unit: Unit, case: str, timer: str, at: datetime) -> None:
    """It is tried again at once."""
    unit.run(_RETRIED, {"case": case, "of_timer": timer, "of_task": "", "now": at})


def end(unit: Unit, case: str, timer: str, at: datetime) -> None:
    """It goes on, or is needed no more; `timer` "": what parked the whole case."""
    unit.run(_END, {"case": case, "of_timer": timer, "of_task": "", "now": at})


def find(unit: Unit, case: str, seq: int) -> IncidentRow | None:
    row = unit.row(_FIND, {"case": case, "row": seq})
    return None if row is None else IncidentRow(**dict(zip(_NAMES, row, strict=True)))


def of_case(unit: Unit, case: str) -> list[IncidentRow]:
    """All that ever were, oldest first."""
    rows = unit.rows(_OF_CASE, {"case": case})
    return [IncidentRow(**dict(zip(_NAMES, row, strict=True))) for row in rows]
