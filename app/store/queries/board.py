"""All open cases that somebody sees in whole, the nearest national limit first, with what waits in
them, whose it is, and what has stopped.

What is shown of it is casework's.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, func, select

from app.store.database.unit import Unit
from app.store.queries.listing import Eyes, earliest
from app.store.queries.walks import visible
from app.store.schema import cases, deadline, offer, task
from app.store.work.tables import incident
from app.store.work.tasks import TASK_COLUMNS, TaskRow


@dataclass(frozen=True, slots=True)
class BoardLine:
    id: str
    reference: str
    status: str | None
    merged_into: str | None
    opened_at: datetime
    suspended: bool
    #: the earliest national limit of what runs
    limit: datetime | None
    #: the earliest date of what runs
    due: datetime | None


_OF: Any = bindparam("cases", expanding=True)
_TASKS = (
    select(*TASK_COLUMNS)
    .where(task.c.case_id.in_(_OF), ~task.c.resting)
    .order_by(task.c.due.is_(None), task.c.due, task.c.opened_at, task.c.task)
)
_OFFERS = (
    select(offer.c.case_id, offer.c.task, offer.c.who)
    .where(offer.c.case_id.in_(_OF))
    .order_by(offer.c.who)
)
_STOPPED = (
    select(incident.c.case_id, func.count())
    .where(incident.c.case_id.in_(_OF), incident.c.resolved_at.is_(None))
    .group_by(incident.c.case_id)
)


@cache
def _lines(everything: bool, covers: int, parted: bool) -> Any:
    limit, due = earliest(deadline.c.backstop), earliest(deadline.c.due)
    rows = select(
        cases.c.id, cases.c.reference, cases.c.status, cases.c.merged_into, cases.c.opened_at,
        cases.c.suspended, limit.label("limited"), due.label("first_due"),
    ).where(cases.c.ended_at.is_(None), visible(everything, covers, parted))  # fmt: skip
    row = rows.subquery("row")
    order = (row.c.limited.is_(None), row.c.limited, row.c.first_due.is_(None), row.c.first_due)
    page = select(row).order_by(*order, row.c.opened_at, row.c.id)
    return page.limit(bindparam("most")).offset(bindparam("skip"))


def lines(unit: Unit, eyes: Eyes, skip: int, most: int) -> list[BoardLine]:
    given = eyes.given() | {"skip": skip, "most": most}
    return [BoardLine(*row) for row in unit.rows(_lines(*eyes.kind), given)]


def tasks(unit: Unit, ids: Collection[str]) -> list[TaskRow]:
    """Open tasks of these cases, what is due first in front; none that nobody can do now."""
    return [TaskRow(*row) for row in unit.rows(_TASKS, {"cases": sorted(ids)})] if ids else []


def offers(unit: Unit, ids: Collection[str]) -> dict[tuple[str, str], list[str]]:
    """(case, task) → "g:…" and "p:…" to whom it is offered."""
    kept: dict[tuple[str, str], list[str]] = {}
    for case, id, who in unit.rows(_OFFERS, {"cases": sorted(ids)}) if ids else ():
        kept.setdefault((case, id), []).append(who)
    return kept


def stopped(unit: Unit, ids: Collection[str]) -> dict[str, int]:
    """Case → how many branches have stopped after a fault; none where nothing has."""
    rows = unit.rows(_STOPPED, {"cases": sorted(ids)}) if ids else ()
    return {case: int(number) for case, number in rows}
