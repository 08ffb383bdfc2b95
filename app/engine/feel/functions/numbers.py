"""Built-in functions over numbers and booleans (DMN 1.3 §10.3.4.2, §10.3.4.5; rounding of 1.4)."""

from __future__ import annotations

import decimal
import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

from app.engine.feel.scope import Run, built_in
from app.engine.feel.values import DECIMAL128, YearsMonths, cut, negate, order

_LEAST_SCALE, _MOST_SCALE = -6111, 6176
_ONE = Decimal(1)
#: steps that a logarithm or exponential costs, compared with plain arithmetic
_COSTLY = 20
_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,5})?\Z", re.ASCII)
_WIDE = decimal.Context(prec=7000, Emin=-20_000, Emax=20_000)


def rounded(n: Decimal, scale: Decimal, rounding: str) -> Decimal | None:
    """n with `scale` digits after the point (negative: before it); None for a scale beyond
    decimal128. A scale with a fraction is cut."""
    digits = cut(scale)
    if not _LEAST_SCALE <= digits <= _MOST_SCALE:
        return None
    exponent = n.as_tuple().exponent
    assert isinstance(exponent, int)
    if exponent >= -digits:
        return _widened(n, digits)
    value = n.quantize(_ONE.scaleb(-digits, _WIDE), rounding=rounding, context=_WIDE)
    return value.copy_abs() if value.is_zero() else value


def _widened(n: Decimal, digits: int) -> Decimal:
    """12.5 as 12.50; n itself where so many digits are beyond decimal128."""
    try:
        return n.quantize(_ONE.scaleb(-digits, _WIDE), context=DECIMAL128)
    except decimal.DecimalException:
        return n


@built_in("decimal", "n: number, scale: number")
def decimal_(run: Run, n: Decimal, scale: Decimal) -> Any:
    return rounded(n, scale, decimal.ROUND_HALF_EVEN)


@built_in("floor", "n: number, scale?: number")
def floor(run: Run, n: Decimal, scale: Decimal = Decimal(0)) -> Any:
    return rounded(n, scale, decimal.ROUND_FLOOR)


@built_in("ceiling", "n: number, scale?: number")
def ceiling(run: Run, n: Decimal, scale: Decimal = Decimal(0)) -> Any:
    return rounded(n, scale, decimal.ROUND_CEILING)


@built_in("round up", "n: number, scale: number")
def round_up(run: Run, n: Decimal, scale: Decimal) -> Any:
    return rounded(n, scale, decimal.ROUND_UP)


@built_in("round down", "n: number, scale: number")
def round_down(run: Run, n: Decimal, scale: Decimal) -> Any:
    return rounded(n, scale, decimal.ROUND_DOWN)


@built_in("round half up", "n: number, scale: number")
def round_half_up(run: Run, n: Decimal, scale: Decimal) -> Any:
    return rounded(n, scale, decimal.ROUND_HALF_UP)


@built_in("round half down", "n: number, scale: number")
def round_half_down(run: Run, n: Decimal, scale: Decimal) -> Any:
    return rounded(n, scale, decimal.ROUND_HALF_DOWN)


@built_in("abs", "n/number: number")
def abs_(run: Run, n: Decimal) -> Any:
    return n.copy_abs()


@built_in("abs", "n: duration")
def abs_duration(run: Run, n: Any) -> Any:
    zero = YearsMonths(0) if isinstance(n, YearsMonths) else timedelta()
    return negate(n) if order(n, zero) == -1 else n


@built_in("modulo", "dividend: number, divisor: number")
def modulo(run: Run, dividend: Decimal, divisor: Decimal) -> Any:
    """The rest has the sign of the divisor."""
    try:
        quotient = DECIMAL128.divide(dividend, divisor).to_integral_value(decimal.ROUND_FLOOR)
        return DECIMAL128.subtract(dividend, DECIMAL128.multiply(divisor, quotient))
    except decimal.DecimalException:
        return None


def _safe(operation: Any, n: Decimal) -> Any:
    try:
        value = operation(n)
    except decimal.DecimalException:
        return None
    return value if value.is_finite() else None


@built_in("sqrt", "number: number")
def sqrt(run: Run, n: Decimal) -> Any:
    return _safe(DECIMAL128.sqrt, n)


@built_in("log", "number: number")
def log(run: Run, n: Decimal) -> Any:
    """The natural logarithm."""
    run.step(_COSTLY)
    return _safe(DECIMAL128.ln, n) if n > 0 else None


@built_in("exp", "number: number")
def exp(run: Run, n: Decimal) -> Any:
    run.step(_COSTLY)
    return _safe(DECIMAL128.exp, n)


def _even(n: Decimal) -> bool | None:
    rest = _safe(lambda x: DECIMAL128.remainder(x, Decimal(2)), n)
    if rest is None:
        return n.as_tuple().exponent > 0  # type: ignore[operator]
    return None if rest != int(rest) else rest == 0


@built_in("even", "number: number")
def even(run: Run, n: Decimal) -> Any:
    return _even(n)


@built_in("odd", "number: number")
def odd(run: Run, n: Decimal) -> Any:
    is_even = _even(n)
    return None if is_even is None else not is_even


@built_in(
    "number", "from: string, grouping separator?: string|null, decimal separator?: string|null"
)
def number_(run: Run, text: str, group: str | None = None, point: str | None = None) -> Any:
    if group not in (None, " ", ",", ".") or point not in (None, ",", "."):
        return None
    if group is not None and group == point:
        return None
    plain = text.replace(group, "") if group else text
    if point:
        plain = plain.replace(".", "x").replace(point, ".") if point != "." else plain
    if not _NUMBER.match(plain) or (run.meaning < 2 and plain.startswith("+")):
        return None
    return _safe(DECIMAL128.create_decimal, plain)  # type: ignore[arg-type]


@built_in("not", "negand: any")
def not_(run: Run, value: Any) -> Any:
    return not value if isinstance(value, bool) else None
