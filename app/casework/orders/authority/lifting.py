"""Letting somebody in again who was shut out of a case: one asks for it, another agrees.

Both give the same order; the second one lifts it. The person it is about can be neither.
"""

from __future__ import annotations

from app import store
from app.casework.access import as_person
from app.casework.cases import AuthorityKind, LockedCase, note
from app.casework.commands import Done, LiftExclusion
from app.casework.errors import Conflict, Refused
from app.casework.orders import questions


def lift_exclusion(locked: LockedCase, command: LiftExclusion) -> Done:
    unit, who = locked.unit, as_person(command.person)
    if not locked.members.get(who, False):
        sentence = "This person is not shut out of the case."
        raise Refused(sentence, {"person": "Choose somebody who is shut out"})
    names = store.people.accounts.names(unit, [command.person])
    said = {
        "person": command.person,
        "name": names.get(command.person, command.person),
        "reason": questions.reason(command.reason),
    }
    first = store.people.lifts.proposed_by(unit, locked.row.id, who)
    if first == command.actor.id:
        raise Conflict("You asked for this already. Somebody else must agree to it.")
    if first is None:
        store.people.lifts.propose(unit, locked.row.id, who, command.actor.id, command.at)
        return locked.record(command, said={**said, "step": "asked"})
    store.people.lifts.drop(unit, locked.row.id, who)
    store.cases.drop_members(unit, locked.row.id, [who])
    locked.members_changed()
    done = locked.record(command, said={**said, "step": "lifted", "first": first})
    told = {"case": locked.row.reference, "first": first, "name": said["name"]}
    note(locked.installation, unit, AuthorityKind.LIFT_EXCLUSION, command, told, [command.person])
    return done
