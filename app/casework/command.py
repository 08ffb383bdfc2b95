"""What every order says, and what comes back: who gives it, when, with which idempotency key.

Which orders there are is `commands`'.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from app.casework.access import Person
from app.engine import Event, TaskCompleted, TaskOpened


@dataclass(frozen=True, kw_only=True)
class Command:
    actor: Person
    #: aware, UTC
    at: datetime
    #: the same key with the same content gets the first answer again
    key: str | None = None

    def said(self) -> dict[str, Any]:
        """The order without who, when and key."""
        kind = type(self)
        if kind not in _SAID:
            names = (each.name for each in fields(self))
            _SAID[kind] = tuple(name for name in names if name not in ("actor", "at", "key"))
        return {name: getattr(self, name) for name in _SAID[kind]}


#: kind of order → the fields that it says
_SAID: dict[type, tuple[str, ...]] = {}


@dataclass(frozen=True, kw_only=True)
class CaseCommand(Command):
    case: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a command led to."""

    #: id; "" when no case was concerned
    case: str = ""
    reference: str = ""
    #: the history row it became
    seq: int = 0
    events: tuple[Event, ...] = ()
    #: the key was used before: this is the first answer again
    replayed: bool = False
    #: what the command has to say beyond its events, e.g. {"digest": …}
    answer: Mapping[str, Any] = field(default_factory=dict)

    def completed(self, task: str) -> bool:
        """False: it was signed first, and a second person has to sign it too."""
        return any(isinstance(fact, TaskCompleted) and fact.task == task for fact in self.events)

    def next_for(self, person: Person) -> str | None:
        """The task that this has opened for the same person, if there is one."""
        stands = [person, *(cover.person for cover in person.covers)]
        return next(
            (
                fact.task
                for fact in self.events
                if isinstance(fact, TaskOpened) and any(_offered(fact, stand) for stand in stands)
            ),
            None,
        )


def _offered(task: TaskOpened, to: Person) -> bool:
    return to.id in (task.assignee, *task.users) or not to.groups.isdisjoint(task.groups)
