"""Finds what in an expression can only ever give null, whatever the names in it stand for.

In a case such a part would be an incident, or the wrong branch. The check says it at deployment.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any, NamedTuple

from app.engine import saying
from app.engine.errors import ExpressionFault
from app.engine.feel import patterns
from app.engine.feel.arithmetic import operands
from app.engine.feel.built_ins import BUILT_INS, Variant
from app.engine.feel.folding import folded
from app.engine.feel.logic import ORDERED
from app.engine.feel.syntax import below, fault, nodes, parse
from app.engine.feel.types import is_known
from app.engine.feel.values import kind

_UNKNOWN = object()
#: functions whose second argument is a pattern, and how each reads it
_PATTERNS: dict[str, Callable[[str, str], Any]] = {
    "matches": patterns.compiled, "extract": patterns.compiled,
    "replace": patterns.separator, "split": patterns.separator,
}  # fmt: skip
#: where the flags stand
_FLAGS = {"matches": 2, "replace": 3}
#: parts that are null because of what they are made of, not because somebody wrote null
_TELLING = (
    nodes.Negate, nodes.Arithmetic, nodes.Compare, nodes.Between, nodes.In, nodes.InstanceOf,
    nodes.RangeOf, nodes.Call,
)  # fmt: skip


class Empty(NamedTuple):
    """A part that only gives null: why, in a sentence, and where, counted from 1."""

    sentence: str
    line: int
    column: int


def only_null(source: str, names: Collection[str] = (), types: Collection[str] = ()) -> list[Empty]:
    """All parts of an expression that can only ever give null; none where it cannot be read.

    `types` are named types known beside the standard's; `names` as in `compile_expression`.
    """
    try:
        sentences = _Found(dict.fromkeys(types, "Any")).within(folded(parse(source, names)))
        placed = [(sentence, fault(source, at, sentence)) for sentence, at in sentences]
    except (ExpressionFault, RecursionError):
        return []
    return [Empty(sentence, place.line or 1, place.column or 1) for sentence, place in placed]


def _value(node: nodes.Node) -> Any:
    return node.value if isinstance(node, nodes.Literal | nodes.Constant) else _UNKNOWN


class _Found:
    def __init__(self, types: dict[str, str]) -> None:
        self.types = types

    def within(self, node: nodes.Node) -> Iterator[tuple[str, int]]:
        """The innermost parts first; a part is not told again because it holds one."""
        inner = list(self._below(node))
        yield from inner
        why = None if inner else self._why(node)
        if why is not None:
            yield why, node.at

    def _below(self, node: nodes.Node) -> Iterator[tuple[str, int]]:
        for part in below(node.of if isinstance(node, nodes.Constant) else node):
            yield from self.within(part)

    def _why(self, node: nodes.Node) -> str | None:
        if isinstance(node, nodes.Unreadable):
            return f'“@"{node.text}"” is no date, time or duration, so it is always null.'
        drawn = node.of if isinstance(node, nodes.Constant) else node
        if isinstance(drawn, nodes.Call):
            why = self._call(drawn)
        elif isinstance(drawn, nodes.InstanceOf):
            why = self._type(drawn)
        elif isinstance(drawn, nodes.Arithmetic):
            why = _arithmetic(drawn)
        elif isinstance(drawn, nodes.Compare | nodes.Between):
            why = _comparison(drawn)
        else:
            why = None
        always = isinstance(node, nodes.Constant) and node.value is None
        if why is not None or not always or not isinstance(drawn, _TELLING):
            return why
        if isinstance(drawn, nodes.Call):
            return _unread(drawn)
        return "The kinds of these values do not fit together, so this is always null."

    def _type(self, node: nodes.InstanceOf) -> str | None:
        if is_known(node.type, self.types):
            return None
        return (
            f"“{node.type}” is no type that is known here (a list is written “list<Any>”), so "
            "“instance of” is always null."
        )

    def _call(self, node: nodes.Call) -> str | None:
        name = node.function_name or ""
        built_in = BUILT_INS.get(name)
        if built_in is None:
            return None
        variants = [each for each in built_in.variants if _takes(each, node)]
        if not variants:
            return _misfit(name, node)
        why = _pattern(name, node)
        if why is not None:
            return f"{why}. So {name}() is always null."
        if not any(_fits(each, node) for each in variants):
            return f"{name}() does not take values of these kinds, so it is always null."
        return None


def _takes(variant: Variant, node: nodes.Call) -> bool:
    """Whether the number of the arguments, or their names, are those of a signature."""
    if node.names is None:
        return variant.takes(len(node.arguments))
    return variant.in_order(dict.fromkeys(node.names), also=True) is not None


def _unread(node: nodes.Call) -> str:
    """What a call that is null for the values written in it says of itself."""
    values = [_value(argument) for argument in node.arguments]
    texts = [value for value in values if isinstance(value, str)]
    if texts and len(texts) == len(values):
        given = "”, “".join(texts)
        return f"{node.function_name}() cannot read “{given}”, so it is always null."
    return f"{node.function_name}() is always null for these values."


def _misfit(name: str, node: nodes.Call) -> str:
    if node.names is None:
        count = len(node.arguments)
        number = saying.count(count, "value") if count else "no value"
        return f"{name}() cannot be called with {number}, so it is always null."
    given = "”, “".join(node.names)
    return f"{name}() has no arguments “{given}” that belong together, so it is always null."


def _given(variant: Variant, node: nodes.Call) -> list[Any]:
    values = [_value(argument) for argument in node.arguments]
    if node.names is None:
        return values
    named = dict(zip(node.names, values, strict=True))
    aliases = {
        parameter.alias: parameter.name for parameter in variant.parameters if parameter.alias
    }
    named = {aliases.get(name, name): value for name, value in named.items()}
    return [named.get(name, _UNKNOWN) for name in variant.names]


def _fits(variant: Variant, node: nodes.Call) -> bool:
    """Whether the arguments that are written out are of the kinds of a signature."""
    last = len(variant.parameters) - 1
    return all(
        value is _UNKNOWN or variant.parameters[min(place, last)].takes(value)
        for place, value in enumerate(_given(variant, node))
    )


def _argument(node: nodes.Call, place: int, *names: str) -> Any:
    """The value of an argument by its place or name; None where it is not given."""
    if node.names is None:
        return _value(node.arguments[place]) if place < len(node.arguments) else None
    given = zip(node.names, node.arguments, strict=True)
    return next((_value(argument) for name, argument in given if name in names), None)


def _pattern(name: str, node: nodes.Call) -> str | None:
    """Why the pattern of a call is none; None where it is one, or not written out."""
    read = _PATTERNS.get(name)
    if read is None:
        return None
    pattern = _argument(node, 1, "pattern", "delimiter")
    flags = _argument(node, _FLAGS[name], "flags") if name in _FLAGS else None
    if not isinstance(pattern, str) or not isinstance(flags, str | None):
        return None
    try:
        read(pattern, flags or "")
    except patterns.NoPattern as error:
        return f"The pattern “{pattern}” cannot be used: {error}"
    replacement = _argument(node, 2, "replacement") if name == "replace" else None
    if isinstance(replacement, str) and not patterns.is_replacement(replacement):
        return f"In the replacement “{replacement}” write “$” as “\\$” and “\\” as “\\\\”"
    return None


def _arithmetic(node: nodes.Arithmetic) -> str | None:
    """A value that no arithmetic takes where it stands, or a division by nothing."""
    sides = [("left", node.rest[0][0], _value(node.first))]
    sides += [("right", sign, _value(operand)) for sign, operand in node.rest]
    for side, sign, value in sides:
        if value is _UNKNOWN:
            continue
        if kind(value) not in operands(sign, side):
            return f"“{sign}” cannot work with {_spoken(value)}, so this is always null."
        if sign == "/" and side == "right" and kind(value) == "number" and value == 0:
            return "Nothing can be divided by 0, so this is always null."
    return None


def _comparison(node: nodes.Compare | nodes.Between) -> str | None:
    if isinstance(node, nodes.Between):
        values = [_value(part) for part in (node.value, node.low, node.high)]
        kinds = {kind(value) for value in values if value is not _UNKNOWN}
    else:
        values = [_value(node.left), _value(node.right)]
        kinds = {kind(value) for value in values if value is not _UNKNOWN}
        if node.operator in ("=", "!="):
            apart = len(kinds) == 2 and "null" not in kinds
            return (
                "Values of different kinds are compared, so this is always null." if apart else None
            )
    unordered = sorted(name for name in kinds if name not in ORDERED)
    if unordered:
        what = "Null" if unordered[0] == "null" else f"A {unordered[0]}"
        return f"{what} has no order, so comparing it is always null."
    if len(kinds) > 1:
        return "Values of different kinds are compared, so this is always null."
    return None


def _spoken(value: Any) -> str:
    return "null" if value is None else f"a {kind(value)}"
