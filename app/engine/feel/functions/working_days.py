"""Our own functions: working days, clocks and hours in London. Each tells its sum (`World.sums`).

A date in gives a date; a date and time in gives the same clock time in London on the day found.
Texts in ISO form are taken as well. Wrong kinds give null, as with every built-in.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from app.engine import saying
from app.engine.errors import ExpressionFault
from app.engine.feel.calendar import HOUSE, ROLLS, Calendar, Sum, default_calendar
from app.engine.feel.scope import Run
from app.engine.feel.scope import built_in as any_built_in
from app.engine.feel.values import cut, number, read_date, read_date_time, read_time, shown
from app.engine.london import LONDON

#: all of them ask for the calendar, the present day, or tell their sum
built_in = partial(any_built_in, live=True)
_MOST_HOURS = 10_000_000
#: steps that telling one sum costs, beside those for each of its days
_SUM_STEPS = 50


def present(run: Run) -> datetime:
    """The present instant in London; without one it is a fault."""
    if run.world.now is None:
        raise ExpressionFault("The present time is not known here.")
    return run.world.now.astimezone(LONDON)


def calendar_of(run: Run, name: str | None = None) -> Calendar:
    """The one of this name, else the house's, with the holidays that are known."""
    world = run.world
    known = world.known or world.now
    day = None if known is None else known.astimezone(LONDON).date()
    return (world.calendar or default_calendar()).chosen(name, day)


def _moment(value: Any) -> date | datetime | None:
    """A date, or an aware date and time in London; None for anything else."""
    if isinstance(value, str):
        value = read_date(value) or read_date_time(value)
    if isinstance(value, datetime):
        placed = value if value.tzinfo is not None else value.replace(tzinfo=LONDON)
        try:
            return placed.astimezone(UTC).astimezone(LONDON)
        except OverflowError:  # the first or last day that Python knows
            return None
    return value if isinstance(value, date) else None


def _whole(value: Any) -> int | None:
    decimal = number(value)
    return cut(decimal) if decimal is not None and decimal == decimal.to_integral_value() else None


def _told(run: Run, sum_: Sum) -> Any:
    if run.world.sums is not None:
        run.world.sums.append(sum_)
    return sum_.result


def _on_clock(day: date, clock: time) -> datetime:
    return shown(datetime.combine(day, clock.replace(tzinfo=None), LONDON))[0]


def _day_sum(run: Run, start: Any, count: int, name: str | None, work: Any) -> Any:
    """Works out a sum of days; with a clock time given, the same one on the day found."""
    run.step(_SUM_STEPS + 8 * abs(count))
    moment = _moment(start)
    if moment is None:
        return None
    if not isinstance(moment, datetime):
        return _told(run, work(calendar_of(run, name), moment))
    sum_ = work(calendar_of(run, name), moment.date())
    result = _on_clock(sum_.result, moment.time())
    text = f"{sum_.text}; at {_clock(run, moment)}, the time of day it began"
    return _told(run, Sum(result, text, sum_.calendar))


@built_in("working_days_after", "date: day or text, n: number, calendar?: string|")
def working_days_after(run: Run, start: Any, n: Decimal, name: str | None = None) -> Any:
    count = _whole(n)
    if count is None:
        return None
    return _day_sum(run, start, count, name, lambda c, day: c.working_days_after(day, count))


@built_in("working_days_before", "date: day or text, n: number, calendar?: string|")
def working_days_before(run: Run, start: Any, n: Decimal, name: str | None = None) -> Any:
    count = _whole(n)
    if count is None:
        return None
    return _day_sum(run, start, count, name, lambda c, day: c.working_days_before(day, count))


@built_in("working_day", "date: day or text, n: number, day_shift?: number|, calendar?: string|")
def working_day(
    run: Run, start: Any, n: Decimal, shift: Decimal | None = None, name: str | None = None
) -> Any:
    """Day n of a count that begins on the date; with a `day_shift` of 1 the date is Day 0."""
    count, moved = _whole(n), _whole(shift or 0)
    if count is None or moved not in (0, 1) or count < 1 - moved:
        return None
    first = 1 - moved
    return _day_sum(run, start, count, name, lambda c, day: c.working_day(day, count, first))


@built_in("working_day", "date: day or text, n: number, calendar: string")
def working_day_by(run: Run, start: Any, n: Decimal, name: str) -> Any:
    return working_day(run, start, n, None, name)


def _with_roll(
    run: Run, start: Any, n: Decimal, roll: str, name: str | None, what: str, usual: str
) -> Any:
    count = _whole(n)
    calendar = run.world.calendar or default_calendar()
    if roll in (HOUSE, *calendar.named) and name is None:  # the roll may be left out
        roll, name = usual, roll
    if count is None or roll not in ROLLS:
        return None
    return _day_sum(run, start, 1, name, lambda c, day: getattr(c, what)(day, count, roll))


@built_in("months_after", "date: day or text, n: number, roll?: string, calendar?: string|")
def months_after(
    run: Run, start: Any, n: Decimal, roll: str = "back", name: str | None = None
) -> Any:
    return _with_roll(run, start, n, roll, name, "months_after", "back")


@built_in("days_after", "date: day or text, n: number, roll?: string, calendar?: string|")
def days_after(
    run: Run, start: Any, n: Decimal, roll: str = "none", name: str | None = None
) -> Any:
    return _with_roll(run, start, n, roll, name, "days_after", "none")


@built_in("working_days_between", "start: day or text, end: day or text, calendar?: string|")
def working_days_between(run: Run, start: Any, end: Any, name: str | None = None) -> Any:
    a, b = _day(start), _day(end)
    if a is None or b is None:
        return None
    run.step(abs((b - a).days))
    return Decimal(calendar_of(run, name).working_days_between(a, b))


def _day(value: Any) -> date | None:
    moment = _moment(value)
    return moment.date() if isinstance(moment, datetime) else moment


@built_in("is_working_day", "date: day or text, calendar?: string|")
def is_working_day(run: Run, value: Any, name: str | None = None) -> Any:
    day = _day(value)
    return None if day is None else calendar_of(run, name).is_working_day(day)


@built_in("london_date", "date: day or text")
def london_date(run: Run, value: Any) -> Any:
    return _day(value)


@built_in("in_force", "list: list, date?: day or text")
def in_force(run: Run, items: list[Any], day: Any = None) -> Any:
    """The rows whose `from` and `until` (both included, days in London) hold the day, else today.

    A row without them is always in force; so is a value that is no row.
    """
    on = _day(day if day is not None else present(run))
    return None if on is None else [item for item in items if _holds(item, on)]


def _holds(item: Any, day: date) -> bool:
    if not isinstance(item, Mapping):
        return True
    first, last = (_day(item.get(name)) for name in ("from", "until"))
    return (first is None or first <= day) and (last is None or day <= last)


@built_in("hours_after", "date: day or text, n: number")
def hours_after(run: Run, start: Any, n: Decimal) -> Any:
    """Elapsed hours, whatever the clocks do; a date begins at midnight in London."""
    moment = _moment(start)
    if moment is None or abs(n) > _MOST_HOURS:
        return None
    begin = moment if isinstance(moment, datetime) else _on_clock(moment, time(0))
    try:
        end = (begin.astimezone(UTC) + timedelta(seconds=float(n * 3600))).astimezone(LONDON)
    except OverflowError:
        return None
    hours = saying.count(int(n), "hour") if n == int(n) else f"{n} hours"
    text = f"{hours} after {_moment_text(run, begin)}: {_moment_text(run, end)}"
    if begin.utcoffset() != end.utcoffset():
        text += " (the clocks change in between)"
    return _told(run, Sum(end, text, calendar_of(run).mark))


def _moment_text(run: Run, moment: datetime) -> str:
    return f"{saying.day(moment.date())} at {_clock(run, moment)}"


def _clock(run: Run, at: time | datetime) -> str:
    """Sums are kept as facts: run again, an old one says its clock times as it did."""
    return saying.clock(at) if run.meaning > 1 else saying.old_clock(at)


@built_in("at_clock", "date: day or text, clock: any")
def at_clock(run: Run, value: Any, clock: Any) -> Any:
    """A day at a clock time in London, told on top of the sum that found the day."""
    day = _day(value)
    at = clock if isinstance(clock, time) else _read_clock(clock)
    if day is None or at is None:
        return None
    sums = run.world.sums
    before = sums[-1] if sums and _day(sums[-1].result) == day else None
    text = (
        f"{before.text}; at {_clock(run, at)}"
        if before
        else f"{_clock(run, at)} on {saying.day(day)}"
    )
    mark = before.calendar if before else calendar_of(run).mark
    return _told(run, Sum(_on_clock(day, at), text, mark))


def _read_clock(text: Any) -> time | None:
    if not isinstance(text, str):
        return None
    clock = read_time(text if text.count(":") == 2 else f"{text}:00")
    return clock if isinstance(clock, time) else None
