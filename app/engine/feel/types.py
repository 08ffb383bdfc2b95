"""FEEL types by name: reads `list<number>`, says whether a value is of a type, and coerces.

DMN 1.3 §10.3.2.9: conformance, and the conversions a declared type brings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, tzinfo
from functools import lru_cache
from typing import Any

from app.engine.errors import ExpressionFault
from app.engine.feel.syntax import Token, tokens
from app.engine.feel.values import Function, Range, kind, temporal

_SIMPLE = {
    "number", "string", "boolean", "date", "time", "date and time",
    "days and time duration", "years and months duration",
}  # fmt: skip
#: other writings of the same types, from XML schema and older models
_ALSO = {
    "any": "Any",
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "days and time": "days and time duration",
    "null": "Null",
}
_NONE: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class FeelType:
    """`name` is a simple type, "Any", "Null", "list", "context", "function", "range" or unknown."""

    name: str
    #: list<T>, range<T>: T; function<…>: the types of its parameters
    of: tuple[FeelType, ...] = ()
    entries: tuple[tuple[str, FeelType], ...] | None = None
    result: FeelType | None = None


ANY = FeelType("Any")


@lru_cache(maxsize=1024)
def parse(text: str) -> FeelType:
    """A type from its text; "list of number" is read too. ExpressionFault where it is none."""
    if text.strip().startswith("list of "):
        return FeelType("list", (parse(text.strip()[8:]),))
    reader = _Reader(tokens(text))
    feel_type = reader.type()
    if reader.now.kind != "end":
        raise ExpressionFault(f"“{text}” is not a type.")
    return feel_type


class _Reader:
    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.place = 0

    @property
    def now(self) -> Token:
        return self.tokens[self.place]

    def skip(self, text: str) -> bool:
        if self.now.text != text:
            return False
        self.place += 1
        return True

    def words(self) -> str:
        words: list[str] = []
        while self.now.kind in ("word", "number", "name") or (words and self.now.text == "."):
            words.append(self.now.text.strip("`"))
            self.place += 1
        return " ".join(words).replace(" . ", ".")

    def type(self) -> FeelType:
        name = self.words()
        if not name:
            raise ExpressionFault("A type is missing here.")
        name = _ALSO.get(name, name)
        of: list[FeelType] = []
        entries: list[tuple[str, FeelType]] | None = None
        if self.skip("<"):
            while not self.skip(">"):
                if name == "context":
                    entries = [*(entries or []), self._entry()]
                else:
                    of.append(self.type())
                if not self.skip(",") and self.now.text != ">":
                    raise ExpressionFault("“>” is missing in this type.")
        result = self.type() if self.skip("->") else None
        return FeelType(name, tuple(of), None if entries is None else tuple(entries), result)

    def _entry(self) -> tuple[str, FeelType]:
        name = self.words()
        if not self.skip(":"):
            raise ExpressionFault("“:” is missing after an entry of this type.")
        return name, self.type()


def is_known(text: str, named: Mapping[str, str] = _NONE) -> bool:
    """Whether a type and all within it are among the standard's or `named`, and none is a bare
    `list`, `context`, `range` or `function`, of which nothing is an instance."""
    try:
        return _is_known(parse(text), named, outermost=True)
    except ExpressionFault:
        return False


def _is_known(feel_type: FeelType, named: Mapping[str, str], outermost: bool = False) -> bool:
    bare = not feel_type.of and feel_type.entries is None and feel_type.result is None
    if feel_type.name in _COMPOUND and bare:
        return not outermost
    simple = (
        feel_type.name in _SIMPLE
        or feel_type.name in ("Any", "Null")
        or feel_type.name in _COMPOUND
    )
    inner = (
        *feel_type.of,
        *(t for _, t in feel_type.entries or ()),
        *([feel_type.result] if feel_type.result else ()),
    )
    return (simple or feel_type.name in named) and all(_is_known(each, named) for each in inner)


def conforms(value: Any, wanted: FeelType, named: Mapping[str, str] = _NONE) -> bool | None:
    """Whether a value is of a type. Null is of no type but Null; None where a type is unknown."""
    what = kind(value)
    if wanted.name == "Any":
        return what != "null"
    if wanted.name == "Null":
        return what == "null"
    if wanted.name in _SIMPLE:
        return what == wanted.name
    check = _COMPOUND.get(wanted.name)
    if check is not None:
        return what == wanted.name and check(value, wanted, named)
    other = named.get(wanted.name)
    return None if other is None else conforms(value, parse(other), without(named, wanted.name))


def without(named: Mapping[str, str], name: str) -> Mapping[str, str]:
    """A named type is not looked up within itself, so that none can go round for ever."""
    return {key: text for key, text in named.items() if key != name}


def _every(truths: list[bool | None]) -> bool | None:
    return False if False in truths else None if None in truths else True


def _list(value: Any, wanted: FeelType, named: Mapping[str, str]) -> bool | None:
    if not wanted.of or wanted.of[0].name == "Any":
        return True
    return _every([conforms(item, wanted.of[0], named) for item in value])


def _context(value: Any, wanted: FeelType, named: Mapping[str, str]) -> bool | None:
    truths: list[bool | None] = []
    for name, inner in wanted.entries or ():
        if name not in value:
            return False
        truths.append(value[name] is None or conforms(value[name], inner, named))
    return _every(truths)


def _range(value: Range, wanted: FeelType, named: Mapping[str, str]) -> bool | None:
    if not wanted.of:
        return True
    ends = [end for end in (value.start, value.end) if end is not None]
    return _every([conforms(end, wanted.of[0], named) for end in ends])


def _function(value: Any, wanted: FeelType, named: Mapping[str, str]) -> bool | None:
    if wanted.result is None and not wanted.of:
        return True
    if not isinstance(value, Function):
        return any(variant.takes(len(wanted.of)) for variant in value.variants)
    if len(value.parameters) != len(wanted.of):
        return False
    declared = value.types or (None,) * len(wanted.of)
    pairs = zip(declared, wanted.of, strict=True)
    return all(have is None or wide.name == "Any" or parse(have) == wide for have, wide in pairs)


_COMPOUND: dict[str, Any] = {
    "list": _list,
    "context": _context,
    "range": _range,
    "function": _function,
}


def coerce(
    value: Any, wanted: FeelType, named: Mapping[str, str] = _NONE, zone: tzinfo = UTC
) -> Any:
    """The value as that type: itself, the only item of a list, a list of it, or null. A date
    becomes midnight in `zone` where a date and time is wanted (UTC: DMN 1.5 §10.3.2.9.4)."""
    if value is None or wanted.name == "Any" or fits(value, wanted, named):
        return value
    if isinstance(value, list) and len(value) == 1 and wanted.name != "list":
        return coerce(value[0], wanted, named, zone)
    if wanted.name == "list" and not isinstance(value, list) and fits([value], wanted, named):
        return [value]
    if wanted.name == "date and time" and kind(value) == "date":
        return temporal.midnight(value, zone)
    other = named.get(wanted.name)
    if other is None:
        return None
    return coerce(value, parse(other), without(named, wanted.name), zone)


def fits(value: Any, wanted: FeelType, named: Mapping[str, str] = _NONE) -> bool:
    """As `conforms`, with null allowed inside lists, as declared types allow it."""
    if wanted.name == "list" and isinstance(value, list) and wanted.of:
        inner = wanted.of[0]
        return all(x is None or inner.name == "Any" or fits(x, inner, named) for x in value)
    return conforms(value, wanted, named) is True


def conforms_named(value: Any, text: str, named: Mapping[str, str] = _NONE) -> bool | None:
    """`value instance of text`; null for `list` and its like without what they are of."""
    wanted = parse(text)
    bare = not wanted.of and wanted.entries is None and wanted.result is None
    return None if bare and wanted.name in _COMPOUND else conforms(value, wanted, named)


def coerce_named(
    value: Any, text: str, named: Mapping[str, str] = _NONE, zone: tzinfo = UTC
) -> Any:
    return coerce(value, parse(text), named, zone)
