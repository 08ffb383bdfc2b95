"""Owns turning what a drawing says about time into instants in UTC.

Values come from FEEL or as ISO 8601 text; days are London's. Who waits for them is `timers`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from app.engine.errors import Incident
from app.engine.feel import Sum, YearsMonths, moved_months
from app.engine.london import LONDON

END_OF_DAY = time(23, 59, 59)
_DURATION = re.compile(
    r"(?P<sign>[-+]?)P(?=.)(?:(?P<Y>\d+)Y)?(?:(?P<M>\d+)M)?(?:(?P<W>\d+)W)?(?:(?P<D>\d+)D)?"
    r"(?:T(?=.)(?:(?P<h>\d+)H)?(?:(?P<m>\d+)M)?(?:(?P<s>\d+(?:\.\d+)?)S)?)?",
    re.ASCII,
)


#: a FEEL text that begins a duration with days, or with hours
_IN_DAYS, _IN_HOURS = re.compile(r'"[-+]?P(?!T)'), re.compile(r'"[-+]?PT')
_TICK = timedelta(microseconds=1)
_MONTH = timedelta(days=30.436875)


@dataclass(frozen=True, slots=True)
class Span:
    """A duration: months and days by London's calendar and clock, then elapsed time."""

    months: int
    days: int
    rest: timedelta

    @property
    def length(self) -> timedelta:
        """About how long it is: a month is the mean one."""
        return self.months * _MONTH + timedelta(days=self.days) + self.rest

    def after(self, start: datetime, times: int = 1) -> datetime:
        """`start` (aware) moved on by so many spans at once, in UTC.

        Months and days are nominal (ISO 8601-1, 3.1.1.8): they keep London's clock time. One that
        is skipped in spring moves on by the hour that is lost; one that comes twice in autumn is
        the first. Incident beyond the year 9999.
        """
        try:
            if times and (self.months or self.days):
                local = start.astimezone(LONDON).replace(tzinfo=None)
                local = moved_months(local, self.months * times) + timedelta(self.days * times)
                start = local.replace(tzinfo=LONDON)
            return start.astimezone(UTC) + self.rest * times
        except (OverflowError, TypeError, ValueError):
            raise Incident("This time lies beyond the year 9999.") from None


@dataclass(frozen=True, slots=True)
class Cycle:
    """A repeating interval (ISO 8601 R[n]/[start/]duration): instants on a grid.

    The n-th is the start plus n durations, counted from the start: 31 January, 28 February,
    31 March. Without a start it begins when its token waits, and fires one duration later.
    """

    #: None: without end
    times: int | None
    start: datetime | None
    every: Span

    def first(self, at: datetime) -> datetime:
        """Its first instant for a token that waits from `at`; none that lay before."""
        return self.following(at, at if self.start is None else at - _TICK)

    def following(self, waits_since: datetime, after: datetime) -> datetime:
        """The first instant on its grid behind `after`, however many lie between."""
        origin = waits_since if self.start is None else self.start
        n = max(0, int((after - origin) / self.every.length) - 2)
        while (due := self.every.after(origin, n)) <= after:
            n += 1
        return due


def read_span(value: Any, written: str = "", *, nominal: bool = True) -> Span:
    """A FEEL duration, or ISO 8601 text; Incident for anything else.

    P1D is a day of the calendar, PT24H is 24 hours. FEEL's values do not tell the two apart, so
    its whole days are days of the calendar unless `written`, the expression, speaks of hours
    alone. Not `nominal`: days are 24 elapsed hours, as they were under meaning 1.
    """
    if isinstance(value, timedelta):
        hours = _IN_HOURS.search(written) is not None and _IN_DAYS.search(written) is None
        return _span(0, 0 if hours else value.days, value, nominal)
    if isinstance(value, YearsMonths):
        return Span(value.months, 0, timedelta())
    match = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise Incident(f"“{value}” is not a duration such as P5D or PT12H.")
    sign = -1 if match["sign"] == "-" else 1
    part = {k: sign * float(v or 0) for k, v in match.groupdict().items() if k != "sign"}
    try:
        days = int(part["W"] * 7 + part["D"])
        all_days = timedelta(days=days, hours=part["h"], minutes=part["m"], seconds=part["s"])
        return _span(int(part["Y"] * 12 + part["M"]), days, all_days, nominal)
    except (OverflowError, ValueError):
        raise Incident(f"“{value}” is longer than anything can last.") from None


def _span(months: int, days: int, size: timedelta, nominal: bool) -> Span:
    """`size`: the `days` and what is left beside them."""
    days = days if nominal else 0
    return Span(months, days, size - timedelta(days=days))


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


def read_cycle(text: Any, *, nominal: bool = True) -> Cycle:
    """R[n]/duration, R[n]/start/duration or R[n]/start/end; Incident otherwise."""
    parts = text.strip().split("/") if isinstance(text, str) else []
    if len(parts) not in (2, 3) or not re.fullmatch(r"R[0-9]*", parts[0]):
        raise Incident(f"“{text}” is not a repeating interval such as R3/P1D.")
    times = int(parts[0][1:]) if parts[0][1:] else None
    if times == 0:
        raise Incident(f"“{text}” repeats less than once.")
    start = None
    if len(parts) == 3:
        start = starts(read_moment(parts[1]))
    last = parts[-1]
    if start is not None and not last.lstrip("+-").startswith("P"):
        every = Span(0, 0, starts(read_moment(last)) - start)
    else:
        every = read_span(last, nominal=nominal)
    if every.length <= timedelta():
        raise Incident(f"“{text}” repeats without any time between.")
    return Cycle(times, start, every)


def gave(moment: date | datetime, sums: Sequence[Sum], meaning: int) -> Sum | None:
    """The sum that gave the moment, of all that an expression worked out: an `if`, a `min` or a
    `max` works out more than one. None: the moment came from none of them."""
    if not sums or meaning < 3:
        return sums[-1] if sums else None
    same = [sum_ for sum_ in sums if type(sum_.result) is type(moment) and sum_.result == moment]
    return same[-1] if same else None
