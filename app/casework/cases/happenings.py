"""What people can record in a case: the messages that its diagrams listen for, each with its form.

Who may record one, and whether the case takes it now, is the order's; what comes
of it the engine's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.casework.cases.earlier_answers import records
from app.casework.cases.loaded_program import Loaded
from app.casework.cases.locked_case import LockedCase
from app.casework.cases.persons import persons
from app.engine.bpmn import Element, told_by_people
from app.engine.forms import as_contexts

#: in an event's form: the keys by which the case waits for it now
AWAITED = "awaited"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """Something from outside that a person can record."""

    #: name of the message
    message: str
    #: what people call it: the name of the event that waits for it
    name: str
    #: what it is, in a sentence
    about: str = ""
    #: the event, and the process that holds it
    element: str = ""
    process: str = ""
    #: id of the form whose answers are the message
    form: str | None = None


def happenings(loaded: Loaded) -> list[Happening]:
    """By name."""
    events = told_by_people(loaded.program.processes.values())
    known = [_happening(message, event) for message, event in events.items()]
    return sorted(known, key=lambda happening: happening.name)


def happening(loaded: Loaded, message: str) -> Happening | None:
    """The one by which people record this message."""
    return next((known for known in happenings(loaded) if known.message == message), None)


def event_scope(locked: LockedCase, about: Happening) -> dict[str, Any]:
    """What the expressions of the event's form may name: what is recorded in the whole case."""
    form = locked.form(about.form)
    asked = locked.loaded.asked(form, about.process) if form is not None else {}
    settings: Mapping[str, Any] = locked.loaded.program.settings
    named = form is not None and locked.loaded.asks_for_persons(form)
    return {
        AWAITED: locked.engine.awaited(about.message),
        "records": records(locked, asked),
        "persons": as_contexts(persons(locked)) if named else [],
        "settings": settings,
    }


def _happening(message: str, event: Element) -> Happening:
    return Happening(
        message=message,
        name=event.name or message.replace("_", " ").capitalize(),
        about=" ".join((event.documentation or "").split()),
        element=event.id,
        process=event.process,
        form=event.rules.form,
    )
