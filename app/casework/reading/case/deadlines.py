"""The deadlines of a case, running and ended, as its pages list them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from app import store
from app.casework.reading.look import Look
from app.store import DeadlineRow


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineLine:
    """A deadline of the case, running or ended. `late`: now, or for ever."""

    case: str
    #: the one that holds the element; "" where an old row does not tell
    process: str
    task: str
    element: str
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
    #: mark of the calendar by which it counts
    calendar: str
    set_at: datetime
    moved: int
    ended_at: datetime | None
    how: str | None
    late: bool
    #: later than the backstop: now, or for ever
    breach: bool

    @property
    def running(self) -> bool:
        return self.ended_at is None


_OF_ROW = [f.name for f in fields(DeadlineLine) if f.name not in {"case", "late", "breach"}]


def deadline_lines(
    seen: Look, own: set[str], current: list[DeadlineRow], ended: int | None
) -> list[DeadlineLine]:
    """Of the tasks in `own`, of all where the whole case is seen. `current`: those that run;
    `ended`: as of `case_page`.

    In a merged case a deadline runs only for what goes on in it; what has ended stays.
    """
    if ended is None:
        rows = store.work.deadlines.of_case(seen.unit, seen.row.id)
    else:
        last = store.work.deadlines.ended(seen.unit, seen.row.id, ended) if ended else []
        each = {row.task: row for row in last}
        each |= {row.task: row for row in current}
        rows = sorted(each.values(), key=lambda row: row.due)
    rests = seen.row.merged_into is not None
    return [
        _line(seen, row)
        for row in rows
        if row.task in own or (seen.whole and not (rests and row.how is None))
    ]


def count_ended(seen: Look, lines: list[DeadlineLine]) -> tuple[int, int]:
    """How many have ended, and how many of these were met late."""
    if seen.whole:
        return store.work.deadlines.count_ended(seen.unit, seen.row.id)
    ended = [line for line in lines if line.how is not None]
    return len(ended), sum(line.late for line in ended if line.how == "met")


def _line(seen: Look, row: DeadlineRow) -> DeadlineLine:
    values: dict[str, Any] = {name: getattr(row, name) for name in _OF_ROW}
    late, breach = row.late(seen.at), row.breach(seen.at)
    return DeadlineLine(case=seen.row.reference, late=late, breach=breach, **values)
