"""Deadlines: what was due when, by which sum, and how it ended; kept after completion.

A row says late for ever once its end, or a move, came after its due instant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, case, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.store.database.unit import Unit
from app.store.schema import cases, deadline, task


@dataclass(frozen=True, slots=True)
class DeadlineRow:
    case_id: str
    task: str
    element: str
    #: the process that holds the element; "" in rows from before it was kept
    process: str
    name: str
    label: str | None
    due: datetime
    whole_day: bool
    sum: str
    rule: str
    basis: str | None
    backstop: datetime | None
    backstop_sum: str | None
    backstop_whole_day: bool
    calendar: str
    set_at: datetime
    #: how often it was moved
    moved: int
    #: it had already passed when it was moved
    was_late: bool
    ended_at: datetime | None = None
    #: "met" (done, late or not) or "dropped"
    how: str | None = None
    #: when it was really done, as whoever did it stated
    happened_at: datetime | None = None

    @property
    def over_at(self) -> datetime | None:
        """When it was over, by what was stated, else by when that was recorded."""
        return self.happened_at or self.ended_at

    def late(self, at: datetime) -> bool:
        """Late now, or done late, or moved when it was late."""
        if self.how == "dropped":
            return self.was_late
        return self.was_late or (self.over_at or at) > self.due

    def breach(self, at: datetime) -> bool:
        """Past its backstop now, or done after it."""
        if self.how == "dropped" or self.backstop is None:
            return False
        return (self.over_at or at) > self.backstop


_NAMES = [f.name for f in fields(DeadlineRow)]
_COLUMNS = [deadline.c[name] for name in _NAMES]
_HERE = (deadline.c.case_id == bindparam("case"), deadline.c.task == bindparam("id"))
_PUT = upsert(deadline)
_PUT = _PUT.on_conflict_do_update(
    index_elements=["case_id", "task"],
    set_={name: _PUT.excluded[name] for name in _NAMES[2:]},
)
_MOVE = update(deadline).where(*_HERE)
_MOVE = _MOVE.values(
    **{
        n: bindparam(n) for n in ("due", "whole_day", "sum", "backstop", "backstop_sum", "calendar")
    },
    moved=deadline.c.moved + 1,
    was_late=or_(deadline.c.was_late, deadline.c.due < bindparam("at")),
)
_END = update(deadline).where(*_HERE, deadline.c.ended_at.is_(None))
_END = _END.values(
    ended_at=bindparam("at"), how=bindparam("ended"), happened_at=bindparam("happened")
)
_OF_CASE = select(*_COLUMNS).where(deadline.c.case_id == bindparam("case")).order_by(deadline.c.due)
_OF_OPEN_TASK = exists().where(task.c.case_id == deadline.c.case_id, task.c.task == deadline.c.task)
_CURRENT = _OF_CASE.where(or_(deadline.c.how.is_(None), _OF_OPEN_TASK))
_ENDED = (
    select(*_COLUMNS)
    .where(deadline.c.case_id == bindparam("case"), deadline.c.how.is_not(None))
    .order_by(deadline.c.due.desc(), deadline.c.task.desc())
    .limit(bindparam("most"))
)
_OVER = func.coalesce(deadline.c.happened_at, deadline.c.ended_at)
_DONE_LATE = and_(deadline.c.how == "met", or_(deadline.c.was_late, deadline.c.due < _OVER))
_COUNT_ENDED = select(func.count(), func.coalesce(func.sum(case((_DONE_LATE, 1), else_=0)), 0))
_COUNT_ENDED = _COUNT_ENDED.where(
    deadline.c.case_id == bindparam("case"), deadline.c.how.is_not(None)
)
_FIND = select(*_COLUMNS).where(*_HERE)
#: not of a case merged into another one; there only what an awake task is due by
RUNS = or_(
    cases.c.merged_into.is_(None),
    exists().where(
        task.c.case_id == deadline.c.case_id, task.c.task == deadline.c.task, ~task.c.resting
    ),
)
_OPEN = (
    select(*_COLUMNS, cases.c.reference)
    .join(cases, cases.c.id == deadline.c.case_id)
    .where(
        deadline.c.ended_at.is_(None),
        deadline.c.case_id.in_(bindparam("cases", expanding=True)),
        RUNS,
    )
    .order_by(deadline.c.due)
    .limit(bindparam("most"))
)


def put(unit: Unit, rows: Sequence[DeadlineRow]) -> None:
    unit.many(_PUT, [{name: getattr(row, name) for name in _NAMES} for row in rows])


def move(unit: Unit, moves: Sequence[dict[str, Any]]) -> None:
    """Each with what `_MOVE` sets, `case`, `id`, and `at` (of the move)."""
    unit.many(_MOVE, moves)


def end(
    unit: Unit, case: str, ended: Sequence[tuple[str, str, datetime | None]], at: datetime
) -> None:
    """`ended`: (task or activity id, "met" or "dropped", when it was really done)."""
    rows = [
        {"case": case, "id": id, "ended": how, "happened": happened, "at": at}
        for id, how, happened in ended
    ]
    unit.many(_END, rows)


def of_case(unit: Unit, case: str) -> list[DeadlineRow]:
    """All that were ever set, earliest first."""
    return [DeadlineRow(*row) for row in unit.rows(_OF_CASE, {"case": case})]


def current(unit: Unit, case: str) -> list[DeadlineRow]:
    """Those that run, and those of open tasks; earliest first."""
    return [DeadlineRow(*row) for row in unit.rows(_CURRENT, {"case": case})]


def ended(unit: Unit, case: str, most: int) -> list[DeadlineRow]:
    """The last to be due of those that have ended, latest first."""
    return [DeadlineRow(*row) for row in unit.rows(_ENDED, {"case": case, "most": most})]


def count_ended(unit: Unit, case: str) -> tuple[int, int]:
    """How many have ended, and how many of them were met late."""
    ended, late = unit.row(_COUNT_ENDED, {"case": case}) or (0, 0)
    return int(ended), int(late)


def find(unit: Unit, case: str, task: str) -> DeadlineRow | None:
    row = unit.row(_FIND, {"case": case, "id": task})
    return None if row is None else DeadlineRow(*row)


def open_in(unit: Unit, cases: Sequence[str], most: int) -> list[tuple[DeadlineRow, str]]:
    """Running deadlines of these cases, earliest first, each with the case's reference."""
    rows = unit.rows(_OPEN, {"cases": list(cases), "most": most})
    return [(DeadlineRow(*row[:-1]), row[-1]) for row in rows]
