"""Owns where everybody is: London. The one place that knows its zone, and how clocks and days there
are written for machines. For people, `saying` writes them.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import overload
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def here(at: datetime) -> datetime:
    """The instant on London's clocks; a clock time without a zone stays as it is."""
    return at.astimezone(LONDON) if at.tzinfo is not None else at


@overload
def day_in_london(value: datetime) -> date: ...
@overload
def day_in_london(value: date) -> date: ...
def day_in_london(value: date) -> date:
    """The day in London on which an instant falls; a plain date is that day."""
    return here(value).date() if isinstance(value, datetime) else value


def start_of_day(day: date) -> datetime:
    """The instant at which the day begins in London."""
    return datetime.combine(day, time(), LONDON)


def iso_minute(at: datetime) -> str:
    """2026-04-02T14:05, as an input of a page holds it; in London."""
    return f"{here(at):%Y-%m-%dT%H:%M}"


def iso_clock(clock: time | datetime) -> str:
    """14:05"""
    return f"{clock:%H:%M}"


def iso_second(at: datetime) -> str:
    """2026-04-02 14:05:30, for a table of a spreadsheet; in London."""
    return f"{here(at):%Y-%m-%d %H:%M:%S}"
