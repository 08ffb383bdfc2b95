"""Adds, subtracts and takes apart dates, times and durations (DMN 1.3 §10.3.2.3).

None is FEEL's null: what has no meaning, or would leave the years −999999999 to 999999999.
"""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from typing import Any

from app.engine.feel.values.kinds import MOST_MONTHS, Wide, YearsMonths
from app.engine.feel.values.zones import (
    SOME_DAY,
    from_utc,
    offset,
    on_some_day,
    shown,
    to_utc,
    twin,
)
from app.engine.london import LONDON

CYCLE_DAYS = 146_097
_ZERO = timedelta()


def parts(value: Any) -> tuple[Any, int, int]:
    """Base, 400-year cycles and nanoseconds of any of these values."""
    if isinstance(value, Wide):
        return value.base, value.cycles, value.nanos
    return value, 0, 0


def joined(base: Any, cycles: int, nanos: int) -> Any:
    """The plainest value for base, cycles and nanoseconds; None beyond the last year."""
    if isinstance(base, date):
        year = base.year + 400 * cycles
        if abs(year) > 999_999_999:
            return None
        base = base.replace(year=twin(year))
        cycles = (year - base.year) // 400
    return Wide(base, cycles, nanos) if cycles or nanos else base


def centred(base: date, cycles: int) -> tuple[date, int]:
    """The same day written with a base in 2000–2399, far from both ends of Python's calendar."""
    extra = (base.year - 2000) // 400
    return base.replace(year=base.year - 400 * extra), cycles + extra


def _stepped(base: date, by: timedelta) -> date:
    """One step on the time line: with a zone it is elapsed time, not the clock's."""
    if isinstance(base, datetime) and base.tzinfo is not None:
        return (base.astimezone(UTC) + by).astimezone(base.tzinfo)
    return base + by


def moved(value: Any, by: Any, sign: int = 1) -> Any:
    """A date and time plus (sign -1: minus) a days and time duration."""
    size, _, fine = parts(by)
    if type(value) is not Wide and not fine:
        try:
            return _stepped(value, size if sign > 0 else -size)
        except OverflowError:
            pass
    base, cycles, nanos = parts(value)
    zone = base.tzinfo
    if zone is not None:
        base, cycles = to_utc(base, cycles)
    base, cycles = centred(base, cycles)
    extra, days = divmod(size.days, CYCLE_DAYS)
    step = timedelta(days=days, seconds=size.seconds, microseconds=size.microseconds)
    carry, nanos = divmod(nanos + sign * fine, 1000)
    stepped = _stepped(base, sign * step + timedelta(microseconds=carry))
    cycles += sign * extra
    if zone is not None and isinstance(stepped, datetime):
        return joined(*from_utc(stepped, cycles, zone), nanos)
    return joined(stepped, cycles, nanos)


def moved_date(value: Any, by: Any, sign: int = 1) -> Any:
    """A date plus a days and time duration: the day its midnight moves to."""
    base, cycles, _ = parts(value)
    moment = moved(joined(datetime.combine(base, time(0)), cycles, 0), by, sign)
    return None if moment is None else date_of(moment)


def moved_time(value: Any, by: Any, sign: int = 1) -> Any:
    """A time of day plus a duration, round the clock."""
    base, _, nanos = parts(value)
    size, _, fine = parts(by)
    whole = datetime.combine(SOME_DAY, base.replace(tzinfo=None))
    carry, nanos = divmod(nanos + sign * fine, 1000)
    inside = timedelta(seconds=size.seconds, microseconds=size.microseconds)
    moved_clock = (whole + sign * inside + timedelta(microseconds=carry)).time()
    return joined(moved_clock.replace(tzinfo=base.tzinfo), 0, nanos)


def moved_months(value: Any, months: int) -> Any:
    """The corresponding day some months on, or the last day of that month; a clock time that
    is skipped there moves on."""
    if abs(months) > MOST_MONTHS:
        return None
    base, cycles, nanos = parts(value)
    total = (base.year + 400 * cycles) * 12 + base.month - 1 + months
    year, month = total // 12, total % 12 + 1
    beyond = (year - 2000) // 400
    near = year - 400 * beyond
    day = min(base.day, calendar.monthrange(near, month)[1])
    moment = base.replace(year=near, month=month, day=day)
    if isinstance(moment, datetime):
        moment, beyond = shown(moment, beyond)
    return joined(moment, beyond, nanos)


def on_the_clock(value: Any) -> Any:
    """A date and time that its zone's clocks show: one they skip moves on."""
    base, cycles, nanos = parts(value)
    if not isinstance(base, datetime):
        return value
    moment, moved_cycles = shown(base, cycles)
    return value if moment is base else joined(moment, moved_cycles, nanos)


def date_of(value: Any) -> Any:
    """The date of a date or a date and time."""
    base, cycles, _ = parts(value)
    return joined(base.date() if isinstance(base, datetime) else base, cycles, 0)


def since(later: Any, earlier: Any) -> Any:
    """`later - earlier` for two date and times, or two times of day."""
    (a, a_cycles, a_nanos), (b, b_cycles, b_nanos) = parts(later), parts(earlier)
    if (a.tzinfo is None) != (b.tzinfo is None):
        return None
    later_base = a
    if isinstance(a, time):
        a, b = on_some_day(a), on_some_day(b)
    try:
        if isinstance(later_base, datetime) and a.tzinfo is not None:
            (a, a_cycles), (b, b_cycles) = to_utc(a, a_cycles), to_utc(b, b_cycles)
        gap = a - b + timedelta(days=CYCLE_DAYS) * (a_cycles - b_cycles)
        carry, nanos = divmod(a_nanos - b_nanos, 1000)
        return joined(gap + timedelta(microseconds=carry), 0, nanos)
    except OverflowError:
        return None


def midnight(day: Any, zone: tzinfo | None = LONDON) -> Any:
    """A date as date and time. The standard reads it in UTC where it must have a time
    (DMN 1.3 §10.3.2.3.5); here a day begins at midnight in London, as everywhere."""
    base, cycles, _ = parts(day)
    return joined(datetime.combine(base, time(0), zone), cycles, 0)


def local(value: Any) -> Any:
    """The same clock time without its zone."""
    base, cycles, nanos = parts(value)
    return joined(base.replace(tzinfo=None), cycles, nanos)


def order_key(value: Any) -> tuple[bool, Any]:
    """(has a zone, sortable): two values are comparable when the first agrees."""
    base, cycles, nanos = parts(value)
    if isinstance(base, time):
        return base.tzinfo is not None, (on_some_day(base), nanos)
    if isinstance(base, datetime):
        aware = base.tzinfo is not None
        if aware:
            base, cycles = to_utc(base, cycles)
        base, cycles = centred(base, cycles)
        return aware, (cycles, base, nanos)
    if isinstance(base, date):
        base, cycles = centred(base, cycles)
        return False, (cycles, base)
    return False, (base, nanos)


def months_between(start: Any, end: Any) -> YearsMonths | None:
    """`years and months duration(from, to)`: whole months between two days; null beyond
    `MOST_MONTHS`."""
    (a, a_cycles, _), (b, b_cycles, _) = parts(start), parts(end)
    months = (b.year + 400 * b_cycles - a.year - 400 * a_cycles) * 12 + b.month - a.month
    if months > 0 and b.day < a.day:
        months -= 1
    elif months < 0 and b.day > a.day:
        months += 1
    return YearsMonths(months) if abs(months) <= MOST_MONTHS else None


def _day_property(base: date, cycles: int, name: str) -> Any:
    if name == "year":
        return Decimal(base.year + 400 * cycles)
    if name == "weekday":
        return Decimal(base.isoweekday())
    return Decimal(base.month if name == "month" else base.day)


def _clock_property(base: datetime | time, cycles: int, name: str) -> Any:
    if name == "time offset":
        return offset(base, cycles)
    if name == "timezone":
        return getattr(base.tzinfo, "key", None)
    if name == "second":
        return _seconds(base.second, base.microsecond)
    return Decimal(base.hour if name == "hour" else base.minute)


def _seconds(whole: int, micros: int) -> Decimal:
    return Decimal(whole) + Decimal(micros).scaleb(-6) if micros else Decimal(whole)


def _duration_property(base: timedelta, name: str) -> Any:
    sign = -1 if base < _ZERO else 1
    total = int(abs(base).total_seconds())
    properties = {"days": total // 86_400, "hours": total // 3600 % 24}
    properties |= {"minutes": total // 60 % 60}
    if name == "seconds":
        return sign * _seconds(total % 60, abs(base).microseconds)
    return Decimal(sign * properties[name])


_DAY = frozenset({"year", "month", "day", "weekday"})
_CLOCK = frozenset({"hour", "minute", "second", "time offset", "timezone"})
_SPAN = frozenset({"days", "hours", "minutes", "seconds"})


def temporal_property(value: Any, name: str) -> Any:
    """`.year`, `.time offset` … of a value; None where it has none of that name."""
    base, cycles, _ = parts(value)
    if isinstance(base, date) and name in _DAY:
        return _day_property(base, cycles, name)
    if isinstance(base, datetime | time) and name in _CLOCK:
        return _clock_property(base, cycles, name)
    if isinstance(base, timedelta) and name in _SPAN:
        return _duration_property(base, name)
    if isinstance(base, YearsMonths) and name in ("years", "months"):
        whole, rest = divmod(abs(base.months), 12)
        return Decimal((whole if name == "years" else rest) * (-1 if base.months < 0 else 1))
    return None
