"""Instants, lists and values as people in London read them.

Owns the wording of single values; whole sentences are `narrative`'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_LONGEST = 300


def day(on: date) -> str:
    """Monday 1 June 2026; of an instant, its day in London."""
    if isinstance(on, datetime):
        on = _london(on).date()
    return f"{_DAYS[on.weekday()]} {on.day} {_MONTHS[on.month - 1]} {on.year}"


def moment(at: datetime) -> str:
    """Monday 1 June 2026 at 10:15, London time."""
    here = _london(at)
    return f"{day(here.date())} at {here:%H:%M}"


def due(at: datetime, whole_day: bool) -> str:
    """The day alone when its whole length counts, else the instant."""
    return day(at) if whole_day else moment(at)


def span(length: timedelta) -> str:
    """The largest unit that fits: "3 days", "1 hour", "5 minutes"."""
    seconds = abs(length.total_seconds())
    for size, unit in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
    return "less than a minute"


def joined(parts: Iterable[str], last: str = "and") -> str:
    """one, two and three"""
    texts = [part for part in parts if part]
    if len(texts) < 2:
        return "".join(texts)
    return f"{', '.join(texts[:-1])} {last} {texts[-1]}"


def plain(identifier: str) -> str:
    """in_progress → in progress"""
    return identifier.replace("_", " ").strip()


def value(given: Any) -> str:
    """A FEEL value in words, cut where it gets long."""
    text = _value(given)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _value(given: Any) -> str:
    if given is None:
        return "nothing"
    if isinstance(given, bool):
        return "yes" if given else "no"
    if isinstance(given, Decimal):
        return f"{given.normalize():f}"
    if isinstance(given, datetime):
        return moment(given)
    if isinstance(given, date):
        return day(given)
    if isinstance(given, time):
        return f"{given:%H:%M}"
    if isinstance(given, timedelta):
        return span(given)
    if isinstance(given, Mapping):
        return "; ".join(f"{plain(str(key))}: {_value(part)}" for key, part in given.items())
    if isinstance(given, list | tuple):
        return ", ".join(map(_value, given)) or "none"
    return str(given) or "empty"


def _london(at: datetime) -> datetime:
    return at.astimezone(LONDON) if at.tzinfo is not None else at
