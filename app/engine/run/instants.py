"""Owns turning what a drawing says about time into instants in UTC.

Values come from FEEL or as ISO 8601 text; days are London's. Who waits for them is `timers`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.engine.errors import Incident
from app.engine.feel.temporal import moved_months
from app.engine.feel.values import YearsMonths

LONDON = ZoneInfo("Europe/London")
END_OF_DAY = time(23, 59, 59)
_DURATION = re.compile(
    r"(?P<sign>[-+]?)P(?=.)(?:(?P<Y>\d+)Y)?(?:(?P<M>\d+)M)?(?:(?P<W>\d+)W)?(?:(?P<D>\d+)D)?"
    r"(?:T(?=.)(?:(?P<h>\d+)H)?(?:(?P<m>\d+)M)?(?:(?P<s>\d+(?:\.\d+)?)S)?)?"
)


@dataclass(frozen=True, slots=True)
class Span:
    """A duration: whole months by the London calendar, then elapsed time."""

    months: int
    rest: timedelta

    def after(self, start: datetime) -> datetime:
        """`start` (aware) moved on by the span, in UTC. A day is 24 elapsed hours."""
        if self.months:
            local = start.astimezone(LONDON)
            start = moved_months(local.replace(tzinfo=None), self.months).replace(tzinfo=LONDON)
        return start.astimezone(UTC) + self.rest


@dataclass(frozen=True, slots=True)
class Cycle:
    """A repeating interval (ISO 8601 R[n]/[start/]duration)."""

    #: None: without end
    times: int | None
    start: datetime | None
    every: Span


def read_span(value: Any) -> Span:
    """A FEEL duration, or ISO 8601 text; Incident for anything else."""
    if isinstance(value, timedelta):
        return Span(0, value)
    if isinstance(value, YearsMonths):
        return Span(value.months, timedelta())
    found = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise Incident(f"“{value}” is not a duration such as P5D or PT12H.")
    part = {k: float(v or 0) for k, v in found.groupdict().items() if k != "sign"}
    sign = -1 if found["sign"] == "-" else 1
    rest = timedelta(
        days=part["W"] * 7 + part["D"], hours=part["h"], minutes=part["m"], seconds=part["s"]
    )
    return Span(sign * int(part["Y"] * 12 + part["M"]), sign * rest)


def read_moment(value: Any) -> date | datetime:
    """A date, or a date and time made aware (London where it names no zone)."""
    if isinstance(value, str):
        value = _from_text(value.strip())
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=LONDON)
    if isinstance(value, date):
        return value
    shown = "null" if value is None else f"“{value}”"
    raise Incident(f"{shown} is neither a date nor a date and time.")


def _from_text(text: str) -> date | datetime:
    text = text.split("@", 1)[0] if "@Europe/London" in text else text
    try:
        return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    except ValueError:
        raise Incident(f"“{text}” is neither a date nor a date and time.") from None


def starts(moment: date | datetime) -> datetime:
    """The instant in UTC; a day begins at midnight in London."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time(0), LONDON)
    return moment.astimezone(UTC)


def ends(moment: date | datetime) -> datetime:
    """The last second in UTC that is still in time; a day lasts to its end in London."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, END_OF_DAY, LONDON)
    return moment.astimezone(UTC)


def read_cycle(text: Any) -> Cycle:
    """R[n]/duration, R[n]/start/duration or R[n]/start/end; Incident otherwise."""
    parts = text.strip().split("/") if isinstance(text, str) else []
    if len(parts) not in (2, 3) or not re.fullmatch(r"R\d*", parts[0]):
        raise Incident(f"“{text}” is not a repeating interval such as R3/P1D.")
    times = int(parts[0][1:]) if parts[0][1:] else None
    start = None
    if len(parts) == 3:
        start = starts(read_moment(parts[1]))
    last = parts[-1]
    if start is not None and not last.lstrip("+-").startswith("P"):
        every = Span(0, starts(read_moment(last)) - start)
    else:
        every = read_span(last)
    if not every.months and every.rest <= timedelta():
        raise Incident(f"“{text}” repeats without any time between.")
    return Cycle(times, start, every)
