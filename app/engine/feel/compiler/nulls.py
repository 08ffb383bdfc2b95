"""Finds what in an expression can only ever give null, whatever the names in it stand for.

In a case such a part would be an incident, or the wrong branch. The check says it at deployment.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from app.engine.errors import ExpressionFault
from app.engine.feel.compiler.folding import folded
from app.engine.feel.compiler.null_calls import UNWRITTEN, unread, why_null, written
from app.engine.feel.syntax import below, fault, nodes, parse
from app.engine.feel.types import is_known
from app.engine.feel.values import ORDERED, kind, operands

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
            why = why_null(drawn)
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
            return unread(drawn)
        return "The kinds of these values do not fit together, so this is always null."

    def _type(self, node: nodes.InstanceOf) -> str | None:
        if is_known(node.type, self.types):
            return None
        return (
            f"“{node.type}” is no type that is known here (a list is written “list<Any>”), so "
            "“instance of” is always null."
        )


def _arithmetic(node: nodes.Arithmetic) -> str | None:
    """A value that no arithmetic takes where it stands, or a division by nothing."""
    sides = [("left", node.rest[0][0], written(node.first))]
    sides += [("right", sign, written(operand)) for sign, operand in node.rest]
    for side, sign, value in sides:
        if value is UNWRITTEN:
            continue
        if kind(value) not in operands(sign, side):
            return f"“{sign}” cannot work with {_spoken(value)}, so this is always null."
        if sign == "/" and side == "right" and kind(value) == "number" and value == 0:
            return "Nothing can be divided by 0, so this is always null."
    return None


def _comparison(node: nodes.Compare | nodes.Between) -> str | None:
    if isinstance(node, nodes.Between):
        values = [written(part) for part in (node.value, node.low, node.high)]
        kinds = {kind(value) for value in values if value is not UNWRITTEN}
    else:
        values = [written(node.left), written(node.right)]
        kinds = {kind(value) for value in values if value is not UNWRITTEN}
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
