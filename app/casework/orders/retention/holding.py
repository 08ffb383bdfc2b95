"""Holds: one person sets one, two lift it. While one stands nothing of the case is destroyed."""

from __future__ import annotations

from app import store
from app.casework.access import as_person
from app.casework.cases import AuthorityKind, LockedCase, note
from app.casework.commands import Done, LiftHold, SetHold
from app.casework.errors import Conflict, Refused
from app.casework.orders import questions
from app.casework.orders.retention.kept import demand_not_shut_out
from app.store import HoldRow


def set_hold(locked: LockedCase, command: SetHold) -> Done:
    """What was asked for before, to destroy it, is over with it."""
    unit, case = locked.unit, locked.row.id
    demand_not_shut_out(command.actor, locked.members)
    names = locked.installation.settings.retention.holds
    if command.kind not in names:
        raise Refused("There is no such hold.", {"kind": "Select why the case is held"})
    reason = questions.reason(command.reason)
    store.retention.erasures.withdraw(unit, case)
    seq, at, by = locked.row.seq + 1, locked.at(command.at), command.actor.id
    store.retention.holds.add(unit, locked.key, seq, command.kind, by, at, reason)
    said = {"sort": command.kind, "hold": names[command.kind], "reason": reason}
    done = locked.record(command, said=said)
    _noted(locked, AuthorityKind.SET_HOLD, command, command.kind, seq)
    return done


def lift_hold(locked: LockedCase, command: LiftHold) -> Done:
    unit, case, me = locked.unit, locked.row.id, command.actor.id
    demand_not_shut_out(command.actor, locked.members)
    hold = _standing(locked, command.hold)
    name = locked.installation.settings.retention.holds.get(hold.kind, hold.kind)
    said = {"hold": name, "number": hold.seq, "reason": questions.reason(command.reason)}
    if hold.lift_by is None or locked.members.get(as_person(hold.lift_by), False):
        store.retention.holds.ask_to_lift(unit, case, hold.seq, me, command.at)
        return locked.record(command, said={**said, "step": "asked"})
    if hold.lift_by == me:
        raise Conflict("You asked for this already. Somebody else must agree to it.")
    store.retention.holds.lift(unit, case, hold.seq, me, command.at)
    done = locked.record(command, said={**said, "step": "lifted", "first": hold.lift_by})
    _noted(locked, AuthorityKind.LIFT_HOLD, command, hold.kind, hold.seq, first=hold.lift_by)
    return done


def _standing(locked: LockedCase, number: str) -> HoldRow:
    """The hold that stands on this very case. Raises `Refused`."""
    rows = store.retention.holds.of_case(locked.unit, locked.row.id)
    for row in rows:
        if str(row.seq) == number and row.lifted_at is None:
            return row
    raise Refused("There is no such hold on this case.", {"hold": "Choose a hold that stands"})


def _noted(
    locked: LockedCase,
    kind: AuthorityKind,
    command: SetHold | LiftHold,
    hold: str,
    number: int,
    **more: str,
) -> None:
    """Not the reason: it stays with the case, and goes with it."""
    said = {"case": locked.row.reference, "hold": hold, "number": number, **more}
    note(locked.installation, locked.unit, kind, command, said)
