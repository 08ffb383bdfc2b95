"""Lists for who reaches so much that gathering all of it first would take longer the more there is:
walked in their order, each row asked whether it is within reach, until a page is full. They are
counted no further than `MOST_COUNTED`.

Who reaches less is `worklist`'s and `listing`'s.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import (
    Boolean,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal,
    literal_column,
    or_,
    select,
    union_all,
)

from app.store.database.unit import Unit
from app.store.queries.listing import STATE, CaseLine, Eyes, not_out, page_of
from app.store.queries.worklist import Listed, Reach, in_order, in_part, not_excluded, unsigned
from app.store.schema import cases, member, offer, task
from app.store.work.tasks import TASK_COLUMNS, TASK_NAMES, TaskRow

#: who is offered more tasks, or is a member of more cases, reaches much
WIDE = 1000
#: beyond it a list is said to have more
MOST_COUNTED = 500

_ANY: Any = literal_column("1")


def _has(query: Any) -> Any:
    """Whether there is a row. Asked for each row by itself: made into a join, it would be gathered
    for all of them before the first is given."""
    return query.limit(1).scalar_subquery().is_not(None)


def _who(number: int) -> Any:
    return bindparam(f"who{number}", expanding=True)


def _member_of(case_id: Any, number: int, parted: bool) -> Any:
    here = and_(member.c.case_id == case_id, ~member.c.excluded)
    always = _has(select(_ANY).where(here, member.c.who.in_(_who(number))).correlate(case_id.table))
    if not parted:
        return always
    of_part = select(_ANY).select_from(member).where(here, in_part(member.c.who, number))
    if case_id.table is cases:
        return or_(always, _has(of_part.correlate(cases)))
    there = of_part.where(cases.c.id == member.c.case_id)
    return or_(always, _has(there.correlate(case_id.table)))


def _offered(number: int, parted: bool) -> Any:
    here = and_(offer.c.case_id == task.c.case_id, offer.c.task == task.c.task)
    always = _has(select(_ANY).where(here, offer.c.who.in_(_who(number))).correlate(task))
    if not parted:
        return always
    of_part = select(_ANY).where(here, cases.c.id == offer.c.case_id, in_part(offer.c.who, number))
    return or_(always, _has(of_part.correlate(task)))


def _theirs(number: int, parted: bool) -> Any:
    """What one of the covered people, or with 0 the person, may take, or took where they see it."""
    mine = task.c.assignee == bindparam(f"me{number}")
    sees = or_(
        bindparam(f"every{number}", type_=Boolean),
        task.c.case_id.in_(bindparam(f"opened{number}", expanding=True)),
        _member_of(task.c.case_id, number, parted),
    )
    reached = or_(_offered(number, parted), and_(mine, sees))
    theirs = and_(or_(task.c.assignee.is_(None), mine), unsigned(f"me{number}"), reached)
    if not number:
        return theirs
    return and_(theirs, not_excluded(task.c.case_id, f"myself{number}"))


def _conditions(covers: int) -> dict[str, Any]:
    taken = task.c.assignee.in_([bindparam(f"me{n}") for n in range(covers + 1)])
    return {
        "mine": taken,
        "groups": task.c.assignee.is_(None),
        "all": literal(True),
        "late": task.c.due < bindparam("at"),
    }


def _rows(which: str, covers: int, parted: bool) -> tuple[Any, Select[Any]]:
    """As whom, and the tasks of a list: no columns yet."""
    theirs = [_theirs(number, parted) for number in range(covers + 1)]
    via = case(*((condition, literal_column(str(n))) for n, condition in enumerate(theirs)))
    within = select(task.c.task).where(
        ~task.c.resting,
        _conditions(covers)[which],
        unsigned("me0"),
        not_excluded(task.c.case_id, "myself0"),
        or_(*theirs),
    )
    return (via if covers else literal_column("0")).label("via"), within


@cache
def _list(which: str, covers: int, parted: bool) -> Any:
    """Those with a day first, each sort along the index that has them in order."""
    via, within = _rows(which, covers, parted)
    rows = within.with_only_columns(*TASK_COLUMNS, via).limit(bindparam("far"))
    undated = rows.where(task.c.due.is_(None))
    order: tuple[Any, ...] = (task.c.due, task.c.opened_at, task.c.case_id, task.c.task)
    if which == "mine":  # few, and found by whose they are
        order = (func.coalesce(task.c.due, task.c.due), *order[1:])
    dated = rows.where(task.c.due.is_not(None)).order_by(*order).subquery("dated")
    parts = [select(dated)]
    if which != "late":
        parts.append(select(undated.order_by(*order[1:]).subquery("undated")))
    page = union_all(*parts).subquery("both")
    c = page.c
    cut = select(page).order_by(c.due.is_(None), c.due, c.opened_at, c.case_id, c.task)
    return in_order(cut.limit(bindparam("most")).offset(bindparam("skip")))


@cache
def _count(which: str, covers: int, parted: bool) -> Any:
    _, within = _rows(which, covers, parted)
    return _up_to(within.with_only_columns(_ANY))


def _up_to(rows: Any) -> Any:
    return select(func.count()).select_from(rows.limit(bindparam("most")).subquery("some"))


_OFFERED = _up_to(select(_ANY).where(offer.c.who.in_(bindparam("who", expanding=True))))
_MEMBER = _up_to(select(_ANY).where(member.c.who.in_(bindparam("who", expanding=True))))


def much_work(unit: Unit, reach: Reach) -> bool:
    """They, or those they cover for, are offered so much that the list is walked."""
    every = [reach, *reach.covers]
    who = {name for each in every for name in (*each.who, *(one for one, _ in each.parted))}
    return bool(unit.value(_OFFERED, {"who": sorted(who), "most": WIDE + 1}) > WIDE)


def listed(unit: Unit, reach: Reach, which: str, skip: int, most: int) -> list[Listed]:
    """As `worklist.listed`."""
    given = reach.given(which == "late") | {"skip": skip, "most": most, "far": skip + most}
    width = len(TASK_NAMES)
    rows = unit.rows(_list(which, *reach.kind), given)
    return [Listed(TaskRow(*row[:width]), *row[width:]) for row in rows]


def count(unit: Unit, reach: Reach, which: str) -> int:
    """How many; `MOST_COUNTED` + 1: more than are counted."""
    given = reach.given(which == "late") | {"most": MOST_COUNTED + 1}
    return int(unit.value(_count(which, *reach.kind), given))


def visible(everything: bool, covers: int, parted: bool) -> Any:
    """As `listing.visible`, asked for each row by itself."""
    if everything:
        return not_out("myself0")
    opened = cases.c.id.in_(bindparam("opened", expanding=True))
    theirs = [
        and_(_member_of(cases.c.id, n, parted), not_out(f"myself{n}")) for n in range(1, covers + 1)
    ]
    inside = or_(_member_of(cases.c.id, 0, parted), opened, *theirs)
    return and_(inside, not_out("myself0"))


@cache
def _cases(everything: bool, covers: int, parted: bool, state: str) -> Any:
    return page_of(visible(everything, covers, parted), state)


@cache
def _count_cases(everything: bool, covers: int, parted: bool, state: str) -> Any:
    seen = visible(everything, covers, parted)
    return _up_to(select(_ANY).select_from(cases).where(seen, STATE[state]))


def many_cases(unit: Unit, eyes: Eyes) -> bool:
    """They see so many that the list is walked."""
    if eyes.everything:
        return True
    who = {*eyes.who, *(name for _, names in eyes.covers for name in names)}
    who |= {name for parted in eyes.parted for name, _ in parted}
    return bool(unit.value(_MEMBER, {"who": sorted(who), "most": WIDE + 1}) > WIDE)


def lines(unit: Unit, eyes: Eyes, state: str, skip: int, most: int) -> list[CaseLine]:
    """As `listing.lines`."""
    given = eyes.given() | {"skip": skip, "most": most}
    return [CaseLine(*row) for row in unit.rows(_cases(*eyes.kind, state), given)]


def count_cases(unit: Unit, eyes: Eyes, state: str) -> int:
    """How many; `MOST_COUNTED` + 1: more than are counted."""
    given = eyes.given() | {"most": MOST_COUNTED + 1}
    return int(unit.value(_count_cases(*eyes.kind, state), given))
