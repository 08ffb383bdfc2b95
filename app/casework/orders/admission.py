"""How a case takes a command: locked for it, may they, does it fit, and do it.

Whoever holds two cases took them in the order of their ids, and nobody takes a second one later:
so two that want the same two wait for each other in a line, never in a circle. Opening the
transaction, orders given twice and what follows an error is the desk's.
"""

from __future__ import annotations

from app import store
from app.casework.access import Person, is_system
from app.casework.cases import Installation, LockedCase
from app.casework.commands import (
    CaseCommand,
    Command,
    Done,
    ExcludePerson,
    Merge,
    Unmerge,
)
from app.casework.errors import Conflict, NotFound, Refused
from app.casework.orders.order import ENDED, MERGED, SUSPENDED, states_of, takes
from app.casework.orders.table import ORDERS
from app.engine import Fault, Spent, take
from app.store import AtHand, CaseKey, CaseRow, Unit

Locked = tuple[CaseRow, CaseKey]
#: orders about two cases
_TWO = (Merge, Unmerge, ExcludePerson)


def hold(installation: Installation, unit: Unit, command: CaseCommand) -> LockedCase:
    """The case, locked; with it the other one, where the order is about two.

    A case the person may not see does not exist. Raises `NotFound`, `Busy`.
    """
    mine, other = _lock_cases(unit, command)
    return _beside(installation, unit, admitted(installation, unit, command, *mine), other)


def _lock_cases(unit: Unit, command: CaseCommand) -> tuple[Locked, Locked | None]:
    """The case, locked, and the other one that the order is about. Raises `NotFound`, `Busy`."""
    locks = ORDERS[type(command)].locks
    if locks is not None:
        locks(unit, command.case)
    if not isinstance(command, _TWO):
        return _lock(unit, command.case), None
    first = store.cases.find(unit, command.case)  # a look, to know what to lock
    other = _other(unit, command, first)
    if first is None or other is None or _gone(unit, command, other):
        return _lock(unit, command.case), None
    both = {id: _lock(unit, id) for id in sorted({first.id, other.id})}
    mine, second = both[first.id], both[other.id]
    if mine[0].merged_into != first.merged_into:
        raise Conflict("Somebody has merged this case, or undone it, at this moment. Look again.")
    return mine, second


def _lock(unit: Unit, case: str) -> Locked:
    taken = store.cases.lock(unit, case)
    if taken is None:
        raise NotFound
    return taken


def _other(unit: Unit, command: CaseCommand, row: CaseRow | None) -> CaseRow | None:
    if isinstance(command, Merge):
        return store.cases.find(unit, command.into.strip())
    return store.cases.find(unit, row.merged_into) if row and row.merged_into else None


def _gone(unit: Unit, command: CaseCommand, other: CaseRow) -> bool:
    """Whether the order concerns this case alone, as the content of the other one was destroyed."""
    erased = store.retention.erasures.find(unit, other.id)
    gone = erased is not None and erased.agreed_at is not None
    return gone and isinstance(command, ExcludePerson)


def _beside(
    installation: Installation, unit: Unit, locked: LockedCase, other: Locked | None
) -> LockedCase:
    """`locked` with the other case at its side."""
    if other is not None:
        locked.beside = (
            locked if other[0].id == locked.row.id else LockedCase(installation, unit, *other)
        )
    return locked


def admitted(
    installation: Installation,
    unit: Unit,
    command: CaseCommand,
    row: CaseRow,
    key: CaseKey,
    at_hand: AtHand | None = None,
) -> LockedCase:
    """`at_hand`: where that was read already, since the case was locked. Raises `NotFound`."""
    order = ORDERS[type(command)]
    at_hand = at_hand or store.queries.at_hand.read(
        unit,
        row.id,
        task=getattr(command, "task", None),
        states=order.again is not None,  # the others leave the engine alone
        once=(command.actor.id, command.key) if command.key is not None else None,
    )
    locked = LockedCase(installation, unit, row, key, at_hand)
    sight = installation.roles.sight(command.actor, locked.members)
    if not order.rule.reaches(sight):
        raise NotFound
    return locked


def handled(locked: LockedCase, command: CaseCommand) -> Done:
    order = ORDERS[type(command)]
    try:
        order.demand(locked.installation.roles, command, locked)
        about = {name: getattr(command, name, None) for name in ("task", "message")}
        against = refusal(locked, type(command), command.actor, **about)
        if against is not None:
            raise against
        done = order.handle(locked, command)
        take()  # a part that goes on without what it could not work out must not be kept
        return done
    except Spent:
        raise
    except Fault as error:
        if is_system(command.actor):
            raise
        raise Refused(error.sentence, given=getattr(command, "given", None)) from error


def refusal(
    locked: LockedCase,
    kind: type[Command],
    person: Person,
    task: str | None = None,
    message: str | None = None,
) -> Refused | Conflict | None:
    """Why the case does not take this kind of order as it stands; None when it does."""
    order, states = ORDERS[kind], states_of(locked.row)
    against = states - order.also
    if SUSPENDED in against:
        return Refused(_SENTENCES[SUSPENDED])
    if MERGED in against and _rests(locked, task, message):
        return _merged(locked, kind, person)
    if order.ends is not None and order.ends not in states:
        return Refused(_NOT[order.ends])
    if ENDED in against and "task" not in takes(kind):  # what became of a task is better known
        return Refused(order.sentences.get(ENDED, _SENTENCES[ENDED]))
    return None


def _rests(locked: LockedCase, task: str | None, message: str | None) -> bool:
    """Whether a merged case does not take an order about this; what goes on in it can be done."""
    if task is not None:
        opened = locked.task(task)
        if opened is not None:
            return opened[0].resting
        row = store.work.deadlines.find(
            locked.unit, locked.row.id, task
        )  # an activity without a person has one
        return row is not None and row.ended_at is None  # what is closed, the order says how
    return message is None or not locked.engine.hears(message)


def _merged(locked: LockedCase, kind: type[Command], person: Person) -> Refused | Conflict:
    into = locked.row.merged_into or ""
    shown = locked.installation.visible(locked.unit, person, into)
    go_on = f" Please go on in {shown}." if shown else ""
    sentence = ORDERS[kind].sentences.get(MERGED, _SENTENCES[MERGED])
    sentence = sentence.format(into=shown or "another case", go_on=go_on)
    if {"task", "given"} <= takes(kind):
        return Conflict(sentence, instead=shown)  # what they typed is kept
    return Refused(sentence)


#: why a case does not take an order
_SENTENCES = {
    SUSPENDED: "This case is suspended. Nothing can be done in it until it is resumed.",
    MERGED: "This case was merged into {into} and can only be read.{go_on}",
    ENDED: "This case has ended already.",
}
_NOT = {
    SUSPENDED: "This case is not suspended.",
    MERGED: "This case is not merged into another one.",
}
