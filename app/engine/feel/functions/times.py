"""Built-in functions that make and read dates, times, durations (DMN 1.3 §10.3.4.1, .6, .8)."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

from app.engine.feel.functions.working_days import present
from app.engine.feel.scope import Run, built_in
from app.engine.feel.values import equal, from_utc, kind, shown, temporal, texts, to_utc
from app.engine.london import LONDON
from app.engine.saying import DAYS, MONTHS

_TEMPORAL = frozenset(
    {"date", "time", "date and time", "days and time duration", "years and months duration"}
)


@built_in("date", "from: string")
def date_from_text(run: Run, text: str) -> Any:
    return texts.read_date(text)


@built_in("date", "from: day")
def date_from_day(run: Run, value: Any) -> Any:
    return temporal.date_of(value)


@built_in("date", "year: number, month: number, day: number")
def date_from_parts(run: Run, year: Decimal, month: Decimal, day: Decimal) -> Any:
    whole = [_int(part) for part in (year, month, day)]
    if None in whole:
        return None
    return texts.make_date(*[part for part in whole if part is not None])


def _int(value: Decimal) -> int | None:
    if abs(value) > 10**10 or value != value.to_integral_value():
        return None
    return int(value)


@built_in("time", "from: string")
def time_from_text(run: Run, text: str) -> Any:
    return texts.read_time(text)


@built_in("time", "from: temporal")
def time_from_moment(run: Run, value: Any) -> Any:
    """A date is its midnight in UTC."""
    if kind(value) == "date":
        return time(0, tzinfo=UTC)
    base, _, nanos = temporal.parts(value)
    return temporal.joined(base.timetz() if isinstance(base, datetime) else base, 0, nanos)


@built_in("time", "hour: number, minute: number, second: number, offset?: duration|null")
def time_from_parts(
    run: Run, hour: Decimal, minute: Decimal, second: Decimal, offset: Any = None
) -> Any:
    return _clock(hour, minute, second, offset)


def _clock(hour: Decimal, minute: Decimal, second: Decimal, offset: Any) -> Any:
    if offset is not None and not isinstance(offset, timedelta):
        return None
    if not 0 <= second < 60:
        return None
    nanos = int(second * 10**9)
    hours, minutes = _int(hour), _int(minute)
    if hours is None or minutes is None:
        return None
    try:
        zone = None if offset is None else timezone(offset) if offset else UTC
        micros = nanos % 10**9 // 1000
        clock = time(hours, minutes, nanos // 10**9, micros, zone)
    except ValueError:
        return None
    return temporal.joined(clock, 0, nanos % 1000)


@built_in("date and time", "from: string")
def moment_from_text(run: Run, text: str) -> Any:
    return temporal.on_the_clock(texts.read_date_time(text))


@built_in("date and time", "from: day")
def moment_from_day(run: Run, value: Any) -> Any:
    """A date is its midnight in London (under the first meaning: in UTC)."""
    zone = UTC if run.meaning < 2 else LONDON
    return temporal.midnight(value, zone) if kind(value) == "date" else value


@built_in("date and time", "date: day, time: time")
def moment_from_both(run: Run, day: Any, clock: Any) -> Any:
    """The zone is that of the time."""
    base, cycles, _ = temporal.parts(temporal.date_of(day))
    at, _, nanos = temporal.parts(clock)
    return temporal.on_the_clock(temporal.joined(datetime.combine(base, at), cycles, nanos))


@built_in("date and time", "date: day, timezone: string", beyond=True)
def moment_in_zone(run: Run, value: Any, name: str) -> Any:
    """The same instant on another zone's clock; a clock time without a zone, and a date, are put
    into it. Zones are "Z", "+01:00" and "Europe/London"."""
    zone = texts.zone_named(name)
    if zone is None:
        return None
    value = temporal.midnight(value, None) if kind(value) == "date" else value
    base, cycles, nanos = temporal.parts(value)
    if base.tzinfo is None:
        base, cycles = shown(base.replace(tzinfo=zone), cycles)
    else:
        base, cycles = from_utc(*to_utc(base, cycles), zone)
    return temporal.joined(base, cycles, nanos)


@built_in(
    "date and time",
    "year: number, month: number, day: number, hour: number, minute: number, second: number,"
    " offset?: duration|null",
)
def moment_from_parts(run: Run, *parts: Any) -> Any:
    day = date_from_parts(run, *parts[:3])
    clock = _clock(parts[3], parts[4], parts[5], parts[6] if len(parts) > 6 else None)
    return None if day is None or clock is None else moment_from_both(run, day, clock)


@built_in("duration", "from: string")
def duration_from_text(run: Run, text: str) -> Any:
    return texts.read_duration(text)


@built_in("duration", "from: duration")
def duration_from_duration(run: Run, value: Any) -> Any:
    return value


@built_in("years and months duration", "from: day, to: day")
def years_and_months_duration(run: Run, start: Any, end: Any) -> Any:
    return temporal.months_between(start, end)


@built_in("day of year", "date: day")
def day_of_year(run: Run, value: Any) -> Any:
    return Decimal(_day(value).timetuple().tm_yday)


@built_in("day of week", "date: day")
def day_of_week(run: Run, value: Any) -> Any:
    return DAYS[_day(value).weekday()]


@built_in("month of year", "date: day")
def month_of_year(run: Run, value: Any) -> Any:
    return MONTHS[_day(value).month - 1]


@built_in("week of year", "date: day")
def week_of_year(run: Run, value: Any) -> Any:
    """The week's number as ISO 8601 counts."""
    return Decimal(_day(value).isocalendar().week)


@built_in("last day of month", "date: day")
def last_day_of_month(run: Run, value: Any) -> Any:
    base, cycles, _ = temporal.parts(temporal.date_of(value))
    last = calendar.monthrange(base.year, base.month)[1]
    return temporal.joined(base.replace(day=last), cycles, 0)


def _day(value: Any) -> date:
    """The day within its 400-year cycle: same week day, same place in the year."""
    base, _, _ = temporal.parts(value)
    assert isinstance(base, date)
    return base


@built_in("now", live=True)
def now(run: Run) -> Any:
    """The present instant, in London."""
    return present(run)


@built_in("today", live=True)
def today(run: Run) -> Any:
    """The present day in London."""
    return present(run).date()


@built_in("is", "value1: any, value2: any")
def is_(run: Run, a: Any, b: Any) -> Any:
    """The same value in every part, the zone included."""
    what = kind(a)
    if what != kind(b):
        return False
    if what in _TEMPORAL:
        return texts.temporal_text(a) == texts.temporal_text(b)
    return equal(a, b, run) is True
