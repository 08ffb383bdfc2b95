"""Lists over the cases that somebody sees: the cases, their running deadlines, dead letters.

A person's work is `lists`'.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app import store
from app.casework.access import Person
from app.casework.commands import DeliverMessage
from app.casework.desk import Desk
from app.casework.orders import ORDERS
from app.casework.reading.counted import Counted, told, up_to
from app.casework.reading.eyes import eyes
from app.casework.reading.eyes import whole_eyes as whole_eyes
from app.casework.reading.in_short import in_short
from app.store import CaseLine, DeadlineRow, Eyes, InboxRow, Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    #: the reference
    case: str
    process: str
    status: str | None
    started: datetime
    ended: datetime | None
    suspended: bool
    #: None: the person sees a part of the case, and what waits for others in it is not told them
    open_tasks: int | None
    #: the earliest running deadline; none is told to who sees a part
    due: datetime | None
    whole_day: bool = True
    #: the earliest national limit of what runs
    backstop: datetime | None = None
    #: of several limits, which may count on several calendars: the house's
    calendar: str = ""
    #: what tells it from others, for who sees the whole of it
    in_short: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePageOfList:
    rows: tuple[CaseRow, ...]
    #: with `more`, there are more than these
    total: int
    more: bool = False


def case_list(
    desk: Desk,
    person: Person,
    at: datetime,
    page: int = 1,
    size: int = 50,
    state: str = "all",
    *,
    exact: bool = True,
) -> CasePageOfList:
    """The cases the person sees, newest first. `state`: as `listing.lines` has it. Not `exact`:
    a long list is not counted out.
    """
    who = eyes(desk, person)
    with desk.store.reading() as unit:
        many = store.queries.walks.many_cases(unit, who)
        counted = _count_cases(unit, who, state, many=many, exact=exact)
        listed = store.queries.walks.lines if many else store.queries.listing.lines
        skip = (page - 1) * size
        lines = listed(unit, who, state, skip, size) if counted.number else []
        total = told(counted, skip, len(lines), size)
        rows = case_rows(desk, unit, person, lines)
    return CasePageOfList(rows=rows, total=total.number, more=total.more)


def case_rows(
    desk: Desk, unit: Unit, person: Person, lines: Sequence[CaseLine]
) -> tuple[CaseRow, ...]:
    said = in_short(desk, unit, person, {line.id for line in lines})
    return tuple(
        CaseRow(
            case=line.reference,
            process=line.process,
            status=desk.installation.standing(unit, person, line.status, line.merged_into),
            started=line.opened_at,
            ended=line.ended_at,
            suspended=line.suspended,
            open_tasks=line.open_tasks if line.id in said else None,
            due=line.due if line.id in said else None,
            backstop=line.backstop if line.id in said else None,
            in_short=said.get(line.id, ()),
        )
        for line in lines
    )


def _count_cases(unit: Unit, who: Eyes, state: str, *, many: bool, exact: bool) -> Counted:
    if exact or not many:
        return Counted(store.queries.listing.count(unit, who, state))
    return up_to(store.queries.walks.count_cases(unit, who, state))


def running_deadlines(desk: Desk, person: Person, most: int = 500) -> list[tuple[DeadlineRow, str]]:
    """Running deadlines of all cases the person sees in whole, each with the case's reference."""
    with desk.store.reading() as unit:
        seen = store.queries.listing.open_ids(unit, eyes(desk, person))
        whole = [case for case in seen if _whole(desk, unit, person, case)]
        return store.work.deadlines.open_in(unit, whole, most) if whole else []


def _whole(desk: Desk, unit: Unit, person: Person, case: str) -> bool:
    return desk.roles.sees_whole(person, store.cases.members(unit, case))


def inbox(desk: Desk, person: Person) -> list[InboxRow]:
    """Dead letters, messages nobody will ever wait for, of the cases the person sees in whole."""
    ORDERS[DeliverMessage].ask(desk.roles, person)
    with desk.store.reading() as unit:
        rows = store.work.messages.dead(unit)
        seen = {case for case in {row.case_id for row in rows} if _whole(desk, unit, person, case)}
    return [row for row in rows if row.case_id in seen]
