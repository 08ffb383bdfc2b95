"""What a JSON object of the API is: its schema, how an answer is made of a row, how one is read.

One declaration says all three, so they cannot part. The objects themselves are `bodies`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

Schema = dict[str, Any]
Body = dict[str, Any]
#: where the value of a member comes from: a path of attributes, or a function of the row
Source = str | Callable[[Any], Any]


def _same(value: Any) -> Any:
    return value


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of value: its JSON Schema (2020-12), and how a value of ours becomes it."""

    schema: Schema
    said: Callable[[Any], Any] = _same
    source: Source | None = None
    #: the object that it is, or is a list of
    part: Shape | None = None

    def __call__(self, description: str) -> Kind:
        return replace(self, schema={**self.schema, "description": description})

    def of(self, source: Source) -> Kind:
        return replace(self, source=source)


def maybe(kind: Kind) -> Kind:
    """The same or null."""
    schema = {**kind.schema, "type": [kind.schema["type"], "null"]}
    return replace(
        kind, schema=schema, said=lambda value: None if value is None else kind.said(value)
    )


def one_of(*values: str | int | None) -> Kind:
    return Kind({"enum": [*values]})


def listed(item: Kind | Shape) -> Kind:
    part = item if isinstance(item, Shape) else item.part
    inner = item.ref if isinstance(item, Shape) else item.schema
    schema = {"type": "array", "items": inner}
    return Kind(schema, lambda rows: [item.said(row) for row in rows], part=part)


def instant(at: datetime) -> str:
    """UTC with “Z”."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _day(day: date) -> str:
    return day.isoformat()


TEXT = Kind({"type": "string"})
TRUTH = Kind({"type": "boolean"})
COUNT = Kind({"type": "integer", "minimum": 0})
NUMBER = Kind({"type": "number", "minimum": 0})
#: what the process and the forms hold, in their own shapes
FREE = Kind({"type": "object", "additionalProperties": True})
DAY = Kind({"type": "string", "format": "date"}, _day)
INSTANT = Kind({"type": "string", "format": "date-time", "description": "UTC"}, instant)
MAYBE_TEXT, MAYBE_COUNT, MAYBE_NUMBER = maybe(TEXT), maybe(COUNT), maybe(NUMBER)
MAYBE_INSTANT = maybe(INSTANT)


@dataclass(frozen=True, eq=False)
class Shape:
    """A JSON object with exactly these members, in an answer or in the body of a request."""

    name: str
    members: Mapping[str, Kind]
    #: those that must be there
    needed: tuple[str, ...]
    description: str = ""

    @property
    def ref(self) -> Schema:
        return {"$ref": f"#/components/schemas/{self.name}"}

    @property
    def schema(self) -> Schema:
        schema: Schema = {"type": "object", "description": self.description} | {
            "properties": {name: kind.schema for name, kind in self.members.items()},
            "required": sorted(self.needed),
            "additionalProperties": False,
        }
        return {key: part for key, part in schema.items() if part not in ("", [])}

    def said(self, row: Any = None, **values: Any) -> Body:
        """The object for a row of ours; `values`: members that the row does not know."""
        return {
            name: kind.said(values[name] if name in values else _taken(row, kind.source or name))
            for name, kind in self.members.items()
        }

    def kind(self) -> Kind:
        """As the value of a member, written out where it stands."""
        return Kind(self.schema, self.said)

    def parts(self) -> Iterator[Shape]:
        """Itself and every object that stands in it by its name."""
        yield self
        for kind in self.members.values():
            if kind.part is not None and kind.part is not self:
                yield from kind.part.parts()


def _taken(row: Any, source: Source) -> Any:
    """Null wherever the path leads to nothing."""
    if callable(source):
        return source(row)
    for name in source.split("."):
        row = None if row is None else getattr(row, name)
    return row


def shape(name: str, /, **members: Kind) -> Shape:
    return Shape(name, members, tuple(members))


def within(owner: str, **members: Kind) -> dict[str, Kind]:
    """Members that stand in a part of the row."""
    return {
        name: kind.of(f"{owner}.{kind.source or name}") if not callable(kind.source) else kind
        for name, kind in members.items()
    }


def several(name: str, item: Shape, **more: Kind) -> Shape:
    """`items`, and what is said of all of them."""
    return shape(name, items=listed(item), **more)


def paged(name: str, item: Shape) -> Shape:
    return several(name, item, page=COUNT, size=COUNT, total=COUNT)
