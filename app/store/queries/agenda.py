"""What lies ahead in many open cases: their meetings, and the limits in law of what runs in them.

Bounded by who may see which, as the lists are.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, select

from app.store.database.unit import Unit
from app.store.queries.listing import Eyes
from app.store.queries.walks import visible
from app.store.schema import cases, deadline
from app.store.work.deadlines import RUNS
from app.store.work.meeting_table import meeting
from app.store.work.meetings import COLUMNS, MeetingRow, from_row

#: of a running limit
_LIMIT = [
    cases.c.reference, deadline.c.case_id, deadline.c.name, deadline.c.backstop,
    deadline.c.backstop_whole_day, deadline.c.set_at, deadline.c.calendar,
]  # fmt: skip


@cache
def _meetings(everything: bool, covers: int, parted: bool) -> Any:
    return (
        select(*COLUMNS, cases.c.reference)
        .join(cases, cases.c.id == meeting.c.case_id)
        .where(
            visible(everything, covers, parted),
            cases.c.ended_at.is_(None),
            cases.c.merged_into.is_(None),
            meeting.c.begins_at >= bindparam("first"),
            meeting.c.begins_at < bindparam("end"),
        )
        .order_by(meeting.c.begins_at, cases.c.reference, meeting.c.id)
        .limit(bindparam("most"))
    )


@cache
def _limits(everything: bool, covers: int, parted: bool) -> Any:
    return (
        select(*_LIMIT)
        .join(cases, cases.c.id == deadline.c.case_id)
        .where(
            visible(everything, covers, parted),
            cases.c.ended_at.is_(None),
            deadline.c.ended_at.is_(None),
            deadline.c.backstop >= bindparam("first"),
            deadline.c.backstop < bindparam("end"),
            RUNS,
        )
        .order_by(deadline.c.backstop, cases.c.reference, deadline.c.due, deadline.c.task)
        .limit(bindparam("most"))
    )


def _given(eyes: Eyes, first: datetime, end: datetime, most: int) -> dict[str, Any]:
    return eyes.given() | {"first": first, "end": end, "most": most}


def meetings(
    unit: Unit, eyes: Eyes, first: datetime, end: datetime, most: int
) -> list[tuple[MeetingRow, str]]:
    """From `first` until before `end`, each with its case's reference; earliest first."""
    rows = unit.rows(_meetings(*eyes.kind), _given(eyes, first, end, most))
    return [(from_row(row[:-1]), str(row[-1])) for row in rows]


def limits(unit: Unit, eyes: Eyes, first: datetime, end: datetime, most: int) -> list[Any]:
    """Rows with `reference`, `case_id`, `name`, `backstop`, `backstop_whole_day`, `set_at` and
    `calendar`; earliest first."""
    return list(unit.rows(_limits(*eyes.kind), _given(eyes, first, end, most)))
