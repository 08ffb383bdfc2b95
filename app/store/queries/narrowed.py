"""A person’s work, narrowed and in another order: the same tasks as `worklist` has, fewer of them.

Each wish is a condition of the query, so that what is counted is what is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, case, func, not_, or_, select

from app.store.database.unit import Unit
from app.store.queries.worklist import (
    WHICH,
    Listed,
    Reach,
    due_first,
    in_order,
    not_excluded,
    ours,
    which_of,
)
from app.store.schema import cases, draft, offer
from app.store.work.tasks import TASK_NAMES, TaskRow

#: more names than anybody reads through
MOST_NAMES = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """What is wished of the tasks; "" wishes nothing."""

    #: what the task is called
    name: str = ""
    #: "g:…", to whom it is offered
    group: str = ""
    #: of `DUE`
    due: str = ""
    #: of `BEGUN`
    begun: str = ""
    #: of `ORDERS`; "": due first
    order: str = ""

    @property
    def shape(self) -> tuple[str, ...]:
        """Which statement asks for it."""
        wishes = [("name", "name" if self.name else ""), ("group", "group" if self.group else "")]
        wishes += [("due", self.due), ("begun", self.begun)]
        return tuple(f"{what}={how}" for what, how in wishes if how)


def _due(row: Any) -> Mapping[str, Any]:
    at: Any = bindparam("at")
    return {
        "breach": row.backstop < at,
        "late": row.due < at,
        "soon": and_(row.due >= at, row.due < bindparam("soon")),
        "later": row.due >= bindparam("soon"),
        "none": row.due.is_(None),
    }


def _begun(row: Any) -> Mapping[str, Any]:
    here = select(draft.c.task).where(draft.c.case_id == row.case_id, draft.c.task == row.task)
    here = here.correlate(row.task.table)
    mine = draft.c.person == bindparam("me0")
    return {
        "me": here.where(mine).exists(),
        "others": here.where(not_(mine)).exists(),
        "nobody": not_(here.exists()),
    }


def _offered(row: Any) -> Any:
    here = select(offer.c.task).where(offer.c.case_id == row.case_id, offer.c.task == row.task)
    return here.where(offer.c.who == bindparam("group")).correlate(row.task.table).exists()


def _conditions(row: Any) -> dict[str, Any]:
    return {
        "name=name": row.name == bindparam("name"),
        "group=group": _offered(row),
        **{f"due={how}": condition for how, condition in _due(row).items()},
        **{f"begun={how}": condition for how, condition in _begun(row).items()},
    }


def _reference(row: Any) -> Any:
    called = cases.alias("called")
    return select(called.c.reference).where(called.c.id == row.case_id).scalar_subquery()


DUE = ("breach", "late", "soon", "later", "none")
BEGUN = ("me", "others", "nobody")
#: what stands first
ORDERS: Mapping[str, Callable[[Any], tuple[Any, ...]]] = {
    "": due_first,
    "waiting": lambda row: (row.opened_at, row.case_id, row.task),
    "newest": lambda row: (row.opened_at.desc(), row.case_id, row.task),
    "name": lambda row: (row.name, *due_first(row)),
    "case": lambda row: (_reference(row), *due_first(row)),
}


@cache
def _statements(
    covers: int, parted: bool, shape: tuple[str, ...], order: str
) -> tuple[dict[str, Any], Any]:
    within = ours(covers, parted)
    row = within.c
    every = _conditions(row)
    wished = and_(not_excluded(row.case_id, "myself0"), *(every[each] for each in shape))
    which = which_of(row, covers)
    lists = {}
    for name, condition in which.items():
        page = select(within).where(condition, wished).order_by(*ORDERS[order](row))
        cut = page.limit(bindparam("most")).offset(bindparam("skip"))
        lists[name] = in_order(cut, ORDERS[order])
    counts = select(*(func.sum(case((condition, 1), else_=0)) for condition in which.values()))
    return lists, counts.select_from(within).where(wished)


@cache
def _names(covers: int, parted: bool) -> Any:
    within = ours(covers, parted)
    row = within.c
    which = or_(*which_of(row, covers).values())
    names = select(row.name).where(which, not_excluded(row.case_id, "myself0")).distinct()
    return names.order_by(row.name).limit(MOST_NAMES)


def _given(reach: Reach, wish: Narrowing, soon: datetime) -> dict[str, Any]:
    return reach.given() | {"name": wish.name, "group": wish.group, "soon": soon}


def listed(
    unit: Unit, reach: Reach, which: str, wish: Narrowing, soon: datetime, skip: int, most: int
) -> list[Listed]:
    """`which`: as `worklist.listed` has it; `soon`: what is due before it is due soon."""
    lists, _ = _statements(*reach.kind, wish.shape, wish.order)
    given = _given(reach, wish, soon) | {"skip": skip, "most": most}
    width = len(TASK_NAMES)
    return [Listed(TaskRow(*row[:width]), *row[width:]) for row in unit.rows(lists[which], given)]


def counts(unit: Unit, reach: Reach, wish: Narrowing, soon: datetime) -> dict[str, int]:
    """How many there are in each list."""
    _, counting = _statements(*reach.kind, wish.shape, wish.order)
    row = unit.row(counting, _given(reach, wish, soon))
    return {which: int(n or 0) for which, n in zip(WHICH, row or (), strict=False)}


def names(unit: Unit, reach: Reach) -> list[str]:
    """What the tasks within reach are called, each once."""
    return [row[0] for row in unit.rows(_names(*reach.kind), reach.given())]
