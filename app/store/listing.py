"""Lists of cases, bounded by who may see which.

The bound is a query, so that a case somebody may not see has no influence on counts or pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, func, select, true

from app.store.deadlines import RUNS
from app.store.schema import cases, deadline, member, task
from app.store.unit import Unit


@dataclass(frozen=True, slots=True)
class CaseLine:
    id: str
    reference: str
    process: str
    status: str | None
    opened_at: datetime
    ended_at: datetime | None
    suspended: bool
    open_tasks: int
    #: the earliest running deadline
    due: datetime | None
    #: reference of the case that it was merged into
    merged_into: str | None


_MY = member.c.who.in_(bindparam("who", expanding=True))
_IN = select(member.c.case_id).where(_MY, ~member.c.excluded)
_OUT = select(member.c.case_id).where(member.c.who == bindparam("myself"), member.c.excluded)
_VISIBLE = {
    True: cases.c.id.not_in(_OUT),
    False: and_(cases.c.id.in_(_IN), cases.c.id.not_in(_OUT)),
}
_TASKS = select(func.count()).where(task.c.case_id == cases.c.id, ~task.c.resting).scalar_subquery()
_DUE = (
    select(func.min(deadline.c.due))
    .where(deadline.c.case_id == cases.c.id, deadline.c.ended_at.is_(None), RUNS)
    .scalar_subquery()
)
_LINE = [cases.c.id, cases.c.reference, cases.c.process, cases.c.status, cases.c.opened_at,
         cases.c.ended_at, cases.c.suspended, _TASKS, _DUE, cases.c.merged_into]  # fmt: skip
_STATE = {"open": cases.c.ended_at.is_(None), "closed": cases.c.ended_at.is_not(None),
          "all": true()}  # fmt: skip
_LISTS = {
    (everything, state): select(*_LINE)
    .where(visible, condition)
    .order_by(cases.c.opened_at.desc(), cases.c.id)
    .limit(bindparam("most"))
    .offset(bindparam("skip"))
    for everything, visible in _VISIBLE.items()
    for state, condition in _STATE.items()
}
_COUNTS = {
    (everything, state): select(func.count()).select_from(cases).where(visible, condition)
    for everything, visible in _VISIBLE.items()
    for state, condition in _STATE.items()
}
_IDS = {
    everything: select(cases.c.id).where(visible, cases.c.ended_at.is_(None))
    for everything, visible in _VISIBLE.items()
}
_HEALTH = select(
    func.count(),
    func.count(cases.c.id).filter(cases.c.ended_at.is_(None)),
    func.count(cases.c.id).filter(cases.c.attempts > 0),
    func.min(cases.c.wake_at),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Eyes:
    """Whose eyes: everything not excluded, or the cases these "g:…"/"p:…" are members of."""

    person: str
    everything: bool
    who: tuple[str, ...]

    def given(self) -> dict[str, Any]:
        bound: dict[str, Any] = {"myself": f"p:{self.person}"}
        return bound if self.everything else bound | {"who": list(self.who)}


def lines(unit: Unit, eyes: Eyes, state: str, skip: int, most: int) -> list[CaseLine]:
    """`state`: "open", "closed" or "all"; newest first."""
    given = eyes.given() | {"skip": skip, "most": most}
    return [CaseLine(*row) for row in unit.rows(_LISTS[eyes.everything, state], given)]


def count(unit: Unit, eyes: Eyes, state: str) -> int:
    return int(unit.value(_COUNTS[eyes.everything, state], eyes.given()))


def open_ids(unit: Unit, eyes: Eyes) -> list[str]:
    return [row[0] for row in unit.rows(_IDS[eyes.everything], eyes.given())]


@dataclass(frozen=True, slots=True)
class Health:
    cases: int
    open: int
    #: cases with an incident
    stopped: int
    #: the earliest instant at which the waker has something to do; past: it is behind
    wake_at: datetime | None


def health(unit: Unit) -> Health:
    row = unit.row(_HEALTH)
    assert row is not None
    return Health(*row)
