"""Owns reading dates, times of day and London date-times that people type.

Rule for the clock changes: a time that the clocks skipped in spring is refused; a time that
came twice in autumn means the first of the two (summer time), which is the earlier instant, so
that no deadline counted from it comes out too late. Text with an offset means what it says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from app.engine import saying
from app.engine.characters import plainly
from app.engine.forms.fields import Field
from app.engine.forms.messages import Wrong, name_of, subject, wrong
from app.engine.london import LONDON

_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_TYPED_DATE = re.compile(r"(\d{1,2})[ /.\-]+(\d{1,2})[ /.\-]+(\d{4})", re.ASCII)
#: “29 March 2019”, “29th of March, 2019”, and with the month in front, where its name says so
_NAMED_MONTH = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?(?: of)?[ /.,\-]*([a-z]{3,})[ /.,\-]+(\d{4})",
    re.ASCII | re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    r"([a-z]{3,})[ .]+(\d{1,2})(?:st|nd|rd|th)?,? +(\d{4})", re.ASCII | re.IGNORECASE
)
#: as pages and mails print a date: “Friday 29 March 2019 at 10am”
_DAY_NAME = re.compile(
    r"(mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?[.,]? +",
    re.ASCII | re.IGNORECASE,
)
_AT = re.compile(r"(,| at)\Z", re.IGNORECASE)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIME = re.compile(
    r"(\d{1,2})(?:[:.]?(\d{2}))?(?:[:.](\d{2})(?:\.\d+)?)?\s*(am|pm)?", re.ASCII | re.IGNORECASE
)
_ISO_INSTANT = re.compile(
    r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.\d+)?"
    r"(Z|[+-]\d{2}:\d{2})?(?:@Europe/London)?",
    re.ASCII,
)
_AM_PM = re.compile(r"\s+([ap]m)\Z", re.IGNORECASE)
_PARTS = ("day", "month", "year")
_ANY = Field(key="day", kind="date", id="day")
_EARLIEST, _LATEST = 1850, 2200


def read_date(field: Field, raw: Any) -> date | Wrong | None:
    """A real date, None when nothing was given, or what is wrong with it."""
    if isinstance(raw, datetime):
        return raw.astimezone(LONDON).date() if raw.tzinfo else raw.date()
    if isinstance(raw, date):
        return raw
    if isinstance(raw, Mapping):
        return _from_parts(field, raw, ())
    text = _text(raw)
    if not text:
        return None
    if match := _ISO_DATE.fullmatch(text):
        year, month, day = match.groups()
    elif match := _TYPED_DATE.fullmatch(text) or _NAMED_MONTH.fullmatch(text):
        day, month, year = match.groups()
    elif match := _MONTH_FIRST.fullmatch(text):
        month, day, year = match.groups()
    elif (match := _DAY_NAME.match(text)) and not _DAY_NAME.match(text, match.end()):
        return _on_its_day(field, match[1], read_date(field, text[match.end() :]))
    else:
        return _not_real(field, "date")
    return _real(field, day, month, year)


def typed_day(text: str) -> date | None:
    """The date that somebody typed in any of these ways; None where it is none."""
    day = read_date(_ANY, text)
    return day if isinstance(day, date) else None


def _on_its_day(field: Field, name: str, on: date | Wrong | None) -> date | Wrong | None:
    """The day of the week that was written with a date is that of the date."""
    if not isinstance(on, date) or name.lower().startswith(_DAYS[on.weekday()]):
        return on
    said = f"{name_of(field)}: {saying.short_day(on)} is a {saying.weekday(on)}"
    return wrong(field, "type", said)


def read_time(field: Field, raw: Any) -> time | Wrong | None:
    """A time of day without zone, as "14:05", "2.05pm" or "2pm"."""
    if isinstance(raw, time):
        return raw
    text = _text(raw)
    if not text:
        return None
    return _clock(text) or _not_real(field, "time")


def read_datetime(field: Field, raw: Any) -> datetime | Wrong | None:
    """An instant, aware UTC; a clock time without offset is London's."""
    if isinstance(raw, datetime):
        return raw.astimezone(UTC) if raw.tzinfo else _in_london(field, raw.date(), raw.time())
    if isinstance(raw, Mapping):
        return _from_date_and_time(field, raw)
    text = _text(raw)
    if not text:
        return None
    match = _ISO_INSTANT.fullmatch(text)
    if match:
        return _instant(field, match[1], match[2], match[3])
    day, _, rest = _AM_PM.sub(r"\1", text).rpartition(" ")
    if not day or _clock(rest) is None:
        on = read_date(field, text)
        return on if isinstance(on, Wrong) else _lacks(field, ["time"])
    return _from_date_and_time(field, {"date": _AT.sub("", day), "time": rest})


def _instant(field: Field, day: str, clock: str, offset: str | None) -> datetime | Wrong:
    try:
        local = datetime.fromisoformat(f"{day}T{clock}")
        if offset:
            return datetime.fromisoformat(f"{day}T{clock}{offset}").astimezone(UTC)
    except ValueError:
        return _not_real(field, "date and time")
    return _in_london(field, local.date(), local.time())


def _from_date_and_time(field: Field, raw: Mapping[str, Any]) -> datetime | Wrong | None:
    clock = _text(raw.get("time"))
    if "date" in raw:
        on = read_date(field, raw["date"])
        if on is None and clock:
            return _lacks(field, ["date"])
    else:
        on = _from_parts(field, raw, () if clock else ("time",), bool(clock))
    if on is None or isinstance(on, Wrong):
        return on
    if not clock:
        return _lacks(field, ["time"])
    at = _clock(clock)
    return _not_real(field, "time") if at is None else _in_london(field, on, at)


def _from_parts(
    field: Field, raw: Mapping[str, Any], also: tuple[str, ...], begun: bool = False
) -> date | Wrong | None:
    """The date in three parts; `also` names what else is missing, `begun` that it is not blank."""
    parts = {name: _text(raw.get(name)) for name in _PARTS}
    absent = [name for name in _PARTS if not parts[name]]
    if len(absent) == 3 and not begun:
        return None
    if absent == ["month", "year"] and not parts["day"].isdecimal():  # a whole date was pasted
        return read_date(field, parts["day"])
    if absent:
        return _lacks(field, [*absent, *also])
    if not re.fullmatch(r"[0-9]{4}", parts["year"]):
        return wrong(field, "type", f"{name_of(field)}: the year must include 4 numbers")
    return _real(field, parts["day"], parts["month"], parts["year"])


def _real(field: Field, day: str, month: str, year: str) -> date | Wrong:
    try:
        real_date = date(int(year), _month(month), int(day))
    except ValueError:
        return _not_real(field, "date")
    if not _EARLIEST <= real_date.year <= _LATEST:
        return _not_real(field, "date")
    return real_date


def _month(text: str) -> int:
    if text.isdecimal():
        return int(text)
    low = text.lower().rstrip(".")
    if len(low) >= 3:
        for number, name in enumerate(_MONTHS, 1):
            if name.startswith(low) or (low == "sept" and number == 9):
                return number
    raise ValueError(text)


def _clock(text: str) -> time | None:
    low = text.strip().lower()
    if low in ("noon", "midday", "midnight"):
        return time(0 if low == "midnight" else 12)
    match = _TIME.fullmatch(low)
    if not match or not (match[2] or match[4]):
        return None
    hour = int(match[1])
    if match[4]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match[4] == "pm" else 0)
    try:
        return time(hour, int(match[2] or 0), int(match[3] or 0))
    except ValueError:
        return None


def _in_london(field: Field, on: date, at: time) -> datetime | Wrong:
    local = datetime.combine(on, at.replace(tzinfo=None, fold=0), LONDON)
    never = saying.skipped(local)
    if never is not None:
        return wrong(field, "type", f"{subject(field)} must be a real time: {never}")
    return local.astimezone(UTC)


def _not_real(field: Field, what: str) -> Wrong:
    hint = ", like 2:05pm or 14:05" if what == "time" else ""
    return wrong(field, "type", f"{subject(field)} must be a real {what}{hint}")


def _lacks(field: Field, absent: list[str]) -> Wrong:
    listed = saying.joined(f"a {part}" for part in absent)
    return wrong(field, "type", f"{subject(field)} must include {listed}")


def _text(raw: Any) -> str:
    return "" if raw is None or isinstance(raw, bool | list | dict) else plainly(str(raw))
