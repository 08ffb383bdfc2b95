"""Orders about who belongs to a case: adding a person, and shutting one out.

Letting somebody in again, by two, is `lifting`'s.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from app import store
from app.casework.access import AUDIT, as_person, is_system
from app.casework.cases import LockedCase
from app.casework.commands import AddMember, Done, ExcludePerson
from app.casework.errors import Conflict, Refused
from app.casework.orders import questions, signing


def add_member(locked: LockedCase, command: AddMember) -> Done:
    said = _person(locked, command)
    if command.person == command.actor.id:
        # Else they would still see the case when a cover or a role of theirs has ended.
        raise Refused("Nobody can add themselves to a case.", {"person": "Choose another"})
    store.cases.put_members(
        locked.unit, locked.row.id, [as_person(command.person)], locked.row.seq + 1
    )
    return locked.record(command, said=said)


def exclude(locked: LockedCase, command: ExcludePerson) -> Done:
    said = _person(locked, command)
    _demand_no_auditor(locked, command)
    if locked.beside is not None:  # it counts in the case that this one was merged into
        fallen = _shut_out(locked.beside, command.person)
        locked.beside.record(replace(command, key=None), said=said | fallen)
    fallen = _shut_out(locked, command.person)
    return locked.record(command, said=said | fallen)


def _demand_no_auditor(locked: LockedCase, command: ExcludePerson) -> None:
    """Whoever audits every case cannot be shut out by those they audit."""
    row = store.people.accounts.find(locked.unit, command.person)
    roles = locked.installation.roles
    if row is None or is_system(command.actor):
        return
    person = locked.installation.person(row, command.at)
    if roles.may(person, AUDIT) and roles.sees_everything(person):
        sentence = f"{row.name} audits every case, so nobody can shut them out of this one."
        raise Refused(sentence, {"person": "Choose somebody else"})


def _shut_out(locked: LockedCase, person: str) -> dict[str, Any]:
    """What they had taken goes back to the others; their first signatures fall."""
    who = [as_person(person)]
    store.cases.put_members(locked.unit, locked.row.id, who, locked.row.seq + 1, excluded=True)
    store.people.lifts.drop(locked.unit, locked.row.id, who[0])  # what was asked before is over
    for row in store.work.tasks.of_case(locked.unit, locked.row.id):
        if row.assignee == person:
            store.work.tasks.assign(locked.unit, locked.row.id, row.task, None)
    fallen = signing.withdraw(locked, person)
    return {"signatures": fallen} if fallen else {}


def _person(locked: LockedCase, command: AddMember | ExcludePerson) -> dict[str, Any]:
    """Whom it is about, and why. Raises `Refused` for whoever cannot be chosen."""
    person = store.people.accounts.find(locked.unit, command.person)
    if person is None or (person.disabled and not is_system(command.actor)):
        raise Refused("There is no such person.", {"person": "Choose a person"})
    reason = questions.reason(command.reason)
    if locked.members.get(as_person(command.person), False) and not is_system(command.actor):
        if isinstance(command, ExcludePerson):
            raise Conflict(f"{person.name} is shut out of this case already.")
        sentence = "This person is excluded from the case."
        raise Refused(sentence, {"person": "Choose somebody else"})
    return {"person": command.person, "name": person.name, "reason": reason}
