"""Owns what a DMN type says of a value: does it fit, may it be bent to (DMN 1.5 §10.3.2.9.4).

Names of types are read here; item definitions come from `reader`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time
from typing import Any, TypeAlias

from app.engine.dmn.model import ItemType, Model
from app.engine.dmn.wording import with_kind
from app.engine.feel import World, kind
from app.engine.london import LONDON

#: DMN 1.1's and the modelers' other names for FEEL's types
_ALIASES: Mapping[str, str] = {
    "integer": "number",
    "long": "number",
    "double": "number",
    "decimal": "number",
    "int": "number",
    "dateTime": "date and time",
    "dateAndTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "daysAndTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "yearsAndMonthsDuration": "years and months duration",
}
#: FEEL's names of kinds of single values
SCALAR = frozenset(
    {
        "number",
        "string",
        "boolean",
        "date",
        "time",
        "date and time",
        "days and time duration",
        "years and months duration",
    }
)
#: FEEL's names of kinds of values that a type may be
BASIC = SCALAR | {"list", "context", "function", "range"}
_MOST_NESTED = 60


#: whether a value is of the type of that name, in the model that names it
OfType: TypeAlias = Callable[[Any, str | None], bool]


def exact(world: World) -> bool:
    """Whether what has no result is a fault, as in a case, and not null as in the standard.

    A case must not decide on null in silence. Until meaning 2 some of it was null there too.
    """
    return world.strict and world.meaning >= 2


def counted(type_name: str | None) -> bool:
    """Whether a modeler's name for numbers means whole ones."""
    return (type_name or "").rpartition(":")[2] in ("integer", "int", "long")


class Misfit(Exception):
    """The value is not of its declared type; the text names the type."""

    def told(self, what: str, value: Any) -> str:
        return f"{what} is {with_kind(value)}, which is not of its type “{self}”."


def coerced(value: Any, type_name: str | None, model: Model, models: Types, world: World) -> Any:
    """The value as its declared type has it.

    A list of one becomes its item and an item a list of one where the type asks so; a date becomes
    midnight where it asks for a date and time: in London in a case, else in UTC (§10.3.2.3.5).
    Raises `Misfit` when it cannot be made to fit.
    """
    if value is None or not type_name:
        return value
    wanted = models.find(type_name, model)
    if wanted is None or fits(value, wanted, model, models, world):
        return value
    if isinstance(value, list):
        if len(value) == 1 and fits(value[0], wanted, model, models, world):
            return value[0]
    elif fits([value], wanted, model, models, world):
        return [value]
    if wanted == "date and time" and kind(value) == "date" and isinstance(value, date):
        return datetime.combine(value, time(), LONDON if exact(world) else UTC)
    raise Misfit(type_name)


def of_type(value: Any, type_name: str | None, model: Model, models: Types, world: World) -> bool:
    """Whether a value is of the type as it is; null and what has no known type always is."""
    wanted = models.find(type_name, model) if type_name else None
    return wanted is None or fits(value, wanted, model, models, world)


def fits(
    value: Any, wanted: str | ItemType, model: Model, models: Types, world: World, depth: int = 0
) -> bool:
    """Whether the value is of the type; null fits every type, as in FEEL."""
    if value is None or depth > _MOST_NESTED:
        return True
    if isinstance(wanted, str):
        return kind(value) == wanted
    if wanted.constraint is not None and wanted.constraint.matches(value, {}, world) is not True:
        return False
    if wanted.collection:
        return isinstance(value, list) and all(
            _fits_item(member, wanted, model, models, world, depth) for member in value
        )
    return _fits_item(value, wanted, model, models, world, depth)


def _fits_item(
    value: Any, wanted: ItemType, model: Model, models: Types, world: World, depth: int
) -> bool:
    if wanted.function:
        return kind(value) == "function"
    base = models.find(wanted.base, model) if wanted.base else None
    if base is not None and not fits(value, base, model, models, world, depth + 1):
        return False
    if wanted.components and not _fits_components(value, wanted, model, models, world, depth):
        return False
    if wanted.allowed is not None and value is not None:
        return wanted.allowed.matches(value, {}, world) is True
    return True


def _fits_components(
    value: Any, wanted: ItemType, model: Model, models: Types, world: World, depth: int
) -> bool:
    if value is None:
        return True
    return isinstance(value, Mapping) and all(
        name in value and fits(value[name], component, model, models, world, depth + 1)
        for name, component in wanted.components.items()
    )


def _as_feel(wanted: ItemType, prefix: str = "") -> str:
    """An item definition as FEEL writes types; its constraints have no place there."""
    if wanted.components:
        parts = (
            f"{name}: {_as_feel(component, prefix)}"
            for name, component in wanted.components.items()
        )
        text = f"context<{', '.join(parts)}>"
    else:
        base = (wanted.base or "Any").rpartition("}")[2].rpartition(":")[2]
        base = _ALIASES.get(base, base)
        text = base if base in BASIC or base == "Any" else prefix + base
    return f"list<{text}>" if wanted.collection else text


class Types:
    """Finds types by the names files use for them."""

    def __init__(self, models: Mapping[str, Model]) -> None:
        #: by namespace
        self._models = models
        self._texts: dict[str, Mapping[str, str]] = {}

    def texts(self, model: Model) -> Mapping[str, str]:
        """The types a model's expressions may name (`x instance of tAge`), as FEEL types."""
        texts = self._texts.get(model.file)
        if texts is None:
            texts = self._texts[model.file] = dict(self._named(model))
        return texts

    def _named(self, model: Model) -> Iterator[tuple[str, str]]:
        for alias, namespace in reversed(model.imports):
            imported = self._models.get(namespace)
            for name, wanted in imported.types.items() if imported is not None else ():
                prefix = f"{alias}." if alias else ""
                yield prefix + name, _as_feel(wanted, prefix)
        yield from ((name, _as_feel(wanted)) for name, wanted in model.types.items())

    def find(self, name: str, model: Model) -> str | ItemType | None:
        """A FEEL type's name, an item definition, or None where anything goes."""
        plain = name.rpartition("}")[2]
        if plain in model.types:
            return model.types[plain]
        prefix, _, inner = plain.rpartition(".")
        for alias, namespace in model.imports:
            imported = self._models.get(namespace) if alias == prefix else None
            if imported is not None and inner in imported.types:
                return imported.types[inner]
        plain = plain.rpartition(":")[2]
        plain = _ALIASES.get(plain, plain)
        return plain if plain in BASIC else None
