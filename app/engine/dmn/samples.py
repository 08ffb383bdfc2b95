"""Owns the values that tell the cells of a column apart: one for each way they can be met.

Where cells say `< 18` and `[18..65]`, that is one number below 18, 18 itself, one between, 65 and
one above. Whether a cell is met by them is asked of the cell itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cmp_to_key, partial
from typing import Any

from app.engine.dmn.cell_constants import Unknown
from app.engine.dmn.wording import in_words
from app.engine.feel import Wide, YearsMonths, kind, order

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Sample:
    value: Any
    words: str
    #: no value of the column's type: nothing given, or another kind where the column has no type
    beside: bool = False


NOTHING = Sample(None, "nothing", beside=True)
FOREIGN = Sample({}, "a value of another kind", beside=True)


def samples(what: str, compared: Iterable[Any], whole: bool) -> list[Sample]:
    """Of one kind (FEEL's name), lowest first. `whole`: numbers are counted, not measured.

    `Unknown` where the values compared with have no order among each other.
    """
    values = list(compared)
    if what == "boolean":
        return [Sample(True, "true"), Sample(False, "false")]
    if what == "string":
        return _texts(values)
    if what not in _STEPS:
        raise Unknown
    return [Sample(value, in_words(value)) for value in _line(what, values, whole)]


def _texts(values: list[Any]) -> list[Sample]:
    known = dict.fromkeys(values)
    other = "…"
    while other in known:
        other += "…"
    words = "any other text" if known else "any text"
    return [*(Sample(text, in_words(text)) for text in known), Sample(other, words)]


def _line(what: str, values: list[Any], whole: bool) -> Iterator[Any]:
    steps = _STEPS[what]
    ends = _sorted(values)
    if not ends:
        yield steps.any
        return
    yield from _within(None, steps.below, ends[0], ends[0])
    for end, following in zip(ends, [*ends[1:], None], strict=True):
        yield end
        if following is None:
            yield from _within(end, steps.above, end, None)
        elif what == "number":
            yield from _within(end, partial(_number, high=following, whole=whole), end, following)
        else:
            yield from _within(end, partial(_flipped, steps.between, following), end, following)


def _sorted(values: list[Any]) -> list[Any]:
    """Each once, lowest first."""

    def compare(value: Any, other: Any) -> int:
        sign = order(value, other)
        if sign is None:
            raise Unknown
        return sign

    distinct: list[Any] = []
    zoned = {getattr(value, "tzinfo", None) is not None for value in values}
    if len(zoned) > 1 or any(isinstance(value, Wide) for value in values):
        raise Unknown
    for value in sorted(values, key=cmp_to_key(compare)):
        if not distinct or compare(distinct[-1], value):
            distinct.append(value)
    return distinct


def _within(low: Any, step: Callable[[Any], Any], start: Any, high: Any) -> Iterator[Any]:
    """The step from the start where it lies between both; none where there is no room."""
    try:
        value = step(start)
    except (OverflowError, ArithmeticError, TypeError, ValueError):
        raise Unknown from None
    if value is None or (low is not None and order(low, value) != -1):
        return
    if high is None or order(value, high) == -1:
        yield value


def _flipped(between: Callable[[Any, Any], Any], high: Any, low: Any) -> Any:
    return between(low, high)


def _number(low: Decimal, high: Decimal, whole: bool) -> Decimal | None:
    following = low.to_integral_value("ROUND_FLOOR") + 1
    if following < high:
        return following
    return None if whole else (low + high) / 2


def _moment(low: datetime, high: datetime) -> datetime:
    middle = low + (high - low) / 2
    return middle.replace(second=0, microsecond=0) if high - low > 4 * _DAY / 1440 else middle


def _clock(low: time, high: time) -> time:
    if low.tzinfo is not None:
        raise Unknown
    day = date(2000, 1, 1)
    return _moment(datetime.combine(day, low), datetime.combine(day, high)).time()


def _half(low: timedelta, high: timedelta) -> timedelta:
    middle = low + (high - low) / 2
    days = timedelta(days=middle.days)
    return days if low < days else middle


@dataclass(frozen=True, slots=True)
class _Steps:
    any: Any
    below: Callable[[Any], Any]
    above: Callable[[Any], Any]
    between: Callable[[Any, Any], Any]


_STEPS: Mapping[str, _Steps] = {
    "number": _Steps(Decimal(0), lambda a: a - 1, lambda a: a + 1, lambda a, b: None),
    "date": _Steps(date(2026, 1, 1), lambda a: a - _DAY, lambda a: a + _DAY, lambda a, b: a + _DAY),
    "date and time": _Steps(datetime(2026, 1, 1), lambda a: a - _DAY, lambda a: a + _DAY, _moment),
    "time": _Steps(time(12), lambda a: time(0), lambda a: time(23, 59, 59), _clock),
    "days and time duration": _Steps(_DAY, lambda a: a - _DAY, lambda a: a + _DAY, _half),
    "years and months duration": _Steps(
        YearsMonths(1),
        lambda a: YearsMonths(a.months - 1),
        lambda a: YearsMonths(a.months + 1),
        lambda a, b: YearsMonths(a.months + 1),
    ),
}


def kinds_of(values: Iterable[Any]) -> list[str]:
    """The kinds among values, each once."""
    return list(dict.fromkeys(kind(value) for value in values))
