"""The list of open tasks within a person's reach, a page at a time, as a query.

The tasks themselves are `work`'s.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    Boolean,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    union,
    union_all,
)

from app.store.database.unit import Unit
from app.store.schema import cases, deadline, member, offer, task
from app.store.work.tasks import TASK_COLUMNS, TASK_NAMES, TaskRow


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of somebody's work list."""

    task: TaskRow
    reference: str
    status: str | None
    suspended: bool
    #: reference of the case that its case was merged into
    merged_into: str | None = None
    #: 0: as themselves; else the number of the one they cover for
    via: int = 0
    #: mark of the calendar by which its due instant counts
    calendar: str = ""
    #: how that is counted; None where nothing is due
    sum: str | None = None

    @property
    def place(self) -> tuple[str, str]:
        return self.task.case_id, self.task.task


#: the lists of a person's work
WHICH = ("mine", "groups", "all", "late")


def _offered(number: int, parted: bool) -> list[Select[Any]]:
    reach = select(offer.c.case_id, offer.c.task)
    always = reach.where(offer.c.who.in_(bindparam(f"who{number}", expanding=True)))
    if not parted:
        return [always]
    there = reach.join_from(offer, cases, cases.c.id == offer.c.case_id)
    return [always, there.where(in_part(offer.c.who, number))]


def in_part(who: Any, number: int) -> Any:
    """`who` is somebody only in cases of a part, and the case at hand is of that part."""
    here = tuple_(who, cases.c.part).in_(bindparam(f"parted{number}", expanding=True))
    return and_(who.in_(bindparam(f"in{number}", expanding=True)), here)


def _taken(number: int, parted: bool) -> Select[Any]:
    """What they took, or was given to them, in cases that they see: who holds a task of a case by
    its drawing alone sees nothing of it."""
    mine = select(task.c.case_id, task.c.task).where(task.c.assignee == bindparam(f"me{number}"))
    inside = select(member.c.case_id).where(
        member.c.who.in_(bindparam(f"who{number}", expanding=True)), ~member.c.excluded
    )
    seen = bindparam(f"every{number}", type_=Boolean)
    opened = task.c.case_id.in_(bindparam(f"opened{number}", expanding=True))
    there = [task.c.case_id.in_(inside)]
    if parted:
        of_part = select(member.c.case_id).join_from(member, cases, cases.c.id == member.c.case_id)
        of_part = of_part.where(in_part(member.c.who, number), ~member.c.excluded)
        there.append(task.c.case_id.in_(of_part))
    return mine.where(or_(seen, opened, *there))


def not_excluded(case_id: Any, myself: str) -> Any:
    out = select(member.c.case_id)
    return case_id.not_in(out.where(member.c.who == bindparam(myself), member.c.excluded))


def unsigned(me: str) -> Any:
    """Whoever signed first has done their part: it waits for somebody else."""
    return or_(task.c.signed_by.is_(None), task.c.signed_by != bindparam(me))


def _theirs(number: int, parted: bool) -> Select[Any]:
    """What one of the covered people, or with 0 the person, is offered and may take, or took."""
    here = or_(task.c.assignee.is_(None), task.c.assignee == bindparam(f"me{number}"))
    reach = _reach(number, parted).subquery(f"reach{number}")
    query = (
        select(task.c.case_id, task.c.task, literal_column(str(number)).label("via"))
        .join_from(
            reach, task, and_(reach.c.case_id == task.c.case_id, reach.c.task == task.c.task)
        )
        .where(here, unsigned(f"me{number}"))
    )
    return query.where(not_excluded(task.c.case_id, f"myself{number}")) if number else query


def _reach(number: int, parted: bool) -> Any:
    return union(*_offered(number, parted), _taken(number, parted))


def ours(covers: int, parted: bool) -> Any:
    """The tasks within reach, each with `via`: as whom; 0 is the person, who comes first where they
    can do it as themselves.
    """
    if covers:
        every = union_all(*(_theirs(n, parted) for n in range(covers + 1))).subquery("every")
        via = func.min(every.c.via).label("via")
        reach = select(every.c.case_id, every.c.task, via).group_by(every.c.case_id, every.c.task)
        reached: Any = reach.subquery("reach")
        columns = [*TASK_COLUMNS, reached.c.via]
    else:
        reached = _reach(0, parted).subquery("reach")
        columns = [*TASK_COLUMNS, literal_column("0").label("via")]
    same = and_(reached.c.case_id == task.c.case_id, reached.c.task == task.c.task)
    awake = select(*columns).join(reached, same).where(~task.c.resting, unsigned("me0"))
    # The offset is a fence: a planner without statistics would else begin with all free tasks.
    return awake.offset(literal_column("0")).subquery("ours")


def due_first(row: Any) -> tuple[Any, ...]:
    return (row.due.is_(None), row.due, row.opened_at, row.case_id, row.task)


def in_order(of: Any, order: Callable[[Any], tuple[Any, ...]] = due_first) -> Select[Any]:
    """Cuts the page out first, so that only its rows look up their case."""
    page = of.subquery("page")
    rows = [page.c[name] for name in TASK_NAMES]
    return (
        select(
            *rows,
            cases.c.reference,
            cases.c.status,
            cases.c.suspended,
            cases.c.merged_into,
            page.c.via,
            func.coalesce(deadline.c.calendar, ""),
            deadline.c.sum,
        )
        .join_from(page, cases, cases.c.id == page.c.case_id)
        .outerjoin(
            deadline, and_(deadline.c.case_id == page.c.case_id, deadline.c.task == page.c.task)
        )
        .order_by(*order(page.c))
    )


def which_of(row: Any, covers: int) -> dict[str, Any]:
    """The lists of a person. With covers only what is free or theirs is reached at all."""
    free = row.assignee.is_(None)
    mine = row.assignee.is_not(None) if covers else row.assignee == bindparam("me0")
    late = row.due < bindparam("at")
    return {
        "mine": mine,
        "groups": free,
        "all": or_(free, mine),
        "late": and_(or_(free, mine), late),
    }


@cache
def _statements(covers: int, parted: bool) -> tuple[dict[str, Any], Any]:
    """The lists and their counts for somebody who covers for so many others. `parted`: one of them
    is somebody only in cases of a part."""
    within = ours(covers, parted)
    row = within.c
    visible = not_excluded(row.case_id, "myself0")
    which = which_of(row, covers)
    lists = {
        name: in_order(
            select(within)
            .where(condition, visible)
            .order_by(*due_first(row))
            .limit(bindparam("most"))
            .offset(bindparam("skip"))
        )
        for name, condition in which.items()
    }
    counts = select(*(func.sum(case((condition, 1), else_=0)) for condition in which.values()))
    return lists, counts.select_from(within).where(visible)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What a person's hands reach: their id and the "g:…"/"p:…" they are offered work as."""

    person: str
    who: tuple[str, ...]
    at: datetime
    #: the same of those they cover for; theirs reach no further
    covers: tuple[Reach, ...] = ()
    #: they see every case they are not shut out of
    everything: bool = False
    #: ids of cases that are open to them for now
    opened: tuple[str, ...] = ()
    #: (who, part): who they are besides in cases of this part
    parted: tuple[tuple[str, str], ...] = ()

    @property
    def kind(self) -> tuple[int, bool]:
        return len(self.covers), any(reach.parted for reach in (self, *self.covers))

    def given(self, late: bool = True) -> dict[str, Any]:
        bound: dict[str, Any] = {"at": self.at} if late else {}
        for number, reach in enumerate((self, *self.covers)):
            bound[f"who{number}"] = list(reach.who)
            bound[f"myself{number}"] = f"p:{reach.person}"
            bound[f"me{number}"] = reach.person
            bound[f"every{number}"] = reach.everything
            bound[f"opened{number}"] = list(reach.opened)
            if self.kind[1]:
                bound |= parts_given(number, reach.parted)
        return bound


def parts_given(number: int, parted: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    """What `in_part` asks for."""
    return {f"in{number}": sorted({who for who, _ in parted}), f"parted{number}": list(parted)}


def listed(unit: Unit, reach: Reach, which: str, skip: int, most: int) -> list[Listed]:
    """`which` is "mine", "groups", "all" or "late"; the earliest due first."""
    lists, _ = _statements(*reach.kind)
    given = reach.given(which == "late") | {"skip": skip, "most": most}
    width = len(TASK_NAMES)
    return [Listed(TaskRow(*row[:width]), *row[width:]) for row in unit.rows(lists[which], given)]


def counts(unit: Unit, reach: Reach) -> dict[str, int]:
    _, counting = _statements(*reach.kind)
    row = unit.row(counting, reach.given())
    return {which: int(n or 0) for which, n in zip(WHICH, row or (), strict=False)}
