"""Owns walking over a process: what follows what, what is reached, where the circles are.

Judging the ways is left to the rule modules `structure` and `loops`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from app.engine.bpmn import SCOPES, Element, local
from app.validation.lint.view import View

#: a token rests here until somebody or something outside moves it
WAITS = frozenset({"userTask", "receiveTask", "intermediateCatchEvent", "eventBasedGateway"})
DECIDES = frozenset({"exclusiveGateway", "inclusiveGateway", "complexGateway"})


def _link_targets(view: View) -> dict[tuple[str | None, str], str]:
    return {
        (event.scope, node.get("name") or ""): event.id
        for event in view.of("intermediateCatchEvent")
        for node in view.definitions(event.id)
        if local(node) == "linkEventDefinition"
    }


def following(view: View) -> Callable[[str], list[str]]:
    """The steps that a token may reach next: by flow, link or an event on the border."""
    links = _link_targets(view)

    def after(id: str) -> list[str]:
        element = view.elements[id]
        targets = [flow.target for flow in view.out(id) if flow.target in view.elements]
        targets += [event.id for event in view.boundary(id)]
        if element.kind == "intermediateThrowEvent":
            names = [n.get("name") or "" for n in view.definitions(id)]
            targets += [
                links[element.scope, name] for name in names if (element.scope, name) in links
            ]
        return targets

    return after


def reached(starts: Iterable[str], after: Callable[[str], list[str]]) -> set[str]:
    seen = set(starts)
    stack = list(seen)
    while stack:
        for id in after(stack.pop()):
            if id not in seen:
                seen.add(id)
                stack.append(id)
    return seen


def stops(view: View, element: Element) -> bool:
    """Whether a token can be held or sent elsewhere here."""
    if element.kind in ("exclusiveGateway", "inclusiveGateway"):
        return len(view.out(element.id)) > 1
    conditional = any(flow.condition is not None for flow in view.out(element.id))
    return conditional or holds(view, element)


def holds(view: View, element: Element) -> bool:
    """Whether a token may rest here, or somewhere inside."""
    if element.kind in WAITS or element.kind == "callActivity":
        return True
    return element.kind in SCOPES and any(holds(view, inner) for inner in view.members(element.id))


def circles(nodes: Iterable[str], after: Callable[[str], list[str]]) -> list[set[str]]:
    """Strongly connected parts with more than one node, or with a flow to itself (Tarjan)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    open_: set[str] = set()
    parts: list[set[str]] = []
    for root in nodes:
        if root in index:
            continue
        work: list[tuple[str, Iterator[str]]] = [(root, iter(after(root)))]
        index[root] = low[root] = len(index)
        stack.append(root)
        open_.add(root)
        while work:
            id, rest = work[-1]
            target = next(rest, None)
            if target is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[id])
                if low[id] == index[id]:
                    part = _popped(stack, open_, id)
                    if len(part) > 1 or id in after(id):
                        parts.append(part)
            elif target not in index:
                index[target] = low[target] = len(index)
                stack.append(target)
                open_.add(target)
                work.append((target, iter(after(target))))
            elif target in open_:
                low[id] = min(low[id], index[target])
    return parts


def _popped(stack: list[str], open_: set[str], id: str) -> set[str]:
    part = set()
    while True:
        top = stack.pop()
        open_.discard(top)
        part.add(top)
        if top == id:
            return part
