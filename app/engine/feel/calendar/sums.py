"""Tells a working-day sum in words a caseworker can check with a wall calendar.

"5 working days after Thursday 2 April 2026: 7, 8, 9, 10, 13 April; skipped Friday 3 April
(Good Friday), Saturday 4 and Sunday 5 April (weekend), Monday 6 April (Easter Monday), Saturday 11
and Sunday 12 April (weekend)". What a working day is, `calendar` knows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from app.engine import saying

_DAY = timedelta(days=1)
#: more days than this are not counted out one by one
_MOST_LISTED = 40
#: more ordinary weekends than this are only counted
_MOST_WEEKENDS = 2
WEEKEND = ("Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Sum:
    """A due day or instant and how it was come to."""

    result: date | datetime
    text: str
    #: mark of the calendar it was worked out with
    calendar: str


@dataclass(frozen=True, slots=True)
class Skipped:
    day: date
    #: "Saturday", "Good Friday", "closed: …"
    reason: str


def days_listed(days: Sequence[date], year: int) -> str:
    """ "30, 31 March, 1 April"; a year other than `year` is named at the end of its months."""
    parts = []
    for (_, _), group in groupby(days, key=lambda day: (day.year, day.month)):
        month = list(group)
        tail = "" if month[0].year == year else f" {month[0].year}"
        parts.append(f"{', '.join(str(day.day) for day in month)} {saying.month(month[0])}{tail}")
    return ", ".join(parts)


def _runs(skipped: Sequence[Skipped]) -> Iterator[list[Skipped]]:
    """Days next to each other."""
    run: list[Skipped] = []
    for skip in sorted(skipped, key=lambda s: s.day):
        if run and skip.day - run[-1].day > _DAY:
            yield run
            run = []
        run.append(skip)
    if run:
        yield run


def _group_text(group: Sequence[Skipped], year: int) -> str:
    """One or two days with one reason."""
    last = group[-1].day
    tail = saying.month(last) + ("" if last.year == year else f" {last.year}")
    if len(group) == 2 and group[0].day.month == last.month:
        first = f"{saying.weekday(group[0].day)} {group[0].day.day}"
        days = f"{first} and {saying.weekday(last)} {last.day} {tail}"
    else:
        days = saying.joined(
            f"{saying.weekday(s.day)} {s.day.day} {saying.month(s.day)}" for s in group
        )
        days += "" if last.year == year else f" {last.year}"
    reason = "weekend" if group[0].reason in WEEKEND else group[0].reason
    return f"{days} ({reason})"


def _run_text(run: Sequence[Skipped], year: int) -> str:
    def kind(skip: Skipped) -> str:
        return "weekend" if skip.reason in WEEKEND else f"{skip.day} {skip.reason}"

    return ", ".join(_group_text(list(group), year) for _, group in groupby(run, key=kind))


def skipped_text(skipped: Sequence[Skipped], year: int) -> str:
    """ "; skipped …" with reasons, or nothing."""
    runs = list(_runs(skipped))
    plain = [run for run in runs if all(skip.reason in WEEKEND for skip in run)]
    told = runs if len(plain) <= _MOST_WEEKENDS else [run for run in runs if run not in plain]
    parts = [_run_text(run, year) for run in told]
    if len(told) < len(runs):
        other = "other " if told else ""
        parts.append(f"{len(plain)} {other}weekends")
    return f"; skipped {', '.join(parts)}" if parts else ""


def counted_text(head: str, start: date, days: Sequence[date], skipped: Sequence[Skipped]) -> str:
    """The sentence of a count of working days from a start."""
    year = start.year
    if not days:
        listed = ""
    elif len(days) > _MOST_LISTED:
        listed = f": {saying.day(days[-1])}"
    else:
        listed = f": {days_listed(days, year)}"
    return f"{head}{listed}{skipped_text(skipped, year)}"


def rolled_text(head: str, raw: date, why: str | None, result: date) -> str:
    """The sentence of a date that may have been moved off a day that is no working day."""
    if raw == result:
        return f"{head}: {saying.day(raw)}"
    way = "back" if result < raw else "on"
    reason = "weekend" if why in WEEKEND else why
    return (
        f"{head}: {saying.day(raw)} is no working day ({reason}), so {way} to {saying.day(result)}"
    )


def basis_text(called: str, spared: Sequence[date], year: int) -> str:
    """ "; counted on England’s bank holidays; our closure on 24 December does not count here"."""
    text = f"; counted on {called}" if called else ""
    if not spared:
        return text
    what, does = ("closure", "does") if len(spared) == 1 else ("closures", "do")
    return f"{text}; our {what} on {days_listed(spared, year)} {does} not count here"
