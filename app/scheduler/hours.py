"""When a mail goes: at once, or at the hour of the next working day. Rules; no row is read here.

A working day is one of the house's calendar; the hour is London's, and config.yaml says it. Where
the list of bank holidays ends nobody knows a holiday any more, and Monday to Friday are worked.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from app.engine import LONDON, day_in_london
from app.engine.errors import UnknownHolidays
from app.engine.feel import Calendar

_DAY = timedelta(days=1)
_SATURDAY = 5
#: working days; what says a day or instant nearer than that is about a limit, and goes at once
NEAR = 2


def works(calendar: Calendar, on: date) -> bool:
    """Whether a day, or the day in London of an instant, is worked."""
    day = day_in_london(on)
    try:
        return calendar.is_working_day(day)
    except UnknownHolidays:
        return day.weekday() < _SATURDAY


def next_working_day(calendar: Calendar, after: date) -> date:
    day = after + _DAY
    while not works(calendar, day):
        day += _DAY
    return day


def opening(day: date, clock: time) -> datetime:
    """The instant of the hour on a day in London, whichever clocks are in force."""
    return datetime.combine(day, clock, LONDON)


def next_opening(calendar: Calendar, clock: time, after: datetime) -> datetime:
    """The first instant behind this one at which the hour strikes on a working day."""
    today = day_in_london(after)
    if works(calendar, today) and opening(today, clock) > after:
        return opening(today, clock)
    return opening(next_working_day(calendar, today), clock)


def is_near(calendar: Calendar, said: Iterable[Any], at: datetime) -> bool:
    """One of these values is a day or an instant that is to come in less than two working days:
    whoever is told later has no time left."""
    today = day_in_london(at)
    far = today
    for _ in range(NEAR):
        far = next_working_day(calendar, far)
    return any(isinstance(value, date) and today <= day_in_london(value) < far for value in said)
