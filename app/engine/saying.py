"""Owns how a value is said to people: days, clock times, instants, durations, lists, nothing, yes.

The one place for it, in the style of GOV.UK: 4 March 2026, 10:05am, midday, “a, b and c”. Pages,
history, documents, mail, sums and journeys say it like this; the sentences around it are theirs.
How far off a deadline is says `lateness`. What is written for machines is ISO 8601, in `london`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from app.engine.london import day_in_london, here

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
#: inside a sentence
NOTHING = "nothing"
#: characters of a value in a sentence
LONGEST = 300
#: where an answer stands alone: a reader must see that nothing was entered, not guess it
NOT_GIVEN = "Not given"
_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))


def weekday(on: date) -> str:
    """Thursday"""
    return DAYS[on.weekday()]


def month(on: date) -> str:
    """April"""
    return MONTHS[on.month - 1]


def month_of(on: date) -> str:
    """April 2026"""
    return f"{month(on)} {on.year}"


def day(on: date) -> str:
    """Thursday 2 April 2026; of an instant, its day in London."""
    return f"{weekday(day_in_london(on))} {short_day(on)}"


def short_day(on: date) -> str:
    """2 April 2026; of an instant, its day in London."""
    on = day_in_london(on)
    return f"{on.day} {month(on)} {on.year}"


def clock(at: time | datetime) -> str:
    """2:05pm, 9am, midday, midnight; of an instant, London's."""
    at = here(at) if isinstance(at, datetime) else at
    if at.minute == 0 and at.hour in (0, 12):
        return "midday" if at.hour else "midnight"
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{'am' if at.hour < 12 else 'pm'}"


def skipped(moment: datetime) -> str | None:
    """Why a clock time of a zone never came; None where it did, or without a zone."""
    if moment.tzinfo is None:
        return None
    there = moment.astimezone(UTC).astimezone(moment.tzinfo)
    if there.replace(tzinfo=None, fold=0) == moment.replace(tzinfo=None, fold=0):
        return None
    on, at = short_day(moment.date()), clock(moment.time())
    return f"the clocks went forward on {on} and {at} did not happen"


def moment(at: datetime) -> str:
    """Thursday 2 April 2026 at 2:05pm"""
    return f"{day(at)} at {clock(at)}"


def short_moment(at: datetime) -> str:
    """2 April 2026 at 2:05pm"""
    return f"{short_day(at)} at {clock(at)}"


def due(at: datetime, whole_day: bool) -> str:
    """The day alone when its whole length counts, else the instant."""
    return day(at) if whole_day else moment(at)


def count(number: int, noun: str, many: str = "") -> str:
    """1 day, 2 days; `many`: where it is not the noun with an s."""
    return f"{number} {noun if abs(number) == 1 else many or noun + 's'}"


def duration(length: timedelta) -> str:
    """1 day, 2 hours and 30 minutes; its sign does not show."""
    left, parts = int(abs(length.total_seconds())), []
    for size, unit in _UNITS:
        number, left = divmod(left, size)
        parts += [count(number, unit)] if number else []
    return joined(parts) or "no time"


def roughly(length: timedelta) -> str:
    """The largest unit that fits: 3 days, 1 hour, 5 minutes; less than a minute is one."""
    seconds = max(60, int(abs(length.total_seconds())))
    size, unit = next((size, unit) for size, unit in _UNITS if seconds >= size)
    return count(seconds // size, unit)


def undated(year: int | str) -> str:
    """Of a deadline that is drawn and has no date."""
    return f"cannot be worked out yet, the bank holidays of {year} are not known"


def joined(parts: Iterable[str], last: str = "and") -> str:
    """one, two and three; what is empty is left out."""
    texts = [part for part in parts if part]
    if len(texts) < 2:
        return "".join(texts)
    return f"{', '.join(texts[:-1])} {last} {texts[-1]}"


def old_clock(at: time | datetime) -> str:
    """14:05: how sums said a clock time under meaning 1. They are kept as facts."""
    return f"{at:%H:%M}" if not at.second else f"{at:%H:%M:%S}"


def plain(identifier: str) -> str:
    """in_progress → in progress"""
    return identifier.replace("_", " ").strip()


@dataclass(frozen=True, slots=True)
class _Style:
    nothing: str
    truth: tuple[str, str]
    number: Callable[[Decimal], str]
    on: Callable[[date], str]
    at: Callable[[datetime], str]


def _as_worked_out(number: Decimal) -> str:
    return f"{number:f}"


def _shortest(number: Decimal) -> str:
    return f"{number.normalize():f}"


_IN_A_SENTENCE = _Style(NOTHING, ("yes", "no"), _shortest, day, moment)
_FILLED_IN = _Style("", ("yes", "no"), _as_worked_out, short_day, short_moment)
_ALONE = _Style(NOT_GIVEN, ("Yes", "No"), _shortest, short_day, short_moment)


def value(given: Any) -> str:
    """A FEEL value inside a sentence: days with their weekday, “nothing” for null, "" and []; cut
    where it gets long."""
    said = _said(given, _IN_A_SENTENCE)
    return said if len(said) <= LONGEST else said[: LONGEST - 1] + "…"


def text(given: Any) -> str:
    """A FEEL value where a text is filled in: of null nothing is written, and a number has the
    digits that it was worked out with."""
    return _said(given, _FILLED_IN)


def answer(given: Any) -> str:
    """A FEEL value that stands alone, in a table or a document: Yes, Not given."""
    return _said(given, _ALONE)


def _said(given: Any, style: _Style) -> str:
    match given:
        case None | "" | [] | ():
            return style.nothing
        case bool():
            return style.truth[0] if given else style.truth[1]
        case Decimal():
            return style.number(given)
        case datetime():
            return style.at(given)
        case date():
            return style.on(given)
        case time():
            return clock(given)
        case timedelta():
            return duration(given)
        case Mapping():
            pairs = (f"{plain(str(key))}: {_said(part, style)}" for key, part in given.items())
            return "; ".join(pairs)
        case list() | tuple():
            return joined(_said(part, style) for part in given)
    return str(given)
