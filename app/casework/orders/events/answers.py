"""Reading what an order to record says: the answers to the event's form are the message.

A message without a form, and what other systems and drawings send, carries what it carries.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.casework.access import is_system
from app.casework.cases import LockedCase, plain
from app.casework.commands import DeliverMessage
from app.casework.errors import Refused
from app.casework.orders import answering, questions
from app.casework.orders.answering import Answered
from app.casework.orders.events.happenings import EventAsked, Happening, asked_of_event, happening
from app.engine import LONDON

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\Z")
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}")


@dataclass(frozen=True, slots=True)
class Recorded:
    """What an order to record says, read."""

    about: Happening | None
    asked: EventAsked | None
    answered: Answered
    #: what the message carries
    payload: Mapping[str, Any]

    def said(self, command: DeliverMessage) -> dict[str, Any]:
        """As the history keeps it: the answers are the message."""
        if self.asked is None or self.about is None:
            return {"message": command.message, "payload": self.payload}
        place = {"process": self.about.process, "element": self.about.element}
        another = {"another": command.another.strip()} if command.another.strip() else {}
        said = {"message": command.message, **place, "form": self.asked.form.id, **another}
        return said | self.answered.said()


def reading(locked: LockedCase, command: DeliverMessage) -> Recorded:
    """What is to be recorded. Raises `Refused` with a sentence for each answer that cannot stand,
    and for what no page offers: what diagrams or other systems send comes from them."""
    if is_system(command.actor):
        return _as_it_comes(None, command)
    about = happening(locked.loaded, command.message)
    if about is None:
        sentence = f"“{command.message[:60]}” is nothing that people record in this case."
        raise Refused(sentence, {"message": "Select what has happened"})
    asked = asked_of_event(locked, about, command.at)
    if asked is None:
        questions.details(command.given)
        return _as_it_comes(about, command)
    answered = answering.read(asked.form, command, asked.scope, asked.world, asked.known)
    return Recorded(about, asked, answered, answered.answers)


def _as_it_comes(about: Happening | None, command: DeliverMessage) -> Recorded:
    payload = {name: _value(value) for name, value in plain(command.given).items()}
    return Recorded(about, None, answering.NOTHING, payload)


def carried(said: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the message carried, by its history entry: the answers to its form, where it has one."""
    payload: Mapping[str, Any] = said["answers"] if "payload" not in said else said["payload"]
    return payload


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
