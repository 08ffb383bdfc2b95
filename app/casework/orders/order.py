"""What the table says of an order: who may give it, in which states of a case, what it does.

Which orders there are is `table`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from app.casework.access import Person, Roles, is_system
from app.casework.commands import Command, Done
from app.casework.errors import NotFound, Refused
from app.engine import Event
from app.engine.run import Case
from app.store import CaseRow


class State(StrEnum):
    """What a case can be besides open; it may be several at once."""

    SUSPENDED = "suspended"
    MERGED = "merged"
    ENDED = "ended"


SUSPENDED, MERGED, ENDED = State
ANY = frozenset(State)


class Stored(Protocol):
    """An order as its history keeps it."""

    @property
    def command(self) -> Mapping[str, Any]: ...
    @property
    def at(self) -> datetime: ...
    @property
    def actor(self) -> str: ...


Again = Callable[[Case, Stored], list[Event]]


@dataclass(frozen=True, kw_only=True)
class Order:
    #: takes the locked case and the command; about no case: installation, unit and command
    handle: Callable[..., Done]
    #: what a role must allow; None: nothing beyond seeing the case, or being offered the task
    power: str | None
    #: asked like `handle`: somebody without the power may give it all the same
    unless: Callable[..., bool] | None = None
    #: who may not give it is not told that there is such a thing
    hidden: bool = False
    #: with this sentence everybody but the installation is refused
    system: str = ""
    #: states in which it may be given, beside an open case
    also: frozenset[State] = frozenset()
    #: the state that it ends, so that it can be given in no other
    ends: State | None = None
    #: also to somebody who sees only their own part of the case
    own: bool = False
    #: sentences of its own for states in which it is refused
    sentences: Mapping[State, str] = field(default_factory=dict)
    #: by which a page of the case names what may be given now; None: it is not offered there
    word: str | None = None
    #: what replay gives the engine; None: the engine never saw it
    again: Again | None
    #: the same, by its kind in the history of the other case that it is about
    beside: tuple[str, Again] | None = None
    #: what has to be done before the transaction, given installation, store and command
    before: Callable[..., Any] | None = None

    def fits(self, states: frozenset[State]) -> bool:
        """Whether it may be given in a case that is all this."""
        return states <= self.also and (self.ends is None or self.ends in states)

    def allows(self, roles: Roles, person: Person) -> bool:
        """Whether the person's roles give the power, whatever the case says."""
        return self.power is None or roles.may(person, self.power)

    def ask(self, roles: Roles, person: Person) -> None:
        """Raises `Refused` where they do not: for what only leads up to the order."""
        if self.power is not None:
            roles.demand(person, self.power)

    def demand(self, roles: Roles, command: Command, *where: Any) -> None:
        """Raises `Refused` or `NotFound` for somebody who may not; `where`: as for `handle`."""
        if self.system and not is_system(command.actor):
            raise Refused(self.system)
        if self.allows(roles, command.actor):
            return
        if self.unless is None or not self.unless(*where, command):
            if self.hidden:
                raise NotFound
            self.ask(roles, command.actor)


def states_of(row: CaseRow) -> frozenset[State]:
    is_so = {
        SUSPENDED: row.suspended,
        MERGED: row.merged_into is not None,
        ENDED: row.ended_at is not None,
    }
    return frozenset(state for state in State if is_so[state])


def takes(command: type[Command]) -> frozenset[str]:
    """Names of what an order says, without who, when and key."""
    return frozenset(f.name for f in fields(command)) - {"actor", "at", "key"}
