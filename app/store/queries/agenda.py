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

#: see `Eyes.kind`
Kind = tuple[bool, int, bool]
#: of a running limit
_LIMIT = [
    cases.c.reference, deadline.c.case_id, deadline.c.name, deadline.c.backstop,
    deadline.c.backstop_whole_day, deadline.c.set_at, deadline.c.calendar,
]  # fmt: skip


def _within(rows: Any, kind: Kind, at: Any) -> Any:
    """Those of open cases that are seen, from `first` until before `end`, `most` of them."""
    return rows.where(
        visible(*kind),
        cases.c.ended_at.is_(None),
        at >= bindparam("first"),
        at < bindparam("end"),
    ).limit(bindparam("most"))


@cache
def _meetings(kind: Kind) -> Any:
    rows = (
        select(*COLUMNS, cases.c.reference)
        .join(cases, cases.c.id == meeting.c.case_id)
        .where(cases.c.merged_into.is_(None))
        .order_by(meeting.c.begins_at, cases.c.reference, meeting.c.id)
    )
    return _within(rows, kind, meeting.c.begins_at)


@cache
def _limits(kind: Kind) -> Any:
    rows = (
        select(*_LIMIT)
        .join(cases, cases.c.id == deadline.c.case_id)
        .where(deadline.c.ended_at.is_(None), RUNS)
        .order_by(deadline.c.backstop, cases.c.reference, deadline.c.due, deadline.c.task)
    )
    return _within(rows, kind, deadline.c.backstop)


def _given(eyes: Eyes, first: datetime, end: datetime, most: int) -> dict[str, Any]:
    return eyes.given() | {"first": first, "end": end, "most": most}


def meetings(
    unit: Unit, eyes: Eyes, first: datetime, end: datetime, most: int
) -> list[tuple[MeetingRow, str]]:
    """From `first` until before `end`, each with its case's reference; earliest first."""
    rows = unit.rows(_meetings(eyes.kind), _given(eyes, first, end, most))
    return [(from_row(row[:-1]), str(row[-1])) for row in rows]


def limits(unit: Unit, eyes: Eyes, first: datetime, end: datetime, most: int) -> list[Any]:
    """Rows with `reference`, `case_id`, `name`, `backstop`, `backstop_whole_day`, `set_at` and
    `calendar`; earliest first."""
    return list(unit.rows(_limits(eyes.kind), _given(eyes, first, end, most)))
