"""Owns what the cells of a decision table compare with, found without running the table.

A cell of another kind (`list contains(?, "n1")`, `> limit`) cannot be judged before a case asks it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from app.engine.errors import Fault
from app.engine.feel import Env, Range, Run, World, compiled, settled
from app.engine.feel.syntax import mentions, nodes

_PLAIN_SIGNS = ("=", "!=")


class Unknown(Exception):
    """It takes a case to say what stands there."""


def constant(node: nodes.Node) -> Any:
    """The value of an expression that is the same in every case; `Unknown` for any other."""
    try:
        return settled(compiled(node)(Env({}, None, Run(World()))))
    except (Fault, RecursionError, ArithmeticError):
        raise Unknown from None


def compared(node: nodes.Node) -> list[Any]:
    """The single values a unary test compares with: literals and the ends of intervals.

    Between two of them that follow each other the test is the same for all values. `Unknown` where
    it asks anything else.
    """
    if isinstance(node, nodes.UnaryTestsOf):
        return _all(node.tests)
    if isinstance(node, nodes.Test):
        return _ordered(node.operator, node.operand)
    if not mentions(node, "?"):
        return _singles(constant(node))
    return _asking(node)


def _asking(node: nodes.Node) -> list[Any]:
    if isinstance(node, nodes.Name):
        return []
    if isinstance(node, nodes.Junction):
        return _all(node.operands)
    if isinstance(node, nodes.In) and _is_value(node.value):
        return _all(node.tests)
    if isinstance(node, nodes.Between) and _is_value(node.value):
        return [*_ordered("<", node.low), *_ordered("<", node.high)]
    if isinstance(node, nodes.Compare):
        if _is_value(node.left):
            return _ordered(node.operator, node.right)
        if _is_value(node.right):
            return _ordered(node.operator, node.left)
    if isinstance(node, nodes.Call) and node.function_name == "not" and len(node.arguments) == 1:
        return compared(node.arguments[0])
    raise Unknown


def _all(tests: Iterable[nodes.Node]) -> list[Any]:
    return [value for test in tests for value in compared(test)]


def _is_value(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Name) and node.name == "?"


def _ordered(sign: str, operand: nodes.Node) -> list[Any]:
    if mentions(operand, "?"):
        raise Unknown
    value = constant(operand)
    if sign not in _PLAIN_SIGNS and isinstance(value, str):
        raise Unknown  # there is always a text between two others
    return _singles(value)


def _singles(value: Any) -> list[Any]:
    if value is None:
        return []
    if isinstance(value, Range):
        ends = [end for end in (value.start, value.end) if end is not None]
        if any(isinstance(end, str) for end in ends):
            raise Unknown
        return [single for end in ends for single in _singles(end)]
    if isinstance(value, list):
        if any(isinstance(member, list) for member in value):
            raise Unknown
        return [single for member in value for single in _singles(member)]
    if callable(value) or isinstance(value, dict):
        raise Unknown
    return [value]
