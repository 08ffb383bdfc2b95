"""Recording that something has happened: the answers to the event's form are the message.

A message without a form, and what other systems and drawings send, carries what it carries. That
the same was recorded before is asked about. Taking it back is `taking_back`'s.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app import store
from app.casework.access import is_system
from app.casework.cases import (
    Happening,
    LockedCase,
    event_scope,
    happening,
    history,
    name_of,
    plain,
)
from app.casework.commands import DeliverMessage, Done
from app.casework.errors import Refused
from app.casework.orders import answering, questions
from app.casework.orders.answering import Answered
from app.engine import LONDON, Event, MessageBuffered, MessageReceived, MessageUnbuffered, moment
from app.engine.bpmn import MERGED, UNMERGED
from app.engine.forms import Form, known
from app.store import DoneRow

#: how an event that was recorded stands among the answers of a case
TOLD = "told"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")


@dataclass(frozen=True, slots=True)
class Recorded:
    """What an order to record says, read."""

    about: Happening | None
    form: Form | None
    answered: Answered
    #: what the message carries
    payload: Mapping[str, Any]

    def said(self, command: DeliverMessage) -> dict[str, Any]:
        """As the history keeps it: the answers are the message."""
        if self.form is None or self.about is None:
            return {"message": command.message, "payload": self.payload}
        place = {"process": self.about.process, "element": self.about.element}
        another = {"another": command.another.strip()} if command.another.strip() else {}
        said = {"message": command.message, **place, "form": self.form.id, **another}
        return said | self.answered.said()


@dataclass(frozen=True, slots=True)
class Before:
    """That the same was recorded already."""

    at: datetime | None
    #: a name
    by: str
    #: what was recorded
    sentence: str


def deliver(locked: LockedCase, command: DeliverMessage) -> Done:
    if command.message in (MERGED, UNMERGED):
        raise Refused("Only a merge says this.", {"message": "Merge the cases instead"})
    told = reading(locked, command)
    if told.about is not None and not command.another.strip():
        same = before(locked, told)
        if same is not None:
            raise Refused(same.sentence, {"another": f"{same.sentence} Say why this is another"})
    events = moved(locked, command, told)
    done = locked.record(command, events, said=told.said(command))
    if told.about is not None and told.form is not None:
        line = _line(told.about, command, done, events)
        store.work.answers.add(locked.unit, locked.row.id, [line])
    return done


def reading(locked: LockedCase, command: DeliverMessage) -> Recorded:
    """What is to be recorded. Raises `Refused` with a sentence for each answer that cannot stand,
    and for what no page offers: what diagrams or other systems send comes from them."""
    if is_system(command.actor):
        return _as_it_comes(None, command)
    about = happening(locked.loaded, command.message)
    if about is None:
        sentence = f"“{command.message[:60]}” is nothing that people record in this case."
        raise Refused(sentence, {"message": "Select what has happened"})
    form = locked.form(about.form)
    if form is None:
        questions.details(command.given)
        return _as_it_comes(about, command)
    scope, world = event_scope(locked, about), locked.world(locked.at(command.at))
    answered = answering.read(form, command, scope, world, known(form, scope, world))
    return Recorded(about, form, answered, answered.answers)


def _as_it_comes(about: Happening | None, command: DeliverMessage) -> Recorded:
    payload = {name: _value(value) for name, value in plain(command.given).items()}
    return Recorded(about, None, answering.NOTHING, payload)


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


def carried(said: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the message carried, by its history entry: the answers to its form, where it has one."""
    payload: Mapping[str, Any] = said["answers"] if "payload" not in said else said["payload"]
    return payload


def before(locked: LockedCase, told: Recorded) -> Before | None:
    """The newest record of the same: the same event, with the same answers where they tell apart.

    What runs already for the same counts too, whoever told of it.
    """
    about = told.about
    if about is None or told.form is None:
        return None
    apart = {field.key for field in told.form.walk() if field.rules.tells_apart}
    mine = {key: _same(told.payload.get(key)) for key in apart}
    if apart and not any(mine.values()):
        return None  # nobody can tell, so it may be another
    rows = store.work.answers.of_elements(locked.unit, locked.row.id, [about.element])
    rows = [row for row in rows if row.how == TOLD and row.process == about.process]
    given = history.some(locked.unit, locked.key, {row.seq for row in rows})
    for row in reversed(rows):
        said = given[row.seq].said.get("answers") or {} if row.seq in given else {}
        if all(_same(said.get(key)) == mine[key] for key in apart):
            by = name_of(locked, row.by)
            sentence = f"“{about.name}” was recorded on {moment(row.at)} by {by}."
            return Before(row.at, by, sentence)
    return _running(locked, about, mine) if apart else None


def _running(locked: LockedCase, about: Happening, mine: Mapping[str, Any]) -> Before | None:
    for run in locked.engine.declared():
        variables = run["variables"]
        same = all(_same(variables.get(key)) == value for key, value in mine.items())
        if run["process"] == about.process and same:
            process = locked.loaded.process(about.process)
            name = (process.name if process is not None else None) or about.name
            return Before(None, "", f"“{name}” is open in this case already for the same.")
    return None


def _same(value: Any) -> Any:
    return " ".join(value.split()).casefold() if isinstance(value, str) else value


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
