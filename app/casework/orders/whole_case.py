"""Orders about a whole case: signal, wake, deadlines, suspend, resume, cancel, members.

Each takes the locked case and the order. Orders about a task are `tasks`', what people
record `recording`'s, new cases `starting`'s.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from app import store
from app.casework.access import AUDIT, as_person, is_system
from app.casework.cases import LockedCase, mail_about
from app.casework.commands import (
    AddMember,
    Cancel,
    DeliverSignal,
    Done,
    ExcludePerson,
    MoveDeadline,
    ReplanCase,
    Resume,
    RetryIncident,
    Suspend,
    WakeCase,
)
from app.casework.errors import Conflict, NotFound, Refused
from app.casework.orders import questions, signing
from app.engine import Incident, NotOpen


def wake(locked: LockedCase, command: WakeCase) -> Done:
    at = locked.at(command.at)
    due = locked.row.wake_at
    if due is None or due > at:
        return Done(case=locked.row.id, reference=locked.row.reference, seq=locked.row.seq)
    events = locked.engine.wake(at)
    left = locked.engine.next_due()
    if not events and left is not None and left <= at:
        raise Incident("A timer is due but nothing happens.")  # else it would be tried for ever
    return locked.record(command, events)


def retry(locked: LockedCase, command: RetryIncident) -> Done:
    """The next look of the clock tries it once more, at once."""
    row = store.work.incidents.find(locked.unit, locked.row.id, command.incident)
    if row is None:
        raise Refused("Nothing has stopped there.")
    if row.resolved_at is not None:
        raise Refused("This goes on already.")
    if row.task:
        raise Refused("Whoever has the task can send it again; there is nothing else to try.")
    at = locked.at(command.at)
    said = {"incident": row.seq, "timer": row.timer}
    if row.timer:
        return locked.record(command, locked.engine.release_timer(row.timer, at), said=said)
    locked.row = replace(locked.row, wake_at=at)
    return locked.record(command, said=said)


def signal(locked: LockedCase, command: DeliverSignal) -> Done:
    """Nobody here waits for it: nothing happened, so nothing is written."""
    at = locked.at(command.at)
    events = locked.engine.signal(command.signal, at, command.given, starts=False)
    if not events:
        return Done(case=locked.row.id, reference=locked.row.reference, seq=locked.row.seq)
    said = {"signal": command.signal, "payload": dict(command.given)}
    return locked.record(command, events, said=said)


def move_deadline(locked: LockedCase, command: MoveDeadline) -> Done:
    reason = questions.reason(command.reason, "Say why the deadline moves.")
    if isinstance(command.due, datetime) and command.due.utcoffset() is None:
        raise Refused("Say the new deadline with its time zone.", {"due": "Enter a time zone"})
    far = questions.wrong_day(command.due, "New deadline")
    if far is not None:
        raise Refused(f"{far}.", {"due": far})
    never = questions.never(command.due)
    if never is not None:
        sentence = f"The new deadline must be a real time: {never}"
        raise Refused(sentence, {"at": sentence})
    row = store.work.deadlines.find(locked.unit, locked.row.id, command.task)
    if row is None or row.ended_at is not None:
        raise NotFound
    try:
        events = locked.engine.move_deadline(
            command.task, command.due, reason, locked.at(command.at)
        )
    except NotOpen as error:
        raise NotFound from error
    place = {"task": command.task, "process": row.process, "element": row.element}
    moved = {"old": row.due, "due": command.due, "reason": reason}
    return locked.record(command, events, said={**place, **moved})


def replan(locked: LockedCase, command: ReplanCase) -> Done:
    return locked.record(command, locked.engine.replan(locked.at(command.at)))


def suspend(locked: LockedCase, command: Suspend) -> Done:
    said = {"reason": questions.reason(command.reason), **mail_about(locked, "suspended")}
    locked.row = replace(locked.row, suspended=True, wake_at=None)
    return locked.record(command, said=said)


def resume(locked: LockedCase, command: Resume) -> Done:
    said = {"reason": questions.reason(command.reason), **mail_about(locked, "resumed")}
    locked.row = replace(locked.row, suspended=False, wake_at=locked.row.next_due)
    return locked.record(command, said=said)


def cancel(locked: LockedCase, command: Cancel) -> Done:
    said = {"reason": questions.reason(command.reason), **mail_about(locked, "cancelled")}
    events = locked.engine.cancel(locked.at(command.at), by=command.actor.id)
    return locked.record(command, events, said=said)


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
