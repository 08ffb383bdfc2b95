"""Open tasks, to whom they are offered, and the work list as a query over them.

A task stands here while it is open; afterwards `answers` knows who did it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    Select,
    and_,
    bindparam,
    case,
    delete,
    func,
    insert,
    literal_column,
    or_,
    select,
    union_all,
    update,
)

from app.store.schema import cases, member, offer, task
from app.store.unit import Unit


@dataclass(frozen=True, slots=True)
class TaskRow:
    case_id: str
    task: str
    instance: str
    element: str
    process: str
    name: str
    label: str | None
    form: str | None
    #: feel.codec text of the multi-instance item
    item: str | None
    assignee: str | None
    due: datetime | None
    whole_day: bool | None
    backstop: datetime | None
    backstop_whole_day: bool | None
    opened_at: datetime
    version: int
    #: its process sleeps: nobody can do it now
    resting: bool = False


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


#: the lists of a person's work
WHICH = ("mine", "groups", "all", "late")
_NAMES = [f.name for f in fields(TaskRow)]
_COLUMNS = [task.c[name] for name in _NAMES]
_HERE = and_(task.c.case_id == bindparam("case"), task.c.task == bindparam("id"))
_FIND = select(*_COLUMNS).where(_HERE)
_OF_CASE = select(*_COLUMNS).where(task.c.case_id == bindparam("case")).order_by(task.c.opened_at)
_ADD = insert(task)
_ADD_OFFER = insert(offer)
_DROP = delete(task).where(_HERE)
_DROP_OFFERS = delete(offer).where(
    offer.c.case_id == bindparam("case"), offer.c.task == bindparam("id")
)
_ASSIGN = update(task).where(_HERE).values(assignee=bindparam("to"))
_DUE = update(task).where(_HERE)
_DUE = _DUE.values({name: bindparam(name) for name in ("due", "whole_day", "backstop")})
_REST = (
    update(task)
    .where(
        task.c.case_id == bindparam("case"),
        task.c.instance.in_(bindparam("instances", expanding=True)),
    )
    .values(resting=True)
)
_GO_ON = update(task).where(task.c.case_id == bindparam("case"), task.c.resting)
_GO_ON = _GO_ON.values(resting=False)
_OFFERS = select(offer.c.task, offer.c.who).where(offer.c.case_id == bindparam("case"))
_OFFERS_OF = select(offer.c.who).where(
    offer.c.case_id == bindparam("case"), offer.c.task == bindparam("id")
)


def find(unit: Unit, case_id: str, id: str) -> TaskRow | None:
    row = unit.row(_FIND, {"case": case_id, "id": id})
    return None if row is None else TaskRow(*row)


def of_case(unit: Unit, case_id: str) -> list[TaskRow]:
    """Every open task of the case, oldest first."""
    return [TaskRow(*row) for row in unit.rows(_OF_CASE, {"case": case_id})]


def offers_of(unit: Unit, case_id: str, id: str) -> set[str]:
    """ "g:<group>" and "p:<person>" to whom the task is offered."""
    return {row[0] for row in unit.rows(_OFFERS_OF, {"case": case_id, "id": id})}


def offers(unit: Unit, case_id: str) -> dict[str, set[str]]:
    """Task id → to whom it is offered, for every open task of the case."""
    found: dict[str, set[str]] = {}
    for one, who in unit.rows(_OFFERS, {"case": case_id}):
        found.setdefault(one, set()).add(who)
    return found


def add(unit: Unit, opened: Iterable[tuple[TaskRow, Iterable[str]]]) -> None:
    """New open tasks, each with those to whom it is offered."""
    opened = list(opened)
    unit.many(_ADD, [{name: getattr(row, name) for name in _NAMES} for row, _ in opened])
    lines = [
        {"case_id": row.case_id, "task": row.task, "who": one} for row, who in opened for one in who
    ]
    unit.many(_ADD_OFFER, lines)


def drop(unit: Unit, case_id: str, ids: Iterable[str]) -> None:
    given = [{"case": case_id, "id": one} for one in ids]
    unit.many(_DROP, given)
    unit.many(_DROP_OFFERS, given)


def assign(unit: Unit, case_id: str, id: str, to: str | None) -> None:
    unit.run(_ASSIGN, {"case": case_id, "id": id, "to": to})


def set_due(unit: Unit, moves: Sequence[dict[str, Any]]) -> None:
    """Each with keys case, id, due, whole_day, backstop."""
    unit.many(_DUE, moves)


def rest(unit: Unit, case_id: str, instances: Iterable[str]) -> None:
    """The open tasks of these instances cannot be done until they go on."""
    unit.run(_REST, {"case": case_id, "instances": sorted(instances)})


def go_on(unit: Unit, case_id: str) -> None:
    unit.run(_GO_ON, {"case": case_id})


def _offered(who: str) -> Select[Any]:
    return select(offer.c.case_id, offer.c.task).where(
        offer.c.who.in_(bindparam(who, expanding=True))
    )


def _taken(me: str) -> Select[Any]:
    return select(task.c.case_id, task.c.task).where(task.c.assignee == bindparam(me))


def _not_excluded(case_id: Any, myself: str) -> Any:
    out = select(member.c.case_id)
    return case_id.not_in(out.where(member.c.who == bindparam(myself), member.c.excluded))


def _theirs(number: int) -> Select[Any]:
    """What one of the covered people, or with 0 the person, is offered and may take, or took."""
    here = or_(task.c.assignee.is_(None), task.c.assignee == bindparam(f"me{number}"))
    reach = _offered(f"who{number}").union(_taken(f"me{number}")).subquery(f"reach{number}")
    found = (
        select(task.c.case_id, task.c.task, literal_column(str(number)).label("via"))
        .join_from(
            reach, task, and_(reach.c.case_id == task.c.case_id, reach.c.task == task.c.task)
        )
        .where(here)
    )
    return found.where(_not_excluded(task.c.case_id, f"myself{number}")) if number else found


def _ours(covers: int) -> Any:
    """The tasks within reach, each with `via`: as whom; 0 is the person, who comes first where they
    can do it as themselves.
    """
    if covers:
        every = union_all(*map(_theirs, range(covers + 1))).subquery("every")
        via = func.min(every.c.via).label("via")
        reach = select(every.c.case_id, every.c.task, via).group_by(every.c.case_id, every.c.task)
        found: Any = reach.subquery("reach")
        columns = [*_COLUMNS, found.c.via]
    else:
        found = _offered("who0").union(_taken("me0")).subquery("reach")
        columns = [*_COLUMNS, literal_column("0").label("via")]
    same = and_(found.c.case_id == task.c.case_id, found.c.task == task.c.task)
    awake = select(*columns).join(found, same).where(~task.c.resting)
    # The offset is a fence: a planner without statistics would else begin with all free tasks.
    return awake.offset(literal_column("0")).subquery("ours")


def _in_order(of: Any) -> Select[Any]:
    """Cuts the page out first, so that only its rows look up their case."""
    page = of.subquery("page")
    rows = [page.c[name] for name in _NAMES]
    return (
        select(
            *rows,
            cases.c.reference,
            cases.c.status,
            cases.c.suspended,
            cases.c.merged_into,
            page.c.via,
        )
        .join_from(page, cases, cases.c.id == page.c.case_id)
        .order_by(page.c.due.is_(None), page.c.due, page.c.opened_at, page.c.case_id, page.c.task)
    )


def _which(row: Any, covers: int) -> dict[str, Any]:
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
def _statements(covers: int) -> tuple[dict[str, Any], Any]:
    """The lists and their counts for somebody who covers for so many others."""
    ours = _ours(covers)
    row = ours.c
    visible = _not_excluded(row.case_id, "myself0")
    which = _which(row, covers)
    lists = {
        name: _in_order(
            select(ours)
            .where(condition, visible)
            .order_by(row.due.is_(None), row.due, row.opened_at, row.case_id, row.task)
            .limit(bindparam("most"))
            .offset(bindparam("skip"))
        )
        for name, condition in which.items()
    }
    counts = select(*(func.sum(case((one, 1), else_=0)) for one in which.values()))
    return lists, counts.select_from(ours).where(visible)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What a person's hands reach: their id and the "g:…"/"p:…" they are offered work as."""

    person: str
    who: tuple[str, ...]
    at: datetime
    #: the same of those they cover for; theirs reach no further
    covers: tuple[Reach, ...] = ()

    def given(self, late: bool = True) -> dict[str, Any]:
        bound: dict[str, Any] = {"at": self.at} if late else {}
        for number, one in enumerate((self, *self.covers)):
            bound[f"who{number}"] = list(one.who)
            bound[f"myself{number}"] = f"p:{one.person}"
            bound[f"me{number}"] = one.person
        return bound


def listed(unit: Unit, reach: Reach, which: str, skip: int, most: int) -> list[Listed]:
    """`which` is "mine", "groups", "all" or "late"; the earliest due first."""
    lists, _ = _statements(len(reach.covers))
    given = reach.given(which == "late") | {"skip": skip, "most": most}
    width = len(_NAMES)
    return [Listed(TaskRow(*row[:width]), *row[width:]) for row in unit.rows(lists[which], given)]


def counts(unit: Unit, reach: Reach) -> dict[str, int]:
    _, counting = _statements(len(reach.covers))
    row = unit.row(counting, reach.given())
    return {which: int(n or 0) for which, n in zip(WHICH, row or (), strict=False)}
