"""The calendar of the open cases that somebody sees in whole: meetings, and national limits of what
runs in them. A line says a reference, a kind and a time, and names nobody.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from app.casework.access import Person
from app.casework.desk import Desk
from app.casework.reading.case_list import whole_eyes
from app.documents.calendar import CalendarEntry, unique
from app.engine import day_in_london
from app.store.queries import agenda
from app.store.work.meetings import MeetingRow

#: of each kind, at once
MOST = 500
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarLine:
    #: the reference
    case: str
    #: it is a national limit, and no meeting
    limit: bool
    name: str
    #: how many more tasks the limit is for
    more: int = 0
    at: datetime
    #: of a limit: it lasts to the end of the day
    whole_day: bool
    minutes: int = 0
    #: it was called off
    off: bool = False
    sequence: int = 0
    changed: datetime
    uid: str

    def passed(self, now: datetime) -> bool:
        return self.limit and self.at < now

    @property
    def day(self) -> date:
        return day_in_london(self.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarPage:
    #: earliest first
    lines: tuple[CalendarLine, ...]
    #: there are more than these
    cut: bool


def calendar_lines(desk: Desk, person: Person, first: datetime, end: datetime) -> CalendarPage:
    """From `first` until before `end`."""
    eyes = whole_eyes(desk, person)
    with desk.store.reading() as unit:
        meetings = agenda.meetings(unit, eyes, first, end, MOST)
        limits = agenda.limits(unit, eyes, first, end, MOST)
    lines = [*_together(limits), *(_meeting(row, case) for row, case in meetings)]
    lines.sort(key=lambda line: (line.day, not line.whole_day, line.at, line.case))
    return CalendarPage(lines=tuple(lines), cut=MOST in (len(meetings), len(limits)))


def passed_limits(desk: Desk, person: Person, before: datetime) -> CalendarPage:
    """Those of earlier days whose tasks are still open."""
    with desk.store.reading() as unit:
        limits = agenda.limits(unit, whole_eyes(desk, person), _LONG_AGO, before, MOST)
    return CalendarPage(lines=tuple(_together(limits)), cut=len(limits) == MOST)


def _meeting(row: MeetingRow, case: str) -> CalendarLine:
    return CalendarLine(
        case=case, limit=False, name=row.name, at=row.begins_at, whole_day=row.whole_day,
        minutes=row.minutes, off=row.off, sequence=row.sequence, changed=row.changed_at,
        uid=unique("meeting", row.case_id, row.id),
    )  # fmt: skip


def _together(rows: Iterable[Any]) -> Iterable[CalendarLine]:
    """Tasks of a case that share a limit share a line, under what is due first."""
    lines: dict[tuple[str, datetime], CalendarLine] = {}
    for row in rows:
        key = row.case_id, row.backstop
        if key in lines:
            kept = lines[key]
            lines[key] = replace(kept, more=kept.more + 1, changed=max(kept.changed, row.set_at))
            continue
        lines[key] = CalendarLine(
            case=row.reference, limit=True, name=row.name, at=row.backstop,
            whole_day=row.backstop_whole_day, changed=row.set_at,
            uid=unique("limit", row.case_id, row.backstop.isoformat()),
        )  # fmt: skip
    return lines.values()


def as_entry(line: CalendarLine, link: str) -> CalendarEntry:
    """For a program's calendar; `link`: to the case."""
    more = f" and {line.more} more" if line.more else ""
    kind = "National limit: " if line.limit else ""
    return CalendarEntry(
        uid=line.uid, title=f"{line.case}: {kind}{line.name}{more}",
        begins=line.day if line.whole_day else line.at, minutes=line.minutes,
        sequence=line.sequence, off=line.off, link=link, changed=line.changed,
    )  # fmt: skip
