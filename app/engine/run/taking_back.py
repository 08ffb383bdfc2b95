"""Owns taking back what a message began: whole instances, event sub-processes, a kept message.

Only what began is ended, with the facts by which it would have ended anyway. Whether it may be
taken back, and who is told of it, is casework's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.engine.errors import NotOpen
from app.engine.events import EffectRequested, MessageUnbuffered, StatusSet
from app.engine.run import waiting
from app.engine.run.instances import Instances
from app.engine.run.tokens import STARTED, Token

#: how a kept message goes that is taken back
TAKEN_BACK = "taken back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """What is taken back."""

    #: ids of instances
    instances: tuple[str, ...] = ()
    #: ids of tasks that lie in event sub-processes of others
    tasks: tuple[str, ...] = ()
    #: ids of kept messages
    kept: tuple[str, ...] = ()
    #: the status that the case had before, where what began has changed it
    status: str | None = None
    #: what of it tells others, as a send task would: process, element, effect, headers
    telling: Mapping[str, Any] = field(default_factory=dict)

    def said(self) -> dict[str, Any]:
        """As a history keeps it."""
        lists = {name: list(getattr(self, name)) for name in ("instances", "tasks", "kept")}
        return {**lists, "status": self.status, "telling": dict(self.telling)}

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> Begun:
        lists = {name: tuple(said[name]) for name in ("instances", "tasks", "kept")}
        return cls(**lists, status=said["status"], telling=said["telling"])


def take_back(instances: Instances, said: Mapping[str, Any], by: str | None) -> None:
    """`said`: as `Begun.said` gives it. NotOpen when nothing of it goes on any more."""
    begun = Begun.of(said)
    for handler in _handlers(instances, begun.tasks):
        scope = handler.parent
        handler.cancel(by)
        if scope is not None and scope.state == STARTED:
            scope.task_spec.one_gone(scope)
    for id in begun.instances:
        instances.one(id).end("cancelled", by=by)
    for message in list(instances.kept):
        if message[0] in begun.kept:
            instances.kept.remove(message)
            gone = MessageUnbuffered(instance="", id=message[0], message=message[1], how=TAKEN_BACK)
            instances.turn.emit(gone)
    if begun.status is not None:
        instances.turn.emit(StatusSet(instance="", status=begun.status))
    if begun.telling:
        instances.turn.emit(EffectRequested(instance="", **begun.telling))


def _handlers(instances: Instances, tasks: Iterable[str]) -> list[Token]:
    """The event sub-processes around these tasks, each once, outermost first."""
    handlers: dict[str, Token] = {}
    for task in tasks:
        at: Token | None = waiting.begun(instances.holding(task), task)
        while at is not None and "start" not in at.internal_data:
            at = at.parent
        if at is None:
            raise NotOpen()
        handlers[at.key] = at
    return list(handlers.values())
