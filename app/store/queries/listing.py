"""Lists of cases, bounded by who may see which.

The bound is a query, so that a case somebody may not see has no influence on counts or pages.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, func, literal, or_, select, true, union

from app.store.database.unit import Unit
from app.store.queries.worklist import in_part, parts_given
from app.store.schema import cases, deadline, done, member, task
from app.store.work.deadlines import RUNS


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
    #: the earliest national limit of a running deadline
    backstop: datetime | None


def _in(number: int, parted: bool) -> Any:
    mine = member.c.who.in_(bindparam(f"who{number}", expanding=True))
    always = cases.c.id.in_(select(member.c.case_id).where(mine, ~member.c.excluded))
    if not parted:
        return always
    here = select(literal(1)).where(member.c.case_id == cases.c.id, ~member.c.excluded)
    return or_(always, here.where(in_part(member.c.who, number)).correlate(cases).exists())


def not_out(myself: str) -> Any:
    out = select(member.c.case_id).where(member.c.who == bindparam(myself), member.c.excluded)
    return cases.c.id.not_in(out)


def visible(everything: bool, covers: int, parted: bool) -> Any:
    """Of `cases`: what the person sees, and what those see for whom they cover; their own exclusion
    counts."""
    if everything:
        return not_out("myself0")
    opened = cases.c.id.in_(bindparam("opened", expanding=True))
    theirs = [and_(_in(n, parted), not_out(f"myself{n}")) for n in range(1, covers + 1)]
    inside = or_(_in(0, parted), opened, *theirs)
    return and_(inside, not_out("myself0"))


_TASKS = select(func.count()).where(task.c.case_id == cases.c.id, ~task.c.resting).scalar_subquery()


def earliest(column: Any) -> Any:
    """Of the running limits of a case, in a query over `cases`."""
    return (
        select(func.min(column))
        .where(deadline.c.case_id == cases.c.id, deadline.c.ended_at.is_(None), RUNS)
        .scalar_subquery()
    )


_LINE = [cases.c.id, cases.c.reference, cases.c.process, cases.c.status, cases.c.opened_at,
         cases.c.ended_at, cases.c.suspended, _TASKS, earliest(deadline.c.due),
         cases.c.merged_into, earliest(deadline.c.backstop)]  # fmt: skip
#: in which a person was named, holds a task or has done something
_THEIRS = cases.c.id.in_(
    union(
        select(member.c.case_id).where(member.c.who == bindparam("myself0")),
        select(task.c.case_id).where(task.c.assignee == bindparam("my_id")),
        select(done.c.case_id).where(done.c.by == bindparam("my_id")),
    )
)
STATE = {"open": cases.c.ended_at.is_(None), "closed": cases.c.ended_at.is_not(None),
         "mine": and_(cases.c.ended_at.is_(None), _THEIRS), "all": true()}  # fmt: skip


def page_of(seen: Any, state: str) -> Any:
    """A page of the cases that are seen, newest first. `seen`: the condition that says so."""
    return (
        select(*_LINE)
        .where(seen, STATE[state])
        .order_by(cases.c.opened_at.desc(), cases.c.id.desc())
        .limit(bindparam("most"))
        .offset(bindparam("skip"))
    )


@cache
def _list(everything: bool, covers: int, parted: bool, state: str) -> Any:
    return page_of(visible(everything, covers, parted), state)


@cache
def _count(everything: bool, covers: int, parted: bool, state: str) -> Any:
    seen = visible(everything, covers, parted)
    return select(func.count()).select_from(cases).where(seen, STATE[state])


@cache
def _open_ids(everything: bool, covers: int, parted: bool) -> Any:
    seen = visible(everything, covers, parted)
    return select(cases.c.id).where(seen, cases.c.ended_at.is_(None))


@cache
def _among(everything: bool, covers: int, parted: bool) -> Any:
    seen = visible(everything, covers, parted)
    return select(cases.c.id).where(cases.c.id.in_(bindparam("of", expanding=True)), seen)


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
    #: (person, who) of those they cover for
    covers: tuple[tuple[str, tuple[str, ...]], ...] = ()
    #: ids of cases that are open to them for now
    opened: tuple[str, ...] = ()
    #: (who, part) of the person and then of those they cover for: who each is besides in cases of
    #: this part
    parted: tuple[tuple[tuple[str, str], ...], ...] = ()

    @property
    def kind(self) -> tuple[bool, int, bool]:
        if self.everything:
            return True, 0, False
        return False, len(self.covers), any(self.parted)

    def given(self) -> dict[str, Any]:
        bound: dict[str, Any] = {"myself0": f"p:{self.person}", "my_id": self.person}
        if self.everything:
            return bound
        bound["who0"] = list(self.who)
        bound["opened"] = list(self.opened)
        for number, (person, who) in enumerate(self.covers, 1):
            bound |= {f"myself{number}": f"p:{person}", f"who{number}": list(who)}
        if any(self.parted):
            for number, parted in enumerate(self.parted):
                bound |= parts_given(number, parted)
        return bound


def lines(unit: Unit, eyes: Eyes, state: str, skip: int, most: int) -> list[CaseLine]:
    """`state`: "open", "closed", "mine" (open ones that the person has to do with) or "all"; newest
    first."""
    given = eyes.given() | {"skip": skip, "most": most}
    return [CaseLine(*row) for row in unit.rows(_list(*eyes.kind, state), given)]


def count(unit: Unit, eyes: Eyes, state: str) -> int:
    return int(unit.value(_count(*eyes.kind, state), eyes.given()))


def open_ids(unit: Unit, eyes: Eyes) -> list[str]:
    return [row[0] for row in unit.rows(_open_ids(*eyes.kind), eyes.given())]


def among(unit: Unit, eyes: Eyes, ids: Collection[str]) -> list[str]:
    """Those of these cases that are seen."""
    given = eyes.given() | {"of": sorted(ids)}
    return [row[0] for row in unit.rows(_among(*eyes.kind), given)]


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
