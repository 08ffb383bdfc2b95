"""What is said of an order: in the table who may give it, when and what it does; in the wording how
it is asked and told.

Which orders there are is `table`'s, what is said in words `wording`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any, Protocol

from app.casework.access import Person, Roles, is_system
from app.casework.commands import Command, Done
from app.casework.errors import NotFound, Refused
from app.casework.policy import ANY, ENDED, MERGED, PART, SUSPENDED, Rule, State
from app.engine import Event
from app.engine.forms import Field
from app.engine.run import Case
from app.store import CaseRow

__all__ = ["ANY", "ENDED", "MERGED", "SUSPENDED", "Event", "State"]


class Stored(Protocol):
    """An order as its history keeps it."""

    @property
    def command(self) -> Mapping[str, Any]: ...
    @property
    def at(self) -> datetime: ...
    @property
    def actor(self) -> str: ...


Again = Callable[[Case, Stored], list[Event]]


#: what stands in no row nobody may
_NOBODY = Rule(what="", sees=frozenset(), system="Nobody may do this.")


@dataclass(frozen=True, kw_only=True)
class Order:
    #: takes the locked case and the command; about no case: installation, unit and command
    handle: Callable[..., Done]
    #: who may give it, by what they see of the case, in which states: the policy's row
    rule: Rule = _NOBODY
    #: asked like `handle`: somebody without the power may give it all the same
    unless: Callable[..., bool] | None = None
    #: sentences of its own for states in which it is refused
    sentences: Mapping[State, str] = field(default_factory=dict)
    #: by which a page of the case names what may be given now; None: it is not offered there
    word: str | None = None
    #: what replay gives the engine; None: the engine never saw it
    again: Again | None
    #: the same, by its kind in the history of the other case that it is about
    beside: tuple[str, Again] | None = None
    #: what else it locks, first of all, given the unit and the case
    locks: Callable[..., None] | None = None
    #: what has to be done before the transaction, given installation, store and command
    before: Callable[..., Any] | None = None

    @property
    def power(self) -> str | None:
        return self.rule.power

    @property
    def also(self) -> frozenset[State]:
        return self.rule.also

    @property
    def ends(self) -> State | None:
        return self.rule.ends

    @property
    def own(self) -> bool:
        """Also for somebody who sees only their own part of the case."""
        return self.rule.sees >= PART

    def fits(self, states: frozenset[State]) -> bool:
        """Whether it may be given in a case that is all this."""
        return self.rule.fits(states)

    def allows(self, roles: Roles, person: Person) -> bool:
        """Whether the person's roles give the power, whatever the case says."""
        return self.rule.allows(lambda power: roles.may(person, power))

    def offers(
        self, roles: Roles, person: Person, states: frozenset[State], *, whole: bool
    ) -> bool:
        """Whether a page of a case that is all this leads the person to it.

        `whole`: they see all of the case, not only their own part.
        """
        return (whole or self.own) and self.fits(states) and self.allows(roles, person)

    def open_page(self, roles: Roles, person: Person, *, whole: bool) -> None:
        """Raises `NotFound` for somebody for whom the page that asks it does not exist, whatever
        the state of the case. `whole`: as for `offers`."""
        if not (whole or self.own) or not self.allows(roles, person):
            raise NotFound

    def ask(self, roles: Roles, person: Person) -> None:
        """Raises `Refused` where they do not: for what only leads up to the order."""
        if self.power is not None:
            roles.demand(person, self.power)

    def demand(self, roles: Roles, command: Command, *where: Any) -> None:
        """Raises `Refused` or `NotFound` for somebody who may not; `where`: as for `handle`."""
        if self.rule.system and not is_system(command.actor):
            raise Refused(self.rule.system)
        if self.allows(roles, command.actor):
            return
        if self.unless is None or not self.unless(*where, command):
            if self.rule.hidden:
                raise NotFound
            self.ask(roles, command.actor)


Answers = Mapping[str, Any]


def as_named(answers: Answers) -> dict[str, Any]:
    return dict(answers)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderForm:
    """Asked on a page of its own, reached from the case, the task or the deadline."""

    #: in the page's address
    name: str
    title: str
    button: str
    #: what it leads to, before somebody does it
    explain: str
    fields: tuple[Field, ...]
    done: str
    #: what leads to it; "": its title
    link: str = ""
    warning: bool = False
    #: what the command takes, from the answers
    reads: Callable[[Answers], dict[str, Any]] = as_named


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiWords:
    """A POST. Its body holds what the command says and the path does not."""

    #: as OpenAPI writes it; its members are the command's too
    path: str
    name: str
    summary: str
    #: member of the body → what it means, where its name does not say it
    about: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepWords:
    """How a journey gives it: `key: what it is about`, or `key: true`."""

    key: str
    #: what the person does, as a report says it; {}: where what it is about stands, else behind it
    does: str
    #: the reason that a journey gives where a step says none
    reason: str = ""
    #: what an order about people must say
    about: tuple[str, ...] = ()
    #: what the order says too little without
    needs: str | None = None
    #: by which `refused` may name it, beside the key and the command's name
    also: tuple[str, ...] = ()


#: topic and sentence of a history
Sentence = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """How an order is said. None: it is not said there, or by a function of that room."""

    #: its words in {}: what the entry says, and actor, when, because (its reason), task, to, person
    history: Sentence | None
    form: OrderForm | None
    api: ApiWords | None
    step: StepWords | None
    #: in the history of the other case that it is about
    beside: Sentence | None = None


def states_of(row: CaseRow) -> frozenset[State]:
    is_so = {
        SUSPENDED: row.suspended,
        MERGED: row.merged_into is not None,
        ENDED: row.ended_at is not None,
    }
    return frozenset(state for state in State if is_so[state])


def takes(command: type[Command]) -> frozenset[str]:
    """Names of what an order says, without who, when, key and what its page says of itself."""
    return frozenset(f.name for f in fields(command)) - {"actor", "at", "key", "begun", "made"}
