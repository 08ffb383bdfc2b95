"""The values an expression works with, and which kind each is. Arithmetic and texts are elsewhere.

Numbers are `Decimal` of 34 digits (DMN 1.3 §10.3.2.3); `int` and `float` are taken as such where
they come from outside. Dates and times are Python's; `Wide` carries what Python's cannot hold.
"""

from __future__ import annotations

import decimal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import total_ordering
from typing import Any

from app.engine.saying import count, joined

#: IEEE 754-2008 decimal128, as the standard asks; a result outside it is null, never an endless one
DECIMAL128 = decimal.Context(
    prec=34,
    rounding=decimal.ROUND_HALF_EVEN,
    Emin=-6143,
    Emax=6144,
    traps=[decimal.InvalidOperation, decimal.DivisionByZero, decimal.Overflow],
)
_FAR = 10**40
LONGEST_TEXT = 100_000
MOST_MONTHS = 12 * 1_000_000_000


@total_ordering
@dataclass(frozen=True, slots=True)
class YearsMonths:
    """A years and months duration, as a signed number of months."""

    months: int

    def __str__(self) -> str:
        """1 year and 2 months, for people; its sign does not show."""
        years, months = divmod(abs(self.months), 12)
        said = (count(years, "year") if years else "", count(months, "month") if months else "")
        return joined(said) or "no time"

    def __lt__(self, other: YearsMonths) -> bool:
        return self.months < other.months


@dataclass(frozen=True, slots=True)
class Wide:
    """A date, time, date and time or duration beyond Python's: other eras, or nanoseconds.

    The calendar repeats every 400 years, so `base` lies in a year Python knows, in which zones have
    the same rules, and `cycles` counts how many times 400 years it is moved. `nanos` (0–999) follow
    the microseconds of `base`.
    """

    base: date | time | datetime | timedelta
    cycles: int = 0
    nanos: int = 0


@dataclass(frozen=True, slots=True)
class Range:
    """An interval; an end not written at all (as in `(< 10)`) is `open_…`, not just null.
    `exact` is one written `(= 10)`: another operator, so no interval from 10 to 10 equals it."""

    start: Any
    end: Any
    start_included: bool = True
    end_included: bool = True
    open_start: bool = False
    open_end: bool = False
    exact: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """Something that can be called: a built-in, a FEEL function, or a Python callable put in scope.

    `call` takes the arguments in the order of `parameters`. `needed` is how many must be given;
    `rest` lets the last parameter take any number of further arguments.
    """

    name: str
    parameters: tuple[str, ...]
    call: Callable[..., Any]
    needed: int | None = None
    rest: bool = False
    #: declared types of the parameters, as FEEL type texts; None where not declared
    types: tuple[str | None, ...] = ()

    def __call__(self, *arguments: Any) -> Any:
        return self.call(*arguments)

    def fits(self, count: int) -> bool:
        least = len(self.parameters) if self.needed is None else self.needed
        return count >= least and (self.rest or count <= len(self.parameters))

    def in_order(self, named: Mapping[str, Any]) -> list[Any] | None:
        """Named arguments by place, those not given null; None where a name is unknown."""
        if any(name not in self.parameters for name in named):
            return None
        return [named.get(name) for name in self.parameters]


_KINDS: dict[type, str] = {
    type(None): "null",
    bool: "boolean",
    Decimal: "number",
    int: "number",
    float: "number",
    str: "string",
    date: "date",
    time: "time",
    datetime: "date and time",
    timedelta: "days and time duration",
    YearsMonths: "years and months duration",
    list: "list",
    tuple: "list",
    dict: "context",
    Range: "range",
    Function: "function",
}


def kind(value: Any) -> str:
    """The FEEL type name of a value; "null" for null."""
    name = _KINDS.get(type(value))
    if name is not None:
        return name
    if isinstance(value, Wide):
        return _KINDS[type(value.base)]
    for cls in (bool, datetime, date, time, timedelta, str, Decimal, int, float):
        if isinstance(value, cls):
            return _KINDS[cls]
    if isinstance(value, Mapping):
        return "context"
    if isinstance(value, Sequence):
        return "list"
    return "function" if callable(value) else "unknown"


def cut(value: Decimal) -> int:
    """The whole part; what lies beyond any use is taken as 10**40 (int() of 1e6000 costs 3 ms)."""
    if value.adjusted() > 40:
        return -_FAR if value < 0 else _FAR
    return int(value)


def number(value: Any) -> Decimal | None:
    """A number as Decimal; None for anything else, infinities and NaN included."""
    if type(value) is Decimal:
        return value if value.is_finite() else None
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    try:
        as_decimal = DECIMAL128.create_decimal(repr(value) if isinstance(value, float) else value)
    except decimal.DecimalException:
        return None
    return as_decimal if as_decimal.is_finite() else None


def plain(value: Any) -> Any:
    """One level of tidying for a value from outside: int and float become Decimal, tuple a list,
    and what is not finite null (DMN 1.3 §10.3.2.3.1)."""
    cls = type(value)
    if cls is Decimal or cls is int or cls is float:
        return number(value)
    return list(value) if cls is tuple else value
