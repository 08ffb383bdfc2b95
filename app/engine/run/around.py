"""Owns telling where an open task lies: the scopes around it, and what else is open in each.

Plain facts of the tokens; what the drawing says of them is `engine.ahead`'s.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.engine.run.tokens import STARTED, Token
from app.engine.run.waiting import is_open_task

#: between the number of a repeated activity and that of one item of it
ITEM = ":"
_WAITS = frozenset({"intermediateCatchEvent", "receiveTask", "eventBasedGateway"})


@dataclass(frozen=True, slots=True)
class Beside:
    """Something else that is open in the same scope."""

    #: the activity of that scope in which it lies, or which it is
    within: str
    process: str
    element: str
    #: id of the task; None for an event that is waited for
    task: str | None


@dataclass(frozen=True, slots=True)
class Level:
    """One scope around a task."""

    process: str
    #: the task itself, or the activity around it that lies in this scope
    element: str
    beside: tuple[Beside, ...]
    #: timer events at the border of `element` → when they go off, aware UTC
    timers: Mapping[str, datetime]


def levels(token: Token) -> tuple[Level, ...]:
    """The scope of the task's token first; the process of the instance last."""
    levels = []
    at: Token | None = token
    while at is not None and at.parent is not None:
        top = _whole(at)
        levels.append(_level(at, top))
        at = _activity(top.parent)
    return tuple(levels)


def lies_in(token: Token) -> str:
    """The runs around a task, outermost first, by the numbers of their tokens: "6" a called
    process, "8:9" one item of a multi-instance activity; "" directly in the instance's process."""
    runs = []
    at: Token | None = token
    while at is not None and at.parent is not None:
        if at.inner and at.task_spec.element.loop is not None:
            runs.append(f"{at.parent.n}{ITEM}{at.n}")
        elif at.task_spec.border:
            runs.append(str(at.n))
        at = at.parent
    return " ".join(reversed(runs))


def _whole(token: Token) -> Token:
    """The token of the whole repeated activity, of which `token` may be one instance."""
    return token.parent if token.inner and token.parent is not None else token


def _activity(scope: Token) -> Token | None:
    """The activity that a scope is: of a called process, the call."""
    activity: Token | None = scope.parent if scope.task_spec.border else scope
    return activity


def _level(token: Token, top: Token) -> Level:
    node = token.task_spec
    beside = [
        Beside(name, other.task_spec.element.process, other.task_spec.element.id, _key(other))
        for name, other in _others(token, top)
    ]
    timers = {
        timer["e"]: datetime.fromisoformat(timer["due"])
        for holder in {id(token): token, id(top): top}.values()
        for timer in holder.internal_data.get("timers", ())
    }
    return Level(node.element.process, node.element.id, tuple(beside), timers)


def _others(token: Token, top: Token) -> Iterator[tuple[str, Token]]:
    if top is not token:
        for instance in top.children:
            if instance is not token:
                yield from (
                    (top.task_spec.element.id, open_token) for open_token in _open(instance)
                )
    for child in top.parent.children:
        if child is not top:
            yield from ((child.task_spec.element.id, open_token) for open_token in _open(child))


def _open(token: Token) -> Iterator[Token]:
    if is_open_task(token) or (token.state == STARTED and _kind(token) in _WAITS):
        yield token
    for child in token.children:
        yield from _open(child)


def _key(token: Token) -> str | None:
    return token.key if is_open_task(token) else None


def _kind(token: Token) -> str | None:
    """The kind of its element as drawn."""
    node = token.task_spec
    drawn = node._wf_spec.process.elements.get(node.name)
    return None if drawn is None else drawn.kind
