"""Finds names: first in the loops, contexts and filters around, then in the scope, then functions.

A scope is only ever read by key; no attribute of any object can be reached from an expression.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any

from app.engine.errors import ExpressionFault, nearest
from app.engine.feel.scope.built_ins import BUILT_INS, REFUSED
from app.engine.feel.scope.world import Run
from app.engine.feel.values import Function, Range, kind, plain, temporal_property

MISSING = object()
_ROUGH = frozenset({Decimal, int, float, tuple})


class Env:
    """One frame of names, and the frames around it."""

    __slots__ = ("above", "run", "values")

    def __init__(self, values: Mapping[str, Any], above: Env | None, run: Run | None = None):
        self.values = values
        self.above = above
        self.run: Run = run if run is not None else above.run  # type: ignore[union-attr]

    def names(self) -> Iterable[str]:
        frame: Env | None = self
        while frame is not None:
            yield from frame.values
            frame = frame.above


Closure = Callable[[Env], Any]


class Entries:
    """The names of all entries of a list's contexts, looked for once."""

    def __init__(self, items: list[Any] | tuple[Any, ...]) -> None:
        self._items = items

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(name for item in self._items if kind(item) == "context" for name in item)


class Items(Mapping[str, Any]):
    """The names inside a filter: `item`, and the entries of the item when it is a context.

    An entry that only other items of the list have is null here, not an unknown name.
    """

    __slots__ = ("_all", "_entries", "_item")

    def __init__(self, item: Any, all_of_them: Entries) -> None:
        self._item = item
        self._entries: Mapping[str, Any] = item if kind(item) == "context" else {}
        self._all = all_of_them

    def get(self, name: str, default: Any = None) -> Any:
        value = self._entries.get(name, MISSING)
        if value is not MISSING:
            return value
        return self._item if name == "item" else default

    def elsewhere(self, name: str) -> bool:
        """Whether another item of the list has that entry."""
        return name in self._all.names

    def __getitem__(self, name: str) -> Any:
        return self.get(name)

    def __iter__(self) -> Any:
        yield from self._entries
        yield "item"

    def __len__(self) -> int:
        return len(self._entries) + 1


def name_of(name: str, at: int) -> Closure:
    """The closure that looks a name up."""

    def run(env: Env) -> Any:
        frame: Env | None = env
        while frame is not None:
            value = frame.values.get(name, MISSING)
            if value is not MISSING:
                return plain(value) if type(value) in _ROUGH else value
            frame = frame.above
        return _beyond(env, name, at)

    return run


def _beyond(env: Env, name: str, at: int) -> Any:
    """A name no frame has: a function by its name, else unknown."""
    world = env.run.world
    function = world.functions.get(name) or BUILT_INS.get(name)
    if function is not None:
        return function
    if not world.strict or _in_a_sibling(env, name):
        return None
    raise unknown(name, {*env.names(), *world.functions}, "name", at)


def _in_a_sibling(env: Env, name: str) -> bool:
    frame: Env | None = env
    while frame is not None:
        if isinstance(frame.values, Items) and frame.values.elsewhere(name):
            return True
        frame = frame.above
    return False


class UnknownName(ExpressionFault):
    """This name is not known here."""


def unknown(name: str, known: Iterable[str], what: str, at: int) -> ExpressionFault:
    """A fault with the place as an offset in `column`; `Expression.evaluate` makes it a place."""
    close = nearest(name, known)
    hint = f" Did you mean “{close}”?" if close else ""
    if not close and " " in name:
        hint = " Is an operator missing between the words?"
    return UnknownName(f"There is no {what} “{name}” here.{hint}", column=at)


def function_named(env: Env, name: str, at: int) -> Any:
    """What a call by this name calls; in a strict world no data can stand before a built-in."""
    world = env.run.world
    built_in = BUILT_INS.get(name)
    if built_in is not None and world.strict:
        return built_in
    frame: Env | None = env
    while frame is not None:
        value = frame.values.get(name, MISSING)
        if value is not MISSING and kind(value) == "function":
            return value
        frame = frame.above
    function = world.functions.get(name, built_in)
    if function is not None or not world.strict:
        return function
    if name in REFUSED:
        raise ExpressionFault(
            f"“{name}” is not among the functions here. {REFUSED[name]}", column=at
        )
    raise unknown(name, {*BUILT_INS, *world.functions}, "function", at)


def entry(value: Any, name: str, run: Run) -> Any:
    """`value.name`, a path of DMN 1.3 §10.3.2: entry, property, or both over a list."""
    if isinstance(value, Mapping):
        entry_value = value.get(name)
        return plain(entry_value) if type(entry_value) in _ROUGH else entry_value
    if isinstance(value, list | tuple):
        run.step(len(value))
        return [entry(item, name, run) for item in value]
    if isinstance(value, Range):
        return _range_property(value, name)
    return temporal_property(value, name)


def _range_property(value: Range, name: str) -> Any:
    properties = {
        "start": value.start,
        "end": value.end,
        "start included": value.start_included,
        "end included": value.end_included,
    }
    return properties.get(name)


def as_function(value: Any) -> Any:
    """A Python callable put into a scope or World.functions, as a function of any arity."""
    if isinstance(value, Function) or not callable(value):
        return value
    return Function(getattr(value, "__name__", "function"), ("arguments",), value, 0, rest=True)
