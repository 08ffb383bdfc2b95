"""Built-in functions that draw one figure from a list of numbers (DMN 1.3 §10.3.4.4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal, DecimalException
from functools import reduce
from typing import Any

from app.engine.feel.functions.lists import numbers, of_list_or_arguments
from app.engine.feel.scope import Run, built_in
from app.engine.feel.values import DECIMAL128, add, kind

List = list[Any]


def _folded(operation: Callable[[Any, Any], Any], items: list[Decimal]) -> Decimal | None:
    try:
        return reduce(operation, items)
    except DecimalException:
        return None


def _total(decimals: list[Decimal]) -> Decimal | None:
    return _folded(DECIMAL128.add, decimals)


@of_list_or_arguments("sum")
def sum_(run: Run, items: List) -> Any:
    """Numbers, or durations of one kind."""
    if items and kind(items[0]).endswith("duration"):
        return reduce(add, items)
    decimals = numbers(items)
    return None if decimals is None else _total(decimals)


@of_list_or_arguments("mean")
def mean(run: Run, items: List) -> Any:
    decimals = numbers(items)
    total = _total(decimals) if decimals else None
    return (
        None if total is None or not decimals else DECIMAL128.divide(total, Decimal(len(decimals)))
    )


@of_list_or_arguments("product")
def product(run: Run, items: List) -> Any:
    decimals = numbers(items)
    return None if decimals is None else _folded(DECIMAL128.multiply, decimals)


@of_list_or_arguments("median")
def median(run: Run, items: List) -> Any:
    decimals = sorted(numbers(items) or [])
    if not decimals:
        return None
    half = len(decimals) // 2
    if len(decimals) % 2:
        return decimals[half]
    total = _total(decimals[half - 1 : half + 1])
    return None if total is None else DECIMAL128.divide(total, Decimal(2))


@of_list_or_arguments("stddev")
def stddev(run: Run, items: List) -> Any:
    """Standard deviation of a sample: of two numbers or more."""
    decimals = numbers(items)
    total = _total(decimals) if decimals else None
    if decimals is None or total is None or len(decimals) < 2:
        return None
    middle = DECIMAL128.divide(total, Decimal(len(decimals)))
    try:
        gaps = [DECIMAL128.subtract(n, middle) for n in decimals]
        squares = reduce(DECIMAL128.add, (DECIMAL128.multiply(gap, gap) for gap in gaps))
        return DECIMAL128.sqrt(DECIMAL128.divide(squares, Decimal(len(decimals) - 1)))
    except DecimalException:
        return None


def _modes(items: List) -> Any:
    if not items:
        return []
    decimals = numbers(items)
    if decimals is None:
        return None
    counts = Counter(decimals)
    most = max(counts.values())
    return sorted(n for n, times in counts.items() if times == most)


@built_in("mode", "list: list")
def mode(run: Run, items: List) -> Any:
    """All numbers that occur most often, smallest first."""
    return _modes(items)


@built_in("mode", "list…: any")
def mode_of_arguments(run: Run, *items: Any) -> Any:
    return _modes(list(items)) if items else None
