"""Reads and writes dates, times and durations as text, exactly as DMN 1.3 §10.3.2.3 has them.

Every `read_…` gives None for a text that is not one; nothing is guessed.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from app.engine.feel.values.kinds import MOST_MONTHS, Wide, YearsMonths
from app.engine.feel.values.temporal import joined
from app.engine.feel.values.zones import twin

_DATE = re.compile(r"(-?)(\d{4}|[1-9]\d{4,8})-(\d\d)-(\d\d)\Z", re.ASCII)
_TIME = re.compile(
    r"(\d\d):(\d\d):(\d\d)(?:\.(\d{1,20}))?"
    r"(Z|[+-]\d\d:\d\d(?::\d\d)?|@[A-Za-z0-9_+-]+(?:/[A-Za-z0-9_+-]+)*)?\Z",
    re.ASCII,
)
#: of a year that is no other one's twin
_AS_WRITTEN = re.compile(r"2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6})?Z\Z", re.ASCII)
_DAYS = re.compile(
    r"(-?)P(?:(\d{1,15})D)?(?:T(?:(\d{1,15})H)?(?:(\d{1,15})M)?(?:(\d{1,15})(?:\.(\d{0,20}))?S)?)?\Z",
    re.ASCII,
)
_MONTHS = re.compile(r"(-?)P(?:(\d{1,12})Y)?(?:(\d{1,13})M)?\Z", re.ASCII)
_OFFSET = re.compile(r"[+-]\d\d:\d\d(?::\d\d)?\Z", re.ASCII)
_MICRO = timedelta(microseconds=1)
_MOST_OFFSET = timedelta(hours=18)


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def read_zone(text: str | None) -> tzinfo | None:
    """ "Z", "+01:00" or "@Europe/London". ValueError where there is no such zone."""
    if not text:
        return None
    if text == "Z":
        return UTC
    if text[0] == "@":
        if text[1:] not in _zones():
            raise ValueError(text)
        return ZoneInfo(text[1:])
    if not _OFFSET.match(text):
        raise ValueError(text)
    hours, minutes, *seconds = (int(part) for part in text[1:].split(":"))
    if minutes > 59 or any(s > 59 for s in seconds):
        raise ValueError(text)
    size = timedelta(hours=hours, minutes=minutes, seconds=sum(seconds))
    if size > _MOST_OFFSET:
        raise ValueError(text)
    return timezone(-size if text[0] == "-" else size)


def zone_named(name: str) -> tzinfo | None:
    """ "Z", "+01:00", "Europe/London"; None where there is no such zone."""
    try:
        return read_zone(name if name[:1] in ("Z", "+", "-") else f"@{name}")
    except ValueError:
        return None


def make_date(year: int, month: int, day: int) -> date | Wide | None:
    """A date of any year of up to nine digits; None where there is no such day."""
    if abs(year) > 999_999_999:
        return None
    try:
        base = date(twin(year), month, day)
    except ValueError:
        return None
    return base if base.year == year else Wide(base, (year - base.year) // 400)


def read_date(text: str) -> date | Wide | None:
    match = _DATE.match(text)
    if not match:
        return None
    sign, year, month, day = match.groups()
    return make_date(-int(year) if sign else int(year), int(month), int(day))


def _fraction(digits: str | None) -> tuple[int, int]:
    """Microseconds, and nanoseconds below them; what is finer is cut off."""
    nanos = int(((digits or "") + "000000000")[:9])
    return nanos // 1000, nanos % 1000


def _clock(text: str) -> tuple[time, int, bool] | None:
    """Time, nanoseconds, and whether it was 24:00:00."""
    match = _TIME.match(text)
    if not match:
        return None
    hour, minute, second = (int(part) for part in match.group(1, 2, 3))
    micros, nanos = _fraction(match.group(4))
    midnight = hour == 24
    if midnight and (minute or second or micros or nanos):
        return None
    try:
        zone = read_zone(match.group(5))
        return time(0 if midnight else hour, minute, second, micros, zone), nanos, midnight
    except ValueError:
        return None


def read_time(text: str) -> time | Wide | None:
    parts = _clock(text)
    if parts is None:
        return None
    clock, nanos, _ = parts
    return Wide(clock, 0, nanos) if nanos else clock


def read_date_time(text: str) -> datetime | Wide | None:
    """A date and time; a date alone is its midnight."""
    if _AS_WRITTEN.match(text):  # an instant as we store it, where it is one
        with suppress(ValueError):
            return datetime.fromisoformat(text)
    day_text, separator, clock_text = text.partition("T")
    day = read_date(day_text)
    parts = _clock(clock_text) if separator else (time(0), 0, False)
    if day is None or parts is None:
        return None
    clock, nanos, midnight = parts
    base, cycles = (day.base, day.cycles) if isinstance(day, Wide) else (day, 0)
    assert isinstance(base, date)
    try:
        moment = datetime.combine(base, clock) + timedelta(days=midnight)
    except OverflowError:
        return None
    whole: datetime | Wide | None = joined(moment, cycles, nanos)
    return whole


def read_duration(text: str) -> timedelta | YearsMonths | Wide | None:
    """Either kind of duration, ISO 8601."""
    match = _MONTHS.match(text)
    if match and (match.group(2) or match.group(3)):
        months = int(match.group(2) or 0) * 12 + int(match.group(3) or 0)
        if months > MOST_MONTHS:
            return None
        return YearsMonths(-months if match.group(1) else months)
    match = _DAYS.match(text)
    if not match or not any(match.group(2, 3, 4, 5)) or text.endswith("T"):
        return None
    sign, days, hours, minutes, seconds, digits = match.groups()
    micros, nanos = _fraction(digits)
    try:
        size = timedelta(
            days=int(days or 0),
            hours=int(hours or 0),
            minutes=int(minutes or 0),
            seconds=int(seconds or 0),
            microseconds=micros,
        )
        if not nanos:
            return -size if sign else size
        # what lies below a microsecond counts upwards, also from a negative size
        return Wide(-size - _MICRO, 0, 1000 - nanos) if sign else Wide(size, 0, nanos)
    except OverflowError:
        return None


def read_temporal(text: str) -> Any:
    """What an @"…" literal means; None where it is none of the five."""
    for read in (read_date, read_time, read_date_time, read_duration):
        value = read(text)
        if value is not None:
            return value
    return None


def zone_text(zone: tzinfo | None) -> str:
    if zone is None:
        return ""
    if isinstance(zone, ZoneInfo):
        return f"@{zone.key}" if zone.key else "Z"
    size = zone.utcoffset(None) or timedelta()
    if not size:
        return "Z"
    total = int(abs(size).total_seconds())
    hours, minutes, seconds = total // 3600, total // 60 % 60, total % 60
    tail = f":{seconds:02}" if seconds else ""
    return f"{'-' if size < timedelta() else '+'}{hours:02}:{minutes:02}{tail}"


def _date_text(day: date, cycles: int) -> str:
    year = day.year + 400 * cycles
    return f"{'-' if year < 0 else ''}{abs(year):04}-{day.month:02}-{day.day:02}"


def _fraction_text(micros: int, nanos: int) -> str:
    digits = f"{micros:06}{nanos:03}".rstrip("0")
    return f".{digits}" if digits else ""


def _clock_text(clock: time | datetime, nanos: int) -> str:
    fraction = _fraction_text(clock.microsecond, nanos)
    head = f"{clock.hour:02}:{clock.minute:02}:{clock.second:02}"
    zone = clock.tzinfo
    if isinstance(clock, datetime) and clock.fold and isinstance(zone, ZoneInfo):
        # the second of two equal clock times in autumn: only the offset tells them apart
        zone = timezone(clock.utcoffset() or timedelta())
    return head + fraction + zone_text(zone)


def days_text(size: timedelta, nanos: int = 0) -> str:
    """A days and time duration as "-P1DT2H3M4.5S"."""
    total = (size.days * 86_400 + size.seconds) * 10**9 + size.microseconds * 1000 + nanos
    if total == 0:
        return "PT0S"
    whole, rest = divmod(abs(total), 10**9)
    days, hours, minutes, seconds = (
        whole // 86_400,
        whole // 3600 % 24,
        whole // 60 % 60,
        whole % 60,
    )
    out = f"{'-' if total < 0 else ''}P" + (f"{days}D" if days else "")
    fraction = _fraction_text(rest // 1000, rest % 1000)
    parts = [(hours, "H"), (minutes, "M")]
    clock = "".join(f"{n}{unit}" for n, unit in parts if n)
    clock += f"{seconds}{fraction}S" if seconds or fraction else ""
    return out + (f"T{clock}" if clock else "")


def months_text(size: YearsMonths) -> str:
    years, months = divmod(abs(size.months), 12)
    if not size.months:
        return "P0M"
    out = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
    return f"{'-' if size.months < 0 else ''}P{out}"


def temporal_text(value: Any) -> str:
    """The text of a date, time, date and time or duration."""
    base, cycles, nanos = value, 0, 0
    if isinstance(value, Wide):
        base, cycles, nanos = value.base, value.cycles, value.nanos
    if isinstance(base, datetime):
        return f"{_date_text(base, cycles)}T{_clock_text(base, nanos)}"
    if isinstance(base, date):
        return _date_text(base, cycles)
    if isinstance(base, time):
        return _clock_text(base, nanos)
    if isinstance(base, timedelta):
        return days_text(base, nanos)
    assert isinstance(base, YearsMonths)
    return months_text(base)


def number_text(value: Decimal, idle_zeros: bool = True) -> str:
    """Plain digits without an exponent; idle zeros after the point belong to the number's
    precision, and stay (DMN 1.3 §10.3.2.3.1: a number is a pair of digits and scale)."""
    text = format(value.copy_abs() if value.is_zero() else value, "f")
    return text.rstrip("0").rstrip(".") if "." in text and not idle_zeros else text
