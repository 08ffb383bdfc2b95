"""Deadlines: what was due when, by which sum, and how it ended; kept after completion.

A row says late for ever once its end, or a move, came after its due instant.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.store.schema import cases, deadline, task
from app.store.unit import Unit


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

    def late(self, at: datetime) -> bool:
        """Late now, or done late, or moved when it was late."""
        if self.how == "dropped":
            return self.was_late
        return self.was_late or (self.ended_at or at) > self.due


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
_END = _END.values(ended_at=bindparam("at"), how=bindparam("ended"))
_OF_CASE = select(*_COLUMNS).where(deadline.c.case_id == bindparam("case")).order_by(deadline.c.due)
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


def end(unit: Unit, case: str, ended: Sequence[tuple[str, str]], at: datetime) -> None:
    """`ended`: (task or activity id, "met" or "dropped")."""
    unit.many(_END, [{"case": case, "id": id, "ended": how, "at": at} for id, how in ended])


def of_case(unit: Unit, case: str) -> list[DeadlineRow]:
    return [DeadlineRow(*row) for row in unit.rows(_OF_CASE, {"case": case})]


def find(unit: Unit, case: str, task: str) -> DeadlineRow | None:
    row = unit.row(_FIND, {"case": case, "id": task})
    return None if row is None else DeadlineRow(*row)


def open_in(unit: Unit, cases: Sequence[str], most: int) -> list[tuple[DeadlineRow, str]]:
    """Running deadlines of these cases, earliest first, each with the case's reference."""
    rows = unit.rows(_OPEN, {"cases": list(cases), "most": most})
    return [(DeadlineRow(*row[:-1]), row[-1]) for row in rows]
