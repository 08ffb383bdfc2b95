"""Every order there is, one row each: who may give it, in which states of a case, what it does,
and what the engine is given once more when a history is run again.

Admission, pages, replay and journeys read this table. How an order is asked is the web's, how it
stands in a history the audit's; each has one row for each of these.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from app.casework.access import Roles, is_system
from app.casework.errors import NotFound, Refused
from app.casework.orders import commands as c
from app.casework.orders import cover, deploying, documents, merging, starting, tasks, whole_case
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
    handle: Callable[..., c.Done]
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

    def demand(self, roles: Roles, command: c.Command, *where: Any) -> None:
        """Raises `Refused` or `NotFound` for somebody who may not; `where`: as for `handle`."""
        if self.system and not is_system(command.actor):
            raise Refused(self.system)
        if self.power is None or roles.may(command.actor, self.power):
            return
        if self.unless is None or not self.unless(*where, command):
            if self.hidden:
                raise NotFound
            roles.demand(command.actor, self.power)


def states_of(row: CaseRow) -> frozenset[State]:
    is_so = {
        SUSPENDED: row.suspended,
        MERGED: row.merged_into is not None,
        ENDED: row.ended_at is not None,
    }
    return frozenset(state for state in State if is_so[state])


def takes(command: type[c.Command]) -> frozenset[str]:
    """Names of what an order says, without who, when and key."""
    return frozenset(f.name for f in fields(command)) - {"actor", "at", "key"}


ORDERS: Mapping[type[c.Command], Order] = {
    c.StartCase: Order(
        handle=starting.start, power="start", hidden=True,
        again=lambda engine, order: engine.start(
            order.command["process"], order.command["answers"], order.at),
    ),
    c.Claim: Order(handle=tasks.claim, power=None, own=True, again=None),
    c.Release: Order(
        handle=tasks.release, power="assign", unless=tasks.own, own=True, again=None,
    ),
    c.Assign: Order(handle=tasks.assign, power="assign", word="assign", again=None),
    c.SaveDraft: Order(
        handle=tasks.save_draft, power=None, own=True, also=frozenset({SUSPENDED}), again=None,
    ),
    c.CompleteTask: Order(
        handle=tasks.complete, power=None, own=True,
        again=lambda engine, order: engine.complete(
            order.command["task"], order.command["answers"], order.at),
    ),
    c.WakeCase: Order(
        handle=whole_case.wake, power=None, also=frozenset({MERGED, ENDED}),
        system="Only the clock wakes a case.",
        again=lambda engine, order: engine.wake(order.at),
    ),
    c.MoveDeadline: Order(
        handle=whole_case.move_deadline, power="move_deadline", word="move_deadline",
        again=lambda engine, order: engine.move_deadline(
            order.command["task"], order.command["due"], order.command["reason"], order.at),
    ),
    c.ReplanCase: Order(
        handle=whole_case.replan, power="move_deadline", also=ANY,
        again=lambda engine, order: engine.replan(order.at),
    ),
    c.ProduceDocument: Order(
        handle=documents.produce, power=None, also=frozenset({SUSPENDED, ENDED}), again=None,
    ),
    c.Suspend: Order(handle=whole_case.suspend, power="suspend", word="suspend", again=None),
    c.Resume: Order(
        handle=whole_case.resume, power="suspend", also=frozenset({SUSPENDED}), ends=SUSPENDED,
        word="resume", again=None,
    ),
    c.Cancel: Order(
        handle=whole_case.cancel, power="cancel", also=frozenset({SUSPENDED}), word="cancel",
        again=lambda engine, order: engine.cancel(order.at, by=order.actor or None),
    ),
    c.DeliverMessage: Order(
        handle=whole_case.deliver, power="message", also=frozenset({ENDED}), word="message",
        again=lambda engine, order: engine.message(
            order.command["message"], order.command["payload"], order.at),
    ),
    c.DeliverSignal: Order(
        handle=whole_case.signal, power=None, also=ANY,
        system="Only another case sends a signal.",
        again=lambda engine, order: engine.signal(
            order.command["signal"], order.at, order.command["payload"], starts=False),
    ),
    c.Merge: Order(
        handle=merging.merge, power="merge", word="merge",
        sentences={
            MERGED: "This case is merged into {into} already.",
            ENDED: "This case has ended. Only cases that still go on can be merged.",
        },
        again=lambda engine, order: engine.rest(order.at),
        beside=(merging.TOOK_IN, merging.told_again),
    ),
    c.Unmerge: Order(
        handle=merging.unmerge, power="merge", also=frozenset({MERGED, ENDED}), ends=MERGED,
        word="unmerge",
        again=lambda engine, order: engine.go_on(order.at),
        beside=(merging.LET_GO, merging.told_again),
    ),
    c.AddMember: Order(
        handle=whole_case.add_member, power="members", also=ANY, word="members", again=None,
    ),
    c.ExcludePerson: Order(
        handle=whole_case.exclude, power="members", also=ANY, word="members", again=None,
    ),
    c.Deploy: Order(
        handle=deploying.deploy, power="deploy", before=deploying.judged, again=None,
    ),
    c.Activate: Order(
        handle=deploying.activate, power="deploy", before=deploying.usable, again=None,
    ),
    c.SetCover: Order(
        handle=cover.set_cover, power=cover.POWER, unless=cover.for_oneself, again=None,
    ),
    c.EndCover: Order(
        handle=cover.end_cover, power=cover.POWER, unless=cover.about_oneself, again=None,
    ),
}  # fmt: skip


def replayed() -> dict[str, Again]:
    """Kind of history entry → what replay gives the engine; others never moved one."""
    own = {kind.__name__: order.again for kind, order in ORDERS.items() if order.again}
    return own | dict(order.beside for order in ORDERS.values() if order.beside)


#: all that a role may allow of orders
POWERS = frozenset(order.power for order in ORDERS.values() if order.power is not None)
