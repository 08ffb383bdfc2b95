"""Owns how far off a deadline is: what is left, how late something is or was, and how urgent.

One function of when it is due, whether its whole day counts, the instant asked about and the
calendar; task list, case page, history and figures all ask it. Words for days are `saying`'s; what
a working day is the calendar knows, and nothing here asks for the present.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from app.engine.errors import ExpressionFault
from app.engine.london import day_in_london
from app.engine.saying import count, roughly

#: this many working days before it is due, a task is "due soon"
SOON = 2
#: far enough for every statutory limit; beyond it plain days are counted
HORIZON = timedelta(days=400)

#: whether a day is a working day, for any day
WorkingDay = Callable[[date], bool]


@dataclass(frozen=True, slots=True)
class Urgency:
    kind: Literal["breach", "behind", "late", "today", "soon"]
    text: str


#: the limit that others set is passed: by law, or by guidance
BREACH = Urgency("breach", "Breach of the national limit")
#: only the own date is passed, and the limit behind it is not
BEHIND = Urgency("behind", "Behind the local target")
#: passed, and nothing says that there is another limit
LATE = Urgency("late", "Late")
TODAY = Urgency("today", "Due today")
DUE_SOON = Urgency("soon", "Due soon")


def away(due: datetime, whole_day: bool, now: datetime, working: WorkingDay | None) -> str:
    """How long it is from one to the other, whichever comes first: “2 working days”, “3 hours”;
    "" on the day itself, where the whole day counts. Without a calendar, and beyond the years that
    it covers, plain days are counted."""
    if not whole_day:
        # Elapsed time is told in hours up to two days, as 24-hour limits are.
        left = abs(due - now)
        hours = timedelta(hours=1) <= left < timedelta(hours=48)
        return count(int(left.total_seconds() // 3600), "hour") if hours else roughly(left)
    first, last = sorted((day_in_london(due), day_in_london(now)))
    return _days_between(first, last, working) if first < last else ""


def relative(due: datetime, whole_day: bool, now: datetime, working: WorkingDay) -> str:
    """“in 5 working days”, “today”, “late by 2 working days”; for instants “in 3 hours” too."""
    words = away(due, whole_day, now, working)
    if not words:
        return "today"
    late = now > due if not whole_day else day_in_london(due) < day_in_london(now)
    return f"late by {words}" if late else f"in {words}"


def urgency(due: datetime, whole_day: bool, now: datetime, working: WorkingDay) -> Urgency | None:
    """The tag a deadline gets, or None when there is time enough."""
    if now > due:
        return LATE
    there, here = day_in_london(due), day_in_london(now)
    if there == here:
        return TODAY
    if there - here > timedelta(days=14):
        return None
    try:
        return DUE_SOON if _working_days(here, there, working) <= SOON else None
    except ExpressionFault:
        return None


def standing(
    due: datetime,
    whole_day: bool,
    backstop: datetime | None,
    now: datetime,
    working: WorkingDay,
) -> Urgency | None:
    """The tag of a deadline that may have a backstop: its breach is another thing than a date of
    one's own that is passed."""
    if backstop is not None and now > backstop:
        return BREACH
    if backstop is not None and now > due:
        return BEHIND
    return urgency(due, whole_day, now, working)


def _days_between(first: date, last: date, working: WorkingDay | None) -> str:
    number = 0
    if working is not None and last - first <= HORIZON:
        with suppress(ExpressionFault):
            number = _working_days(first, last, working)
    # From Friday to Sunday no working day passes, yet it is not “today”.
    return count(number, "working day") if number else count((last - first).days, "day")


def _working_days(first: date, last: date, working: WorkingDay) -> int:
    """Working days after `first` up to and with `last`."""
    days = (last - first).days
    return sum(working(first + timedelta(days=n)) for n in range(1, days + 1))
