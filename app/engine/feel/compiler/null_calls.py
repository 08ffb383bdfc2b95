"""Tells of a call of a built-in function why it can only ever give null, whatever it is given.

Its number or kinds of arguments, their names, or its pattern. Which parts are looked at: `nulls`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.engine import saying
from app.engine.feel import patterns
from app.engine.feel.scope import BUILT_INS, Variant
from app.engine.feel.syntax import nodes

UNWRITTEN = object()
#: functions whose second argument is a pattern, and how each reads it
_PATTERNS: dict[str, Callable[[str, str], Any]] = {
    "matches": patterns.compiled, "extract": patterns.compiled,
    "replace": patterns.separator, "split": patterns.separator,
}  # fmt: skip
#: where the flags stand
_FLAGS = {"matches": 2, "replace": 3}


def written(node: nodes.Node) -> Any:
    """The value that a part is written as; `UNWRITTEN` where it is worked out."""
    return node.value if isinstance(node, nodes.Literal | nodes.Constant) else UNWRITTEN


def why_null(node: nodes.Call) -> str | None:
    """Why a call of a built-in can only ever give null; None where it can give more."""
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


def unread(node: nodes.Call) -> str:
    """What a call that is null for the values written in it says of itself."""
    values = [written(argument) for argument in node.arguments]
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
    values = [written(argument) for argument in node.arguments]
    if node.names is None:
        return values
    named = dict(zip(node.names, values, strict=True))
    aliases = {
        parameter.alias: parameter.name for parameter in variant.parameters if parameter.alias
    }
    named = {aliases.get(name, name): value for name, value in named.items()}
    return [named.get(name, UNWRITTEN) for name in variant.names]


def _fits(variant: Variant, node: nodes.Call) -> bool:
    """Whether the arguments that are written out are of the kinds of a signature."""
    last = len(variant.parameters) - 1
    return all(
        value is UNWRITTEN or variant.parameters[min(place, last)].takes(value)
        for place, value in enumerate(_given(variant, node))
    )


def _argument(node: nodes.Call, place: int, *names: str) -> Any:
    """The value of an argument by its place or name; None where it is not given."""
    if node.names is None:
        return written(node.arguments[place]) if place < len(node.arguments) else None
    given = zip(node.names, node.arguments, strict=True)
    return next((written(argument) for name, argument in given if name in names), None)


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
