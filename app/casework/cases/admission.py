"""How a locked case takes a command: may they, was it said before, does it fit, and do it.

Opening the transaction and what follows an error is the desk's.
"""

from __future__ import annotations

from dataclasses import replace

from app import store
from app.casework.access import Person, is_system
from app.casework.cases import history_bodies, locking
from app.casework.cases.locked_case import Installation, LockedCase, request_print
from app.casework.errors import Conflict, NotFound, Refused
from app.casework.orders import cover, merging
from app.casework.orders.commands import CaseCommand, Command, Done
from app.casework.orders.table import ENDED, MERGED, ORDERS, SUSPENDED, states_of, takes
from app.engine import Fault
from app.store import CaseKey, CaseRow, Unit, chain


def hold(installation: Installation, unit: Unit, command: CaseCommand) -> LockedCase:
    """The case, locked; with it the other one, where the order is about two.

    A case the person may not see does not exist. Raises `NotFound`, `Busy`.
    """
    mine, other = locking.lock_cases(unit, command)
    return locking.beside(installation, unit, admitted(installation, unit, command, *mine), other)


def admitted(
    installation: Installation, unit: Unit, command: CaseCommand, row: CaseRow, key: CaseKey
) -> LockedCase:
    locked = LockedCase(installation, unit, row, key)
    sight = installation.roles.sight(command.actor, locked.members)
    if sight == "none" or (sight == "own" and not ORDERS[type(command)].own):
        raise NotFound
    return locked


def handled(locked: LockedCase, command: CaseCommand) -> Done:
    first = again(locked.unit, command)
    if first is not None:
        return first
    order = ORDERS[type(command)]
    try:
        order.demand(locked.installation.roles, command, locked)
        about = {name: getattr(command, name, None) for name in ("task", "message")}
        against = refusal(locked, type(command), command.actor, **about)
        if against is not None:
            raise against
        return order.handle(locked, command)
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
    if MERGED in against and merging.rests(locked, task, message):
        return _merged(locked, kind, person)
    if order.ends is not None and order.ends not in states:
        return Refused(_NOT[order.ends])
    if ENDED in against and "task" not in takes(kind):  # what became of a task is better known
        return Refused(order.sentences.get(ENDED, _SENTENCES[ENDED]))
    return None


def _merged(locked: LockedCase, kind: type[Command], person: Person) -> Refused | Conflict:
    roles, unit, into = locked.installation.roles, locked.unit, locked.row.merged_into or ""
    shown = locking.visible(roles, unit, person, into)
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


def again(unit: Unit, command: Command) -> Done | None:
    """The first answer, when this key was used before. Raises `Refused` for another request."""
    if command.key is None:
        return None
    was = store.chain.idempotency.find(unit, command.actor.id, command.key)
    if was is None:
        return None
    if was.request != request_print(unit, command):
        raise Refused("This form was already sent with other answers.")
    if not was.seq:  # no case was concerned
        return replace(cover.made(was.case), replayed=True)
    row = store.cases.find(unit, was.case)
    assert row is not None, "a key without its case"
    entry = chain.history.some(unit, was.case, [was.seq])[0]
    body = history_bodies.read(entry, store.cases.key_of(unit, was.case))
    return Done(
        case=row.id, reference=row.reference, seq=was.seq, events=body.events, replayed=True
    )
