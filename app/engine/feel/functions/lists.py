"""Built-in functions that take lists apart or put them together (DMN 1.3 §10.3.4.4)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import cmp_to_key
from typing import Any

from app.engine.feel.scope import BuiltIn, Run, built_in
from app.engine.feel.values import Function, Steps, cut, equal, kind, number, order, plain

List = list[Any]


def called(run: Run, function: Any, *given: Any) -> Any:
    """Calls a function value from inside a built-in; null where it takes another number."""
    run.step()
    if isinstance(function, BuiltIn):
        return function(run, *given)
    return function.call(*given) if function.fits(len(given)) else None


def _place(items: List, position: Decimal) -> int | None:
    """The index of a position counted from 1, or from −1 backwards; None where there is none."""
    place = cut(position)
    if place == 0 or abs(place) > len(items):
        return None
    return place - 1 if place > 0 else len(items) + place


@built_in("list contains", "list: list, element: any")
def list_contains(run: Run, items: List, element: Any) -> Any:
    run.step(len(items))
    return any(equal(item, element, run) is True for item in items)


@built_in("count", "list: list")
def count(run: Run, items: List) -> Any:
    return Decimal(len(items))


@built_in("sublist", "list: list, start position: number, length?: number")
def sublist(run: Run, items: List, start: Decimal, length: Decimal | None = None) -> Any:
    place = _place(items, start)
    if place is None or (length is not None and length < 1):
        return None
    return items[place:] if length is None else items[place : place + min(cut(length), len(items))]


@built_in("append", "list: list, item…: any")
def append(run: Run, items: List, *more: Any) -> Any:
    return [*items, *more]


@built_in("append", "list: list, items: list", beyond=True)
def append_all(run: Run, items: List, more: List) -> Any:
    """Camunda's name for what is appended: one value, or a list of them."""
    return [*items, *more]


@built_in("concatenate", "list…: list")
def concatenate(run: Run, *lists: List) -> Any:
    run.step(sum(map(len, lists)))
    return [item for items in lists for item in items] if lists else None


@built_in("concatenate", "lists: list", beyond=True)
def concatenate_all(run: Run, lists: List) -> Any:
    """Camunda's name for all of them; an item that is no list counts as a list of it."""
    return concatenate(run, *([item] if kind(item) != "list" else item for item in lists))


@built_in("insert before", "list: list, position: number, newItem: any")
def insert_before(run: Run, items: List, position: Decimal, item: Any) -> Any:
    place = _place(items, position)
    return None if place is None else [*items[:place], item, *items[place:]]


@built_in("remove", "list: list, position: number")
def remove(run: Run, items: List, position: Decimal) -> Any:
    place = _place(items, position)
    return None if place is None else [*items[:place], *items[place + 1 :]]


@built_in("list replace", "list: list, position: number, newItem: any")
def list_replace(run: Run, items: List, position: Decimal, item: Any) -> Any:
    place = _place(items, position)
    return None if place is None else [*items[:place], item, *items[place + 1 :]]


@built_in("list replace", "list: list, match: function, newItem: any")
def list_replace_matching(run: Run, items: List, match: Any, new: Any) -> Any:
    """The function takes an item and the new item, and must say true or false."""
    if isinstance(match, Function) and len(match.parameters) != 2:
        return None
    out = []
    for item in items:
        matching = called(run, match, item, new)
        if not isinstance(matching, bool):
            return None
        out.append(new if matching else item)
    return out


@built_in("reverse", "list: list")
def reverse(run: Run, items: List) -> Any:
    return items[::-1]


@built_in("index of", "list: list, match: any")
def index_of(run: Run, items: List, match: Any) -> Any:
    run.step(len(items))
    return [Decimal(i) for i, item in enumerate(items, 1) if equal(item, match, run) is True]


@built_in("distinct values", "list: list")
def distinct_values(run: Run, items: List) -> Any:
    out: List = []
    for item in items:
        run.step(1 + (len(out) >> 6))
        if not any(equal(item, other, run) is True for other in out):
            out.append(item)
    return out


@built_in("union", "list…: list")
def union(run: Run, *lists: List) -> Any:
    return distinct_values(run, concatenate(run, *lists)) if lists else None


@built_in("flatten", "list: list")
def flatten(run: Run, items: List) -> Any:
    out: List = []
    _flatten(items, out, run)
    return out


def _flatten(items: List, out: List, tally: Steps) -> None:
    for item in items:
        tally.step()
        if isinstance(item, list | tuple):
            _flatten(list(item), out, tally)
        else:
            out.append(item)


def _ordering(run: Run, precedes: Any | None) -> Callable[[Any, Any], int]:
    if precedes is None:
        return lambda a, b: order(a, b) or 0

    def compare(a: Any, b: Any) -> int:
        if called(run, precedes, a, b) is True:
            return -1
        return 1 if called(run, precedes, b, a) is True else 0

    return compare


@built_in("sort", "list: list, precedes?: function")
def sort(run: Run, items: List, precedes: Any | None = None) -> Any:
    return sorted(map(plain, items), key=cmp_to_key(_ordering(run, precedes)))


def _extreme(items: List, wanted: int) -> Any:
    """The least (-1) or greatest (1); None for an empty list or values of different kinds."""
    extreme = items[0] if items else None
    for item in items[1:]:
        way = order(item, extreme)
        if way is None:
            return None
        extreme = item if way == wanted else extreme
    return extreme if order(extreme, extreme) == 0 else None


def _of_list_or_arguments(name: str, parameter: str = "list") -> Callable[[Any], Any]:
    """Registers both `sum([1, 2])` and `sum(1, 2)`."""

    def register(work: Callable[[Run, List], Any]) -> Callable[[Run, List], Any]:
        built_in(name, f"{parameter}: list")(lambda run, items: work(run, items))
        built_in(name, f"{parameter}…: any")(
            lambda run, *items: work(run, list(items)) if items else None
        )
        return work

    return register


@_of_list_or_arguments("min")
def min_(run: Run, items: List) -> Any:
    return plain(_extreme(items, -1))


@_of_list_or_arguments("max")
def max_(run: Run, items: List) -> Any:
    return plain(_extreme(items, 1))


@_of_list_or_arguments("all")
def all_(run: Run, items: List) -> Any:
    if any(item is False for item in items):
        return False
    return True if all(item is True for item in items) else None


@_of_list_or_arguments("any")
def any_(run: Run, items: List) -> Any:
    if any(item is True for item in items):
        return True
    return False if all(item is False for item in items) else None


def numbers(items: List) -> list[Decimal] | None:
    """The items as numbers; None when the list is empty or one is none."""
    decimals = [number(item) if kind(item) == "number" else None for item in items]
    return None if not decimals or None in decimals else [n for n in decimals if n is not None]


of_list_or_arguments = _of_list_or_arguments
