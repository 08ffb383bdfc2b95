"""Which names an expression takes from its scope, found without running it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from app.engine.feel.syntax import nodes


def _parts(value: Any) -> Iterator[nodes.Node]:
    if isinstance(value, nodes.Node):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _parts(item)


def below(node: nodes.Node) -> Iterator[nodes.Node]:
    for field in fields(node):
        yield from _parts(getattr(node, field.name))


def mentions(node: nodes.Node, name: str) -> bool:
    """Whether a name stands anywhere in a node."""
    if isinstance(node, nodes.Name) and node.name == name:
        return True
    return any(mentions(part, name) for part in below(node))


def free(node: nodes.Node, bound: frozenset[str] = frozenset()) -> Iterator[tuple[str, bool]]:
    """(name, certain) of each name that is looked up outside the expression.

    Not certain: a name inside a filter, which may be an entry of the items instead, and one that
    `is defined(…)` or `get or else(…, …)` asks about.
    """
    if isinstance(node, nodes.Name):
        if node.name not in bound:
            yield node.name, True
    elif isinstance(node, nodes.For | nodes.Quantified):
        yield from _free_loop(node, bound)
    elif isinstance(node, nodes.FunctionOf):
        if node.body is not None:
            yield from free(node.body, bound | set(node.parameters))
    elif isinstance(node, nodes.ContextOf):
        for name, value in node.entries:
            yield from free(value, bound)
            bound = bound | {name}
    elif isinstance(node, nodes.Filter):
        yield from free(node.of, bound)
        inside = free(node.condition, bound | {"item"})
        yield from ((name, False) for name, _ in inside)
    elif isinstance(node, nodes.Call):
        yield from _free_call(node, bound)
    else:
        for part in below(node):
            yield from free(part, bound)


def _free_loop(
    node: nodes.For | nodes.Quantified, bound: frozenset[str]
) -> Iterator[tuple[str, bool]]:
    for name, domain in node.iterators:
        yield from free(domain, bound)
        bound = bound | {name}
    body = node.body if isinstance(node, nodes.For) else node.condition
    yield from free(body, bound | {"partial"} if isinstance(node, nodes.For) else bound)


def _free_call(node: nodes.Call, bound: frozenset[str]) -> Iterator[tuple[str, bool]]:
    """The name of a called function is no variable; `Expression.calls` has it."""
    if node.function_name is None:
        yield from free(node.function, bound)
    perhaps = node.function_name in ("is defined", "get or else")
    names = node.names or ("value",)
    for place, argument in enumerate(node.arguments):
        asked = perhaps and place < len(names) and names[place] == "value"
        root = path_root(argument) if asked else None
        for name, sure in free(argument, bound):
            yield name, sure and (root is None or root.name != name)


def path_root(node: nodes.Node) -> nodes.Name | None:
    """The name that a path begins with (`a` of `a.b[1].c`); None for anything else."""
    while isinstance(node, nodes.Path | nodes.Filter):
        node = node.of
    return node if isinstance(node, nodes.Name) else None


def calls(node: nodes.Node) -> Iterator[str]:
    """Names of all functions called by name."""
    if isinstance(node, nodes.Call) and node.function_name is not None:
        yield node.function_name
    for part in below(node):
        yield from calls(part)


def self_compared(node: nodes.Node, bound: frozenset[str] | None = None) -> Iterator[str]:
    """Names `x` in a filter's `item.x = x`: the second is the item's own too, so nothing is asked.

    Not where a loop inside of the filter gives `x`. `bound`: such names; None: in no filter.
    """
    if isinstance(node, nodes.Filter):
        yield from self_compared(node.of, bound)
        yield from self_compared(node.condition, frozenset())
        return
    if isinstance(node, nodes.For | nodes.Quantified) and bound is not None:
        bound = bound | {name for name, _ in node.iterators}
    if isinstance(node, nodes.FunctionOf) and bound is not None:
        bound = bound | set(node.parameters)
    if isinstance(node, nodes.Compare) and bound is not None and node.operator in ("=", "!="):
        for own, other in ((node.left, node.right), (node.right, node.left)):
            if _of_item(own) and isinstance(other, nodes.Name) and other.name not in bound:
                yield from [other.name] if other.name == getattr(own, "name", "") else []
    for part in below(node):
        yield from self_compared(part, bound)


def _of_item(node: nodes.Node) -> bool:
    """item.x"""
    return isinstance(node, nodes.Path) and node.of == nodes.Name(node.of.at, "item")
