"""Queries over all cases for figures: limits of some steps, how they ended, and sealed answers.

All of it is what the history says: `deadline`, `done` and `task` are written with each entry, and
answers are opened where they stand. Counting is for the audit room.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, and_, bindparam, or_, select

from app.store import chain
from app.store.cases import Members
from app.store.database.errors import Sealed
from app.store.database.keys import CaseKey
from app.store.database.unit import Unit
from app.store.schema import case_key, cases, deadline, done, history, member, task

#: ids of the cases that are asked about; None: all
Ids = Sequence[str] | None


@dataclass(frozen=True, slots=True)
class CaseFacts:
    reference: str
    status: str | None
    ended_at: datetime | None = None
    #: reference of the case that it was merged into
    merged_into: str | None = None
    #: its newest entry
    seq: int = 0


@dataclass(frozen=True, slots=True)
class LimitRow:
    """A deadline as it stands after all moves."""

    case_id: str
    task: str
    #: that holds the element; "" in rows from before it was said
    process: str
    element: str
    name: str
    label: str | None
    due: datetime
    whole_day: bool
    sum: str
    backstop: datetime | None
    backstop_sum: str | None
    backstop_whole_day: bool
    set_at: datetime
    #: how often it was moved, by hand or by a change of the calendar
    moved: int
    ended_at: datetime | None
    #: "met" or "dropped"
    how: str | None


@dataclass(frozen=True, slots=True)
class EndRow:
    """A task that is over."""

    case_id: str
    task: str
    #: that holds the element; "" in rows from before it was said
    process: str
    element: str
    label: str | None
    at: datetime
    seq: int
    #: "completed" or "cancelled"
    how: str


@dataclass(frozen=True, slots=True)
class OpenRow:
    case_id: str
    task: str
    #: that holds the element; "" in rows from before it was said
    process: str
    element: str
    name: str
    label: str | None
    opened_at: datetime
    #: nobody can do it: its process sleeps
    resting: bool


_OF: BindParameter[Any] = bindparam("elements", expanding=True)
_MEASURED = deadline.c.element.in_(_OF)
_LIMITS = select(*(deadline.c[name] for name in LimitRow.__slots__)).where(_MEASURED)
_ENDS = select(*(done.c[name] for name in EndRow.__slots__)).where(
    done.c.element.in_(_OF), done.c.how.not_in(("started", "told"))
)
_OPEN = select(*(task.c[name] for name in OpenRow.__slots__)).where(task.c.element.in_(_OF))
_CASES = select(cases.c.id, *(cases.c[name] for name in CaseFacts.__slots__))
#: only of cases in which something was moved or dropped: few, and found without opening anything
_ORDERS = select(history.c.case_id, history.c.kind, history.c.at).where(
    history.c.kind.in_(bindparam("kinds", expanding=True)),
    history.c.case_id.in_(
        select(deadline.c.case_id)
        .where(_MEASURED, or_(deadline.c.moved > 0, deadline.c.how == "dropped"))
        .union(select(done.c.case_id).where(done.c.element.in_(_OF), done.c.how == "cancelled"))
    ),
)
_BODIES = (
    select(done.c.case_id, done.c.task, case_key.c.wrapped, history.c.seq, history.c.body)
    .join(history, and_(history.c.case_id == done.c.case_id, history.c.seq == done.c.seq))
    .outerjoin(case_key, case_key.c.case_id == done.c.case_id)
    .where(done.c.element.in_(_OF), done.c.how == "completed")
    .order_by(done.c.case_id)
)
_MEMBERS = select(member.c.case_id, member.c.who, member.c.excluded, cases.c.part).join_from(
    member, cases, cases.c.id == member.c.case_id
)
#: each of these for all cases, and for some
_IN: BindParameter[Any] = bindparam("cases", expanding=True)
_SOME = {
    statement: statement.where(column.in_(_IN))
    for statement, column in (
        (_LIMITS, deadline.c.case_id), (_ENDS, done.c.case_id), (_OPEN, task.c.case_id),
        (_CASES, cases.c.id), (_ORDERS, history.c.case_id), (_BODIES, done.c.case_id),
        (_MEMBERS, member.c.case_id),
    )
}  # fmt: skip
#: databases take a bounded number of values in one statement
_MOST_VALUES = 1000


def is_of(row: LimitRow | EndRow | OpenRow, step: str) -> bool:
    """`step`: id of an element, or “process.element” where several processes have it."""
    if row.element == step:
        return True
    process, dot, element = step.partition(".")
    return bool(dot) and row.element == element and row.process in (process, "")


def elements_of(steps: Collection[str]) -> list[str]:
    """Ids of the elements that these names can mean."""
    return sorted({*steps} | {step.partition(".")[2] for step in steps} - {""})


def _rows(unit: Unit, statement: Any, ids: Ids, given: Mapping[str, Any]) -> Iterator[Any]:
    if ids is None:
        yield from unit.rows(statement, given)
        return
    for first in range(0, len(ids), _MOST_VALUES):
        part = {**given, "cases": list(ids[first : first + _MOST_VALUES])}
        yield from unit.rows(_SOME[statement], part)


def limits(unit: Unit, elements: Sequence[str], ids: Ids = None) -> list[LimitRow]:
    return [LimitRow(*row) for row in _rows(unit, _LIMITS, ids, {"elements": list(elements)})]


def ends(unit: Unit, elements: Sequence[str], ids: Ids = None) -> list[EndRow]:
    return [EndRow(*row) for row in _rows(unit, _ENDS, ids, {"elements": list(elements)})]


def opened(unit: Unit, elements: Sequence[str], ids: Ids = None) -> list[OpenRow]:
    """The tasks that are open."""
    return [OpenRow(*row) for row in _rows(unit, _OPEN, ids, {"elements": list(elements)})]


def facts(unit: Unit, ids: Ids = None) -> dict[str, CaseFacts]:
    """Case id → what stands in its row."""
    return {row[0]: CaseFacts(*row[1:]) for row in _rows(unit, _CASES, ids, {})}


def orders(
    unit: Unit, elements: Sequence[str], kinds: Sequence[str], ids: Ids = None
) -> list[tuple[str, str, datetime]]:
    """(case id, kind, instant) of entries of these kinds, in cases where it may matter."""
    given = {"elements": list(elements), "kinds": list(kinds)}
    return [(row[0], row[1], row[2]) for row in _rows(unit, _ORDERS, ids, given)]


def answered(
    unit: Unit, elements: Sequence[str], ids: Ids = None
) -> Iterator[tuple[str, str, bytes | None]]:
    """(case id, task, text of the entry that completed it); None: it cannot be opened."""
    key: CaseKey | None = None
    given = {"elements": list(elements)}
    for case, id, wrapped, seq, body in _rows(unit, _BODIES, ids, given):
        if wrapped is None:
            yield case, id, None
            continue
        if key is None or key.case != case:
            key = unit.keys.unwrap(case, wrapped)
        try:
            yield case, id, chain.packing.unpack(key.decrypt(body, str(seq))).text
        except (
            Sealed,
            chain.packing.BadBody,
        ):  # `verify` tells why; here it is not known
            yield case, id, None


def members(unit: Unit, ids: Sequence[str]) -> dict[str, Members]:
    """Case id → who belongs to it, with the part that it belongs to."""
    rows: dict[str, list[tuple[str, bool]]] = {id: [] for id in ids}
    parts = dict.fromkeys(ids, "")
    for case, who, excluded, part in _rows(unit, _MEMBERS, ids, {}):
        rows[case].append((who, excluded))
        parts[case] = part
    return {id: Members(id, rows[id], parts[id]) for id in ids}
