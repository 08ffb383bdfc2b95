"""Orders about a whole case: message, wake, deadlines, suspend, resume, cancel, members.

Each takes the held case and the order. Orders about a task are `tasks`', new cases `starting`'s.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from app import store
from app.casework.access import as_person, is_system
from app.casework.cases.locked_case import Held, plain
from app.casework.errors import Conflict, NotFound, Refused
from app.casework.orders import questions, signing
from app.casework.orders.commands import (
    AddMember,
    Cancel,
    DeliverMessage,
    DeliverSignal,
    Done,
    ExcludePerson,
    MoveDeadline,
    ReplanCase,
    Resume,
    Suspend,
    WakeCase,
)
from app.casework.reading.happenings import MERGED, UNMERGED, happenings
from app.engine import LONDON, Incident, MessageBuffered, MessageUnbuffered, NotOpen
from app.engine.forms import skipped

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")


def deliver(held: Held, command: DeliverMessage) -> Done:
    if command.message in (MERGED, UNMERGED):
        raise Refused("Only a merge says this.", {"message": "Merge the cases instead"})
    if not is_system(command.actor):
        _from_people(held, command)
    payload = {name: _value(value) for name, value in plain(command.given).items()}
    over = held.row.ended_at is not None
    events = list(held.engine.message(command.message, payload, held.at(command.at)))
    if over and held.engine.next_due() is None and not held.engine.open_tasks():
        # Nobody is left to wait for it: it is a dead letter at once, and stays visible as one.
        events += [
            MessageUnbuffered(
                instance=event.instance, id=event.id, message=event.message, how="dead"
            )
            for event in events
            if isinstance(event, MessageBuffered)
        ]
    said = {"message": command.message, "payload": payload}
    return held.record(command, events, said=said)


def _from_people(held: Held, command: DeliverMessage) -> None:
    """What no page offers is refused: what diagrams or other systems send comes from them."""
    if all(command.message != happening.message for happening in happenings(held.loaded)):
        sentence = f"“{command.message[:60]}” is nothing that people record in this case."
        raise Refused(sentence, {"message": "Select what has happened"})
    questions.details(command.given)


def _value(given: Any) -> Any:
    """ISO dates and instants in texts from outside are meant as such; London without offset."""
    if isinstance(given, dict):
        return {name: _value(value) for name, value in given.items()}
    if isinstance(given, list):
        return [_value(value) for value in given]
    if isinstance(given, str) and _DAY.match(given):
        return _or_text(date.fromisoformat, given)
    if isinstance(given, str) and _INSTANT.match(given):
        instant = _or_text(datetime.fromisoformat, given)
        naive = isinstance(instant, datetime) and instant.tzinfo is None
        return instant.replace(tzinfo=LONDON) if naive else instant
    return given


def _or_text(read: Callable[[str], Any], given: str) -> Any:
    try:
        return read(given)
    except ValueError:
        return given


def wake(held: Held, command: WakeCase) -> Done:
    at = held.at(command.at)
    due = held.row.wake_at
    if due is None or due > at:
        return Done(case=held.row.id, reference=held.row.reference, seq=held.row.seq)
    events = held.engine.wake(at)
    left = held.engine.next_due()
    if not events and left is not None and left <= at:
        raise Incident("A timer is due but nothing happens.")  # else it would be tried for ever
    return held.record(command, events)


def signal(held: Held, command: DeliverSignal) -> Done:
    """Nobody here waits for it: nothing happened, so nothing is written."""
    at = held.at(command.at)
    events = held.engine.signal(command.signal, at, command.given, starts=False)
    if not events:
        return Done(case=held.row.id, reference=held.row.reference, seq=held.row.seq)
    said = {"signal": command.signal, "payload": dict(command.given)}
    return held.record(command, events, said=said)


def move_deadline(held: Held, command: MoveDeadline) -> Done:
    reason = questions.reason(command.reason, "Say why the deadline moves.")
    if isinstance(command.due, datetime) and command.due.utcoffset() is None:
        raise Refused("Say the new deadline with its time zone.", {"due": "Enter a time zone"})
    far = questions.wrong_day(command.due, "New deadline")
    if far is not None:
        raise Refused(f"{far}.", {"due": far})
    never = skipped(command.due) if isinstance(command.due, datetime) else None
    if never is not None:
        sentence = f"The new deadline must be a real time: {never}"
        raise Refused(sentence, {"at": sentence})
    row = store.deadlines.find(held.unit, held.row.id, command.task)
    if row is None or row.ended_at is not None:
        raise NotFound
    try:
        events = held.engine.move_deadline(command.task, command.due, reason, held.at(command.at))
    except NotOpen as error:
        raise NotFound from error
    place = {"task": command.task, "process": row.process, "element": row.element}
    moved = {"old": row.due, "due": command.due, "reason": reason}
    return held.record(command, events, said={**place, **moved})


def replan(held: Held, command: ReplanCase) -> Done:
    return held.record(command, held.engine.replan(held.at(command.at)))


def suspend(held: Held, command: Suspend) -> Done:
    said = {"reason": questions.reason(command.reason)}
    held.row = replace(held.row, suspended=True, wake_at=None)
    return held.record(command, said=said)


def resume(held: Held, command: Resume) -> Done:
    said = {"reason": questions.reason(command.reason)}
    held.row = replace(held.row, suspended=False, wake_at=held.row.next_due)
    return held.record(command, said=said)


def cancel(held: Held, command: Cancel) -> Done:
    said = {"reason": questions.reason(command.reason)}
    events = held.engine.cancel(held.at(command.at), by=command.actor.id)
    return held.record(command, events, said=said)


def add_member(held: Held, command: AddMember) -> Done:
    said = _person(held, command)
    if command.person == command.actor.id and held.only_for(command.actor):
        # Else they would still see the case when the cover has ended.
        raise Refused("You are in this case only for somebody else.", {"person": "Choose another"})
    store.cases.put_members(held.unit, held.row.id, [as_person(command.person)], held.row.seq + 1)
    return held.record(command, said=said)


def exclude(held: Held, command: ExcludePerson) -> Done:
    said = _person(held, command)
    if held.beside is not None:  # it counts in the case that this one was merged into
        fallen = _shut_out(held.beside, command.person)
        held.beside.record(replace(command, key=None), said=said | fallen)
    fallen = _shut_out(held, command.person)
    return held.record(command, said=said | fallen)


def _shut_out(held: Held, person: str) -> dict[str, Any]:
    """What they had taken goes back to the others; their first signatures fall."""
    who = [as_person(person)]
    store.cases.put_members(held.unit, held.row.id, who, held.row.seq + 1, excluded=True)
    for row in store.work.of_case(held.unit, held.row.id):
        if row.assignee == person:
            store.work.assign(held.unit, held.row.id, row.task, None)
    fallen = signing.withdraw(held, person)
    return {"signatures": fallen} if fallen else {}


def _person(held: Held, command: AddMember | ExcludePerson) -> dict[str, Any]:
    """Whom it is about, and why. Raises `Refused` for whoever cannot be chosen."""
    person = store.accounts.find(held.unit, command.person)
    if person is None or (person.disabled and not is_system(command.actor)):
        raise Refused("There is no such person.", {"person": "Choose a person"})
    reason = questions.reason(command.reason)
    if held.members.get(as_person(command.person), False) and not is_system(command.actor):
        if isinstance(command, ExcludePerson):
            raise Conflict(f"{person.name} is shut out of this case already.")
        sentence = "This person is excluded from the case."
        raise Refused(sentence, {"person": "Choose somebody else"})
    return {"person": command.person, "name": person.name, "reason": reason}
