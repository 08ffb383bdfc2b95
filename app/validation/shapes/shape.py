"""Owns what is known of a value before anybody gives it: its keys, its rows, the texts it can be.

Made from forms, settings and literals. Which expressions ask for something else is `lookups`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from app.engine import nearest
from app.engine.forms import Field, level

#: more texts than a person would read; beyond it nothing is known
MOST_TEXTS = 500
#: characters of a text put together; a longer one is no choice, and texts of texts grow without end
LONGEST_TEXT = 1_000


@dataclass(frozen=True, slots=True)
class Texts:
    """One of these texts, or null."""

    values: frozenset[str]
    #: a setting, which says something else in another installation
    set_so: bool = False


@dataclass(frozen=True, slots=True)
class Several:
    """A list, each item of this shape."""

    of: Shape


@dataclass(frozen=True, slots=True)
class Record:
    """A context with these keys and no other."""

    #: what sentences call it
    name: str
    keys: Mapping[str, Shape]
    #: what its keys are: "step" (in `records`), "question", "setting", "entry" or "fact"
    holds: str = "question"
    #: keys that stand for others: name → documented name
    renamed: Mapping[str, str] = field(default_factory=dict)
    #: names that several have: name → the sentence that says how to name one of them
    unclear: Mapping[str, str] = field(default_factory=dict)

    def nearest(self, name: str) -> str:
        """“ Did you mean …?” with the documented form of the nearest key, or nothing."""
        near = nearest(name, sorted(self.keys))
        return f" Did you mean “{self.renamed.get(near, near)}”?" if near else ""


#: None: nothing is known
Shape = Texts | Several | Record | None
#: null, and nothing else
NOTHING = Texts(frozenset())
#: gives the shape of an option list from its FEEL source
Options = Callable[[str], Shape]


def merged(shape: Shape, other: Shape) -> Shape:
    """What is either the one or the other."""
    if shape == NOTHING:
        return other
    if other == NOTHING or shape == other:
        return shape
    if isinstance(shape, Texts) and isinstance(other, Texts):
        return texts(shape.values | other.values, set_so=shape.set_so or other.set_so)
    if isinstance(shape, Several) and isinstance(other, Several):
        return Several(merged(shape.of, other.of))
    if isinstance(shape, Record) and isinstance(other, Record):
        keys = {
            key: merged(shape.keys.get(key, NOTHING), other.keys.get(key, NOTHING))
            for key in (*shape.keys, *other.keys)
        }
        renamed = {**shape.renamed, **other.renamed}
        return Record(shape.name, keys, shape.holds, renamed, {**shape.unclear, **other.unclear})
    return None


def without_texts(shape: Shape) -> Shape:
    """The same keys, with no word about the texts that may stand there."""
    if isinstance(shape, Several):
        return Several(without_texts(shape.of))
    if isinstance(shape, Record):
        return replace(shape, keys={k: without_texts(v) for k, v in shape.keys.items()})
    return None


def all_merged(shapes: Iterable[Shape]) -> Shape:
    whole: Shape = NOTHING
    for shape in shapes:
        whole = merged(whole, shape)
        if whole is None:
            return None
    return whole


def texts(values: Iterable[str], *, set_so: bool = False) -> Shape:
    distinct = frozenset(values)
    return Texts(distinct, set_so) if len(distinct) <= MOST_TEXTS else None


def item_of(shape: Shape) -> Shape:
    """The shape of each item; FEEL takes what is no list as a list of one."""
    return shape.of if isinstance(shape, Several) else shape


def of_json(name: str, value: Any) -> Shape:
    """The shape of a setting."""
    if value is None:
        return NOTHING
    if isinstance(value, str):
        return Texts(frozenset({value}), set_so=True)
    if isinstance(value, list):
        return Several(all_merged(of_json(name, entry) for entry in value))
    if isinstance(value, dict):
        keys = {str(key): of_json(str(key), entry) for key, entry in value.items()}
        return Record(name, keys, "entry")
    return None


def of_form(name: str, fields: Iterable[Field], options: Options) -> Record:
    """The answers of a form, or of one row of a list in it."""
    return Record(name, {field.key: _of_field(field, options) for field in level(fields)})


def _of_field(field: Field, options: Options) -> Shape:
    if field.kind == "group":
        return of_form(field.key, field.fields, options)
    if field.kind == "dynamiclist":
        return Several(of_form(field.key, field.fields, options))
    if field.kind == "filepicker":
        return Several(Record(field.key, dict.fromkeys(("name", "size", "kind", "digest"))))
    if field.kind not in ("radio", "select", "checklist"):
        return None
    if field.options_expression is None:
        chosen: Shape = Texts(frozenset(option.value for option in field.options))
    else:
        chosen = _chosen(item_of(options(field.options_expression)))
    return Several(chosen) if field.kind == "checklist" else chosen


def _chosen(row: Shape) -> Shape:
    """What choosing an option gives: its value, or the text that it is."""
    value = row.keys.get("value") if isinstance(row, Record) else row
    return Texts(value.values) if isinstance(value, Texts) and value.values else None
