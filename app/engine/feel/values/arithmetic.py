"""The operators `+ - * / **` and negation over all kinds (DMN 1.3 §10.3.2).

Each gives None (null) where the kinds do not fit or the result leaves decimal128.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal, DecimalException, localcontext
from typing import Any

from app.engine.feel.values import temporal
from app.engine.feel.values.kinds import (
    DECIMAL128,
    MOST_MONTHS,
    Wide,
    YearsMonths,
    cut,
    kind,
    number,
)
from app.engine.london import LONDON

Operation = Callable[[Any, Any], Any]
_DAY_TIME, _YEAR_MONTH = "days and time duration", "years and months duration"
_ZERO = Decimal(0)


def add(a: Any, b: Any) -> Any:
    if type(a) is Decimal and type(b) is Decimal:
        return _safe(DECIMAL128.add, a, b)
    return _apply(_ADD, a, b)


def subtract(a: Any, b: Any) -> Any:
    if type(a) is Decimal and type(b) is Decimal:
        return _safe(DECIMAL128.subtract, a, b)
    return _apply(_SUBTRACT, a, b)


def multiply(a: Any, b: Any) -> Any:
    return _apply(_MULTIPLY, a, b)


def divide(a: Any, b: Any) -> Any:
    return _apply(_DIVIDE, a, b)


def power(a: Any, b: Any) -> Any:
    x, y = number(a), number(b)
    if x is None or y is None:
        return None
    return Decimal(1) if y == 0 else _safe(DECIMAL128.power, x, y)


def negate(a: Any) -> Any:
    what = kind(a)
    if what == "number":
        decimal = number(a)
        if decimal is None:
            return None
        return decimal.copy_abs() if decimal.is_zero() else DECIMAL128.minus(decimal)
    if what == _YEAR_MONTH:
        return YearsMonths(-a.months)
    return _times_days(a, Decimal(-1)) if what == _DAY_TIME else None


def _safe(operation: Callable[[Decimal, Decimal], Decimal], a: Decimal, b: Decimal) -> Any:
    try:
        value = operation(a, b)
    except DecimalException:
        return None
    # 0 ** -1 is endless without a word from `decimal`
    return value if value.is_finite() else None


def _apply(table: dict[tuple[str, str], Operation], a: Any, b: Any) -> Any:
    operation = table.get((kind(a), kind(b)))
    if operation is None:
        return None
    try:
        return operation(a, b)
    except (DecimalException, OverflowError):
        return None


def _numbers(operation: Callable[[Decimal, Decimal], Decimal]) -> Operation:
    def run(a: Any, b: Any) -> Any:
        x, y = number(a), number(b)
        return None if x is None or y is None else operation(x, y)

    return run


def _months(count: Decimal | int) -> YearsMonths | None:
    months = cut(Decimal(count))
    return YearsMonths(months) if abs(months) <= MOST_MONTHS else None


def _nanoseconds(size: Any) -> int:
    base, _, nanos = temporal.parts(size)
    assert isinstance(base, timedelta)
    return (base.days * 86_400 + base.seconds) * 10**9 + base.microseconds * 1000 + nanos


def _days(nanoseconds: int) -> Any:
    micros, nanos = divmod(nanoseconds, 1000)
    size = timedelta(microseconds=micros)
    return Wide(size, 0, nanos) if nanos else size


def _times_days(size: Any, by: Any) -> Any:
    factor = number(by)
    if factor is None or abs(factor) > 10**15:
        return None
    with localcontext(prec=60):
        return _days(cut(_nanoseconds(size) * factor))


def _divided(size: Any, by: Any) -> Any:
    divisor = number(by)
    if not divisor:
        return None
    with localcontext(prec=60):
        return _days(cut(_nanoseconds(size) / divisor))


def _times_months(size: YearsMonths, by: Any) -> Any:
    factor = number(by)
    return None if factor is None else _months(DECIMAL128.multiply(Decimal(size.months), factor))


def _shared_months(a: YearsMonths, b: Any) -> Any:
    divisor = number(b)
    return _months(DECIMAL128.divide(Decimal(a.months), divisor)) if divisor else None


def _days_apart(a: Any, b: Any) -> Any:
    """A date counts as its midnight in London; two dates are whole days apart."""
    kinds = (kind(a), kind(b))
    zone = None if kinds == ("date", "date") else LONDON
    ends = (temporal.midnight(x, zone) if kind(x) == "date" else x for x in (a, b))
    return temporal.since(*ends)


def _swapped(operation: Operation) -> Operation:
    return lambda a, b: operation(b, a)


def _table() -> tuple[dict[tuple[str, str], Operation], dict[tuple[str, str], Operation]]:
    plus: dict[tuple[str, str], Operation] = {
        ("number", "number"): _numbers(DECIMAL128.add),
        ("string", "string"): lambda a, b: a + b,
        (_YEAR_MONTH, _YEAR_MONTH): lambda a, b: _months(a.months + b.months),
        (_DAY_TIME, _DAY_TIME): lambda a, b: _days(_nanoseconds(a) + _nanoseconds(b)),
    }
    minus: dict[tuple[str, str], Operation] = {
        ("number", "number"): _numbers(DECIMAL128.subtract),
        (_YEAR_MONTH, _YEAR_MONTH): lambda a, b: _months(a.months - b.months),
        (_DAY_TIME, _DAY_TIME): lambda a, b: _days(_nanoseconds(a) - _nanoseconds(b)),
        ("time", "time"): temporal.since,
    }
    movers = {
        "date": temporal.moved_date,
        "date and time": temporal.moved,
        "time": temporal.moved_time,
    }
    for what, move in movers.items():
        plus[what, _DAY_TIME] = move
        plus[_DAY_TIME, what] = _swapped(move)
        minus[what, _DAY_TIME] = lambda a, b, move=move: move(a, b, -1)  # type: ignore[misc]
    for what in ("date", "date and time"):
        plus[what, _YEAR_MONTH] = lambda a, b: temporal.moved_months(a, b.months)
        plus[_YEAR_MONTH, what] = lambda a, b: temporal.moved_months(b, a.months)
        minus[what, _YEAR_MONTH] = lambda a, b: temporal.moved_months(a, -b.months)
        minus[what, "date"] = minus[what, "date and time"] = _days_apart
    return plus, minus


_ADD, _SUBTRACT = _table()
_MULTIPLY: dict[tuple[str, str], Operation] = {
    ("number", "number"): _numbers(DECIMAL128.multiply),
    (_DAY_TIME, "number"): _times_days,
    ("number", _DAY_TIME): _swapped(_times_days),
    (_YEAR_MONTH, "number"): _times_months,
    ("number", _YEAR_MONTH): _swapped(_times_months),
}
_DIVIDE: dict[tuple[str, str], Operation] = {
    ("number", "number"): _numbers(DECIMAL128.divide),
    (_DAY_TIME, "number"): _divided,
    (_DAY_TIME, _DAY_TIME): lambda a, b: DECIMAL128.divide(
        Decimal(_nanoseconds(a)), Decimal(_nanoseconds(b))
    ),
    (_YEAR_MONTH, "number"): _shared_months,
    (_YEAR_MONTH, _YEAR_MONTH): lambda a, b: DECIMAL128.divide(
        Decimal(a.months), Decimal(b.months)
    ),
}
_TABLES = {"+": _ADD, "-": _SUBTRACT, "*": _MULTIPLY, "/": _DIVIDE}


def operands(sign: str, side: str) -> frozenset[str]:
    """The kinds that may stand on the "left" or "right" of an operator."""
    if sign == "**":
        return frozenset({"number"})
    return frozenset(pair[side == "right"] for pair in _TABLES[sign])


OPERATIONS: dict[str, Operation] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
    "**": power,
}
