"""Owns which clock time a zone shows at an instant, in any year, and times that clocks skip.

Python knows zones from year 1 to 9999 only. Before, a zone keeps the local mean time of its first
entry; after, the rules of its last year go on, which repeat every 400 years as the calendar does.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

#: a time of day in a named zone has no date; its offset is taken on this one
SOME_DAY = datetime(2000, 1, 1).date()
#: 400-year twins of years that Python does not hold: local mean time, and the last rules
_BEFORE, _AFTER = 400, 9200


def twin(year: int, least: int = 1, most: int = 9999) -> int:
    """The year itself, or beyond these bounds one with the same calendar and rules of zones."""
    if least <= year <= most:
        return year
    return year % 400 + (_BEFORE if year < least else _AFTER)


def _standing(base: datetime, cycles: int) -> tuple[datetime, int]:
    """The moment in a year in which it can be told on any zone's clock."""
    year = base.year + 400 * cycles
    near = twin(year, 2, 9998)
    return base.replace(year=near), (year - near) // 400


def to_utc(base: datetime, cycles: int) -> tuple[datetime, int]:
    """An aware clock time (`cycles` times 400 years away) as the instant in UTC."""
    near, cycles = _standing(base, cycles)
    return near.astimezone(UTC), cycles


def from_utc(moment: datetime, cycles: int, zone: tzinfo | None) -> tuple[datetime, int]:
    """The clock time that a zone shows at an instant."""
    near, cycles = _standing(moment, cycles)
    return near.astimezone(zone), cycles


def shown(base: datetime, cycles: int = 0) -> tuple[datetime, int]:
    """The clock time itself, or where the clocks skip it the one they show instead: 01:30 on
    29 March 2026 in London is 02:30. One that comes twice is the first."""
    if not isinstance(base.tzinfo, ZoneInfo):
        return base, cycles
    near, moved = _standing(base, cycles)
    back = near.astimezone(UTC).astimezone(near.tzinfo)
    same = back.replace(tzinfo=None) == near.replace(tzinfo=None)
    return (base, cycles) if same else (back, moved)


def offset(moment: datetime | time, cycles: int = 0) -> timedelta | None:
    """Distance from UTC; for a time of day in a named zone that of 1 January 2000."""
    if isinstance(moment, datetime):
        return _standing(moment, cycles)[0].utcoffset()
    if moment.tzinfo is not None:
        return datetime.combine(SOME_DAY, moment).utcoffset()
    return None


def on_some_day(clock: time) -> Any:
    """A time of day as a moment that can be compared and subtracted; without a zone a naive one."""
    moment = datetime.combine(SOME_DAY, clock.replace(tzinfo=None))
    away = offset(clock)
    return moment if away is None else (moment - away).replace(tzinfo=UTC)
