"""Owns the order of a graph of requirements: what is required first, and which go in circles.

Each node and each requirement is looked at once (Tarjan 1972), and nothing is recursive: a file may
hold chains of thousands of decisions.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import Generic, TypeVar

Node = TypeVar("Node", bound=Hashable)
Required = Callable[[Node], Iterable[Node]]


def in_groups(nodes: Iterable[Node], required: Required[Node]) -> list[list[Node]]:
    """All nodes in groups that reach one another, each group after those it requires.

    A group of several is a circle; a group of one is a circle where it requires itself.
    """
    walk = _Walk(required)
    for node in nodes:
        if node not in walk.number:
            walk.from_here(node)
    return walk.groups


class _Walk(Generic[Node]):
    def __init__(self, required: Required[Node]) -> None:
        self.required = required
        self.groups: list[list[Node]] = []
        self.number: dict[Node, int] = {}
        self._lowest: dict[Node, int] = {}
        self._open: list[Node] = []
        self._is_open: set[Node] = set()

    def from_here(self, start: Node) -> None:
        path: list[tuple[Node, Iterator[Node]]] = [self._enter(start)]
        while path:
            node, rest = path[-1]
            following = next(rest, None)
            if following is None:
                path.pop()
                self._leave(node)
                if path:
                    self._lower(path[-1][0], self._lowest[node])
            elif following not in self.number:
                path.append(self._enter(following))
            elif following in self._is_open:
                self._lower(node, self.number[following])

    def _enter(self, node: Node) -> tuple[Node, Iterator[Node]]:
        self.number[node] = self._lowest[node] = len(self.number)
        self._open.append(node)
        self._is_open.add(node)
        return node, iter(self.required(node))

    def _lower(self, node: Node, number: int) -> None:
        self._lowest[node] = min(self._lowest[node], number)

    def _leave(self, node: Node) -> None:
        if self._lowest[node] != self.number[node]:
            return
        group = [self._open.pop()]
        while group[-1] != node:
            group.append(self._open.pop())
        self._is_open.difference_update(group)
        self.groups.append(group[::-1])
