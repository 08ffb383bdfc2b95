"""Recording that something has happened: it moves the case, and stands among its answers.

That the same was recorded before is asked about. Taking it back is `taking_back`'s.
"""

from __future__ import annotations

from app import store
from app.casework.cases import LockedCase, keep_known_by, keep_part
from app.casework.commands import DeliverMessage, Done
from app.casework.errors import Refused
from app.casework.orders.events.answers import Recorded, reading
from app.casework.orders.events.before import TOLD, before
from app.casework.orders.events.happenings import Happening, draft_name, merge_says
from app.engine import Event, Fault, MessageBuffered, MessageReceived, MessageUnbuffered
from app.store import DoneRow

#: timers that fire before what is recorded
_FIRST = 100


def deliver(locked: LockedCase, command: DeliverMessage) -> Done:
    if merge_says(command.message):
        raise Refused("Only a merge says this.", {"message": "Merge the cases instead"})
    told = reading(locked, command)
    if told.about is not None and not command.another.strip():
        same = before(locked, told)
        if same is not None:
            raise Refused(same.sentence, {"another": f"{same.sentence} Say why this is another"})
    events = moved(locked, command, told)
    done = locked.record(command, events, said=told.said(command))
    draft = draft_name(command.message)
    store.work.answers.drop_draft(locked.unit, locked.row.id, draft, command.actor.id)
    if told.about is not None and told.asked is not None:
        line = _line(told.about, command, done, events)
        store.work.answers.add(locked.unit, locked.row.id, [line])
        keep_known_by(locked, line.process, line.element)
        keep_part(locked, line.element)
    return done


def moved(locked: LockedCase, command: DeliverMessage, told: Recorded) -> list[Event]:
    """What comes of it in the engine."""
    over = locked.row.ended_at is not None
    engine = locked.engine
    events = list(engine.message(command.message, told.payload, locked.at(command.at)))
    if over and engine.next_due() is None and not engine.open_tasks():
        # Nobody is left to wait for it: it is a dead letter at once, and stays visible as one.
        events += [
            MessageUnbuffered(
                instance=event.instance, id=event.id, message=event.message, how="dead"
            )
            for event in events
            if isinstance(event, MessageBuffered)
        ]
    return events


def _line(about: Happening, command: DeliverMessage, done: Done, events: list[Event]) -> DoneRow:
    """The answers' place among those of the case: in the run that took the message in."""
    took = next((event.instance for event in events if isinstance(event, MessageReceived)), "")
    return DoneRow(
        task=f"{took}-m{done.seq}",
        element=about.element,
        process=about.process,
        label=None,
        item=None,
        at=command.at,
        by=command.actor.id,
        seq=done.seq,
        how=TOLD,
    )


def dry(locked: LockedCase, command: DeliverMessage, told: Recorded) -> list[Event]:
    """What would come of it, in a case that is thrown away: first what is due already, as the desk
    lets it fire, then this. Raises `Refused` where it cannot be."""
    at = locked.at(command.at)
    try:
        if locked.overdue(at):
            for _ in range(_FIRST):
                due = locked.engine.next_due()
                if due is None or due > at:
                    break
                locked.engine.wake(at)
        return moved(locked, command, told)
    except Fault as error:
        raise Refused(error.sentence, given=command.given) from error
