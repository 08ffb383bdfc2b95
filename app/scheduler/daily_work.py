"""What of somebody's work is late or due today, as counts and lines of their daily mail.

Which tasks are theirs is the work list's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.casework import Desk, accounts, views
from app.engine import day_in_london, saying
from app.store import PersonRow

#: tasks of a work list; the earliest due stand first
_MOST_LOOKED = 500


@dataclass(frozen=True, slots=True)
class Work:
    """Each line: the task, the reference of its case, and when it is due."""

    late: tuple[str, ...] = ()
    today: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.late or self.today)

    def counted(self, messages: int) -> str:
        """3 messages, 2 tasks late and 1 task due today"""
        late, today = (saying.count(len(lines), "task") for lines in (self.late, self.today))
        return saying.joined(
            [
                saying.count(messages, "message") if messages else "",
                f"{late} late" if self.late else "",
                f"{today} due today" if self.today else "",
            ]
        )


def work_of(desk: Desk, row: PersonRow, at: datetime) -> Work:
    """Of the tasks that are theirs to do, those of people they cover for among them. StoreFault."""
    with desk.store.reading() as unit:
        person = accounts.present(desk, unit, accounts.as_seen(row, at), at)
    page = views.work_list(desk, person, at, "all", 1, _MOST_LOOKED, exact=False)
    due = [row for row in page.rows if row.due is not None]
    today = [
        row
        for row in due
        if not row.late and row.due and day_in_london(row.due) == day_in_london(at)
    ]
    return Work(tuple(_line(row) for row in due if row.late), tuple(_line(row) for row in today))


def _line(row: views.WorkRow) -> str:
    assert row.due is not None
    return f"{row.name}, {row.case}, due {saying.due(row.due, row.whole_day)}"
