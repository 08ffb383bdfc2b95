"""Orders about a whole case: signal, wake, deadlines, suspend, resume, cancel, what is tried again.

Each takes the locked case and the order. Orders about a task are `tasks`', what people
record `recording`'s, who belongs to a case `authority`'s, new cases `starting`'s.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from app import store
from app.casework.cases import LockedCase, mail_about
from app.casework.commands import (
    Cancel,
    DeliverSignal,
    Done,
    MoveDeadline,
    ReplanCase,
    Resume,
    RetryIncident,
    SendAgain,
    Suspend,
    WakeCase,
)
from app.casework.errors import NotFound, Refused
from app.casework.letters import addressee, once_more
from app.casework.orders import questions
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


def send_again(locked: LockedCase, command: SendAgain) -> Done:
    """Raises NotFound for a letter that is not of this case, Conflict while it is being sent."""
    unit = locked.unit
    letter = store.work.letters.find(unit, locked.row.id, command.letter)
    if letter is None:
        raise NotFound
    said = {"letter": letter.id, "person": letter.person or "", "name": addressee(unit, letter)}
    once_more(unit, letter, command.at)
    return locked.record(command, said=said)
