"""Instants and days in words for people, in London time; the pages' only place for it.

What a working day is comes from the calendar; nothing here asks for the present.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
#: this many working days before it is due, a task is "due soon"
SOON = 2
#: far enough for every statutory limit; beyond it plain days are counted
HORIZON = timedelta(days=400)

WorkingDay = Callable[[date], bool]


@dataclass(frozen=True, slots=True)
class Urgency:
    kind: Literal["late", "today", "soon"]
    text: str


LATE = Urgency("late", "Late")
TODAY = Urgency("today", "Due today")
DUE_SOON = Urgency("soon", "Due soon")


def day(value: date) -> str:
    """Thursday 2 April 2026. A datetime is taken on its day in London."""
    value = london_day(value)
    return f"{value:%A} {value.day} {value:%B %Y}"


def short_day(value: date) -> str:
    """2 April 2026"""
    value = london_day(value)
    return f"{value.day} {value:%B %Y}"


def time_of_day(value: datetime) -> str:
    """2:05pm, 9am, midday, midnight"""
    value = value.astimezone(LONDON)
    if value.minute == 0 and value.hour in (0, 12):
        return "midday" if value.hour else "midnight"
    half = "am" if value.hour < 12 else "pm"
    minutes = f":{value:%M}" if value.minute else ""
    return f"{value.hour % 12 or 12}{minutes}{half}"


def moment(value: datetime) -> str:
    """Thursday 2 April 2026 at 2:05pm"""
    return f"{day(value)} at {time_of_day(value)}"


def short_moment(value: datetime) -> str:
    """2 April 2026 at 2:05pm"""
    return f"{short_day(value)} at {time_of_day(value)}"


def due_words(due: datetime, whole_day: bool) -> str:
    """The day alone when the deadline is the end of it, else with the time."""
    return day(due) if whole_day else moment(due)


def relative(due: datetime, whole_day: bool, now: datetime, working: WorkingDay) -> str:
    """“in 5 working days”, “today”, “late by 2 working days”; for instants “in 3 hours” too."""
    if not whole_day:
        return _relative_instant(due, now)
    there, here = london_day(due), london_day(now)
    if there == here:
        return "today"
    days = _days_between(min(there, here), max(there, here), working)
    return f"late by {days}" if there < here else f"in {days}"


def urgency(due: datetime, whole_day: bool, now: datetime, working: WorkingDay) -> Urgency | None:
    """The tag a deadline gets, or None when there is time enough."""
    if now > due:
        return LATE
    there, here = london_day(due), london_day(now)
    if there == here:
        return TODAY
    if there - here > timedelta(days=14):
        return None
    return DUE_SOON if _working_days(here, there, working) <= SOON else None


def london_day(value: date) -> date:
    """The day in London on which an instant falls; a plain date is that day."""
    return value.astimezone(LONDON).date() if isinstance(value, datetime) else value


def count(number: int, noun: str) -> str:
    """1 day, 2 days"""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _relative_instant(due: datetime, now: datetime) -> str:
    left = abs(due - now)
    if left < timedelta(hours=1):
        words = count(max(1, int(left.total_seconds() // 60)), "minute")
    elif left < timedelta(hours=48):
        words = count(int(left.total_seconds() // 3600), "hour")
    else:
        words = count(left.days, "day")
    return f"late by {words}" if now > due else f"in {words}"


def _days_between(first: date, last: date, working: WorkingDay) -> str:
    if last - first > HORIZON:
        return count((last - first).days, "day")
    number = _working_days(first, last, working)
    # From Friday to Sunday no working day passes, yet it is not “today”.
    return count(number, "working day") if number else count((last - first).days, "day")


def _working_days(first: date, last: date, working: WorkingDay) -> int:
    """Working days after `first` up to and with `last`."""
    days = (last - first).days
    return sum(working(first + timedelta(days=n)) for n in range(1, days + 1))
