"""How a held case takes a command: may they, was it said before, is the case suspended, and do it.

Opening the transaction and what follows an error is the desk's.
"""

from __future__ import annotations

from app.casework.access import is_system
from app.casework.cases import history_bodies, locking
from app.casework.cases.locked_case import Held, Room, request_print
from app.casework.errors import NotFound, Refused
from app.casework.orders import merging
from app.casework.orders.commands import CaseCommand, Command, Done
from app.casework.orders.whole_case import RULES
from app.engine.errors import Fault
from app.store import CaseKey, Unit, cases, idempotency
from app.store.cases import CaseRow
from app.store.chain import history


def hold(room: Room, unit: Unit, command: CaseCommand) -> Held:
    """The case, locked; with it the other one, where the order is about two.

    A case the person may not see does not exist. Raises `NotFound`, `Busy`.
    """
    mine, other = locking.locked(unit, command)
    return locking.beside(room, unit, admitted(room, unit, command, *mine), other)


def admitted(room: Room, unit: Unit, command: CaseCommand, row: CaseRow, key: CaseKey) -> Held:
    held = Held(room, unit, row, key)
    sight = room.roles.sight(command.actor, held.members)
    if sight == "none" or (sight == "own" and not RULES[type(command)].own):
        raise NotFound
    return held


def handled(held: Held, command: CaseCommand) -> Done:
    first = again(held.unit, command)
    if first is not None:
        return first
    rule = RULES[type(command)]
    if held.row.suspended and not rule.suspended:
        raise Refused("This case is suspended. Nothing can be done in it until it is resumed.")
    try:
        if held.row.merged_into is not None and not rule.merged:
            merging.at_rest(held, command)
        return rule.handle(held, command)
    except Fault as error:
        if is_system(command.actor):
            raise
        raise Refused(error.sentence, given=getattr(command, "given", None)) from error


def again(unit: Unit, command: Command) -> Done | None:
    """The first answer, when this key was used before. Raises `Refused` for another request."""
    if command.key is None:
        return None
    was = idempotency.find(unit, command.actor.id, command.key)
    if was is None:
        return None
    if was.request != request_print(unit, command):
        raise Refused("This form was already sent with other answers.")
    row = cases.find(unit, was.case)
    assert row is not None, "a key without its case"
    entry = history.some(unit, was.case, [was.seq])[0]
    body = history_bodies.read(entry, cases.key_of(unit, was.case))
    return Done(
        case=row.id, reference=row.reference, seq=was.seq, events=body.events, replayed=True
    )
