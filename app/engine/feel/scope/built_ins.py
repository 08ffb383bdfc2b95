"""The table of built-in functions, and how their arguments are checked before they are called.

A signature is written as FEEL people know it: `"string: string, length?: number"`. `?` after a
name: may be left out; `…`: any number of them; `|null` after a type: may be null; `m/context`:
either name, where the standard and Camunda's modeler call it differently.
Arguments of the wrong kind make the call null, as DMN says; a list of one counts as its item.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.engine.feel.values import kind, number

if TYPE_CHECKING:
    from app.engine.feel.scope.world import Run

Implementation = Callable[..., Any]
_DURATIONS = frozenset({"days and time duration", "years and months duration"})
_MOMENTS = frozenset({"date", "date and time"})
_GROUPS = {
    "duration": _DURATIONS,
    "day": _MOMENTS,
    "day or text": _MOMENTS | {"string"},
    "temporal": _MOMENTS | {"time"},
    "text": frozenset({"string"}),
}
_REFUSED = object()


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    #: kinds that are taken; None takes everything, null included
    kinds: frozenset[str] | None
    nullable: bool
    #: another name it may be given by
    alias: str | None = None

    def takes(self, value: Any) -> bool:
        return self.fit(value) is not _REFUSED

    def fit(self, value: Any) -> Any:
        """The value as the function wants it, or `_REFUSED`."""
        if self.kinds is None:
            return value
        what = kind(value)
        if what == "null":
            return None if self.nullable else _REFUSED
        if what in self.kinds:
            return number(value) if what == "number" else value
        if what == "list" and len(value) == 1 and "list" not in self.kinds:
            return self.fit(value[0])
        return [value] if self.kinds == {"list"} else _REFUSED


@dataclass(frozen=True, slots=True)
class Variant:
    """One signature of a built-in."""

    parameters: tuple[Parameter, ...]
    needed: int
    rest: bool
    call: Implementation
    #: a form that only Camunda has: not read where expressions mean what DMN alone says
    beyond: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(parameter.name for parameter in self.parameters)

    def takes(self, count: int) -> bool:
        return count >= self.needed and (self.rest or count <= len(self.parameters))

    def fitted(self, given: Sequence[Any]) -> list[Any] | None:
        """Checked arguments; None when one does not fit."""
        last = len(self.parameters) - 1
        arguments = [self.parameters[min(i, last)].fit(value) for i, value in enumerate(given)]
        return None if any(value is _REFUSED for value in arguments) else arguments

    def in_order(self, named: Mapping[str, Any], also: bool) -> list[Any] | None:
        """Named arguments by place; None when a name is unknown or a needed one lacks. `also`:
        by the names that only Camunda has as well."""
        names = self.names
        if self.beyond and not also:
            return None
        aliases = {
            parameter.alias: parameter.name
            for parameter in self.parameters
            if also and parameter.alias in named
        }
        named = {aliases.get(name, name): value for name, value in named.items()}
        if any(name not in names for name in named):
            return None
        if any(name not in named for name in names[: self.needed]):
            return None
        last = max((i for i, name in enumerate(names) if name in named), default=-1)
        return [named.get(name) for name in names[: last + 1]]


@dataclass(frozen=True, slots=True, eq=False)
class BuiltIn:
    """A function every expression may call; its variants are tried in order."""

    name: str
    variants: list[Variant]
    #: asks for more than its arguments: the present time, the calendar, the settings
    live: bool = False

    def __call__(self, run: Run, *given: Any) -> Any:
        for variant in self.variants:
            if variant.takes(len(given)) and (run.world.strict or not variant.beyond):
                fitted = variant.fitted(given)
                if fitted is not None:
                    return _called(run, variant, fitted)
        return None

    def with_names(self, run: Run, named: Mapping[str, Any]) -> Any:
        # after(range: …, point: …) and after(point: …, range: …) differ in nothing but the order.
        written = tuple(named)
        for variant in sorted(
            self.variants, key=lambda variant: variant.names[: len(written)] != written
        ):
            given = variant.in_order(named, run.world.strict)
            fitted = None if given is None else variant.fitted(given)
            if fitted is not None:
                return _called(run, variant, fitted)
        return None


def _called(run: Run, variant: Variant, fitted: list[Any]) -> Any:
    """Calls, and counts the lists and texts that go in, and the value that comes out, as work."""
    for value in fitted:
        if type(value) is list:
            run.step(len(value) >> 2)
        elif type(value) is str:
            run.step(len(value) >> 8)
    return run.sized(variant.call(run, *fitted))


BUILT_INS: dict[str, BuiltIn] = {}
#: functions that Camunda's modeler offers and that are refused here: name, and why in a sentence
REFUSED: dict[str, str] = {}


def _parameter(text: str) -> tuple[Parameter, bool, bool]:
    name, _, wanted = (part.strip() for part in text.partition(":"))
    optional, rest = name.endswith("?"), name.endswith("…")
    wanted, _, nullable = wanted.partition("|")
    kinds = None if wanted == "any" else _GROUPS.get(wanted, frozenset({wanted}))
    name, _, alias = name.rstrip("?…").partition("/")
    return Parameter(name, kinds, bool(nullable), alias or None), optional, rest


def built_in(
    name: str, signature: str = "", live: bool = False, beyond: bool = False
) -> Callable[[Implementation], Implementation]:
    """Registers one variant of a built-in; the function gets the `Run`, then the arguments."""
    parts = [_parameter(part) for part in signature.split(",") if part.strip()]
    parameters = tuple(parameter for parameter, _, _ in parts)
    needed = sum(1 for _, optional, rest in parts if not optional and not rest)
    rest = any(rest for _, _, rest in parts)

    def register(call: Implementation) -> Implementation:
        variant = Variant(parameters, needed, rest, call, beyond)
        BUILT_INS.setdefault(name, BuiltIn(name, [], live)).variants.append(variant)
        return call

    return register
