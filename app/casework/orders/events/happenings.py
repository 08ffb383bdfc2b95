"""What people can record in a case: the messages that its diagrams listen for, each with its form.

Who may record one, and whether the case takes it now, is the order's; what comes
of it the engine's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.casework.cases import Loaded, LockedCase, contexts, persons, records
from app.casework.drafts import draft_name as draft_name
from app.engine.bpmn import MERGED, UNMERGED, Element, told_by_people
from app.engine.feel import World
from app.engine.forms import Form, KnownAnswers, as_contexts, known

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


@dataclass(frozen=True, slots=True)
class EventAsked:
    """The form of an event, and what it stands on."""

    form: Form
    #: what its expressions may name: what is recorded in the whole case
    scope: Mapping[str, Any]
    world: World
    known: KnownAnswers


def asked_of_event(locked: LockedCase, about: Happening, at: datetime) -> EventAsked | None:
    """None: it has no form, so nothing is asked."""
    form = locked.form(about.form)
    if form is None:
        return None
    loaded, world = locked.loaded, locked.world(locked.at(at))
    scope = {
        AWAITED: locked.engine.awaited(about.message),
        "records": records(locked, loaded.asked(form, about.process)),
        "persons": as_contexts(persons(locked)) if loaded.asks_for_persons(form) else [],
        "matters": contexts(locked) if loaded.asks_for_matters(form) else [],
        "settings": loaded.program.settings,
    }
    return EventAsked(form, scope, world, known(form, scope, world))


def merge_says(message: str) -> bool:
    """Whether only a merge of cases says it."""
    return message in (MERGED, UNMERGED)


def _happening(message: str, event: Element) -> Happening:
    return Happening(
        message=message,
        name=event.name or message.replace("_", " ").capitalize(),
        about=" ".join((event.documentation or "").split()),
        element=event.id,
        process=event.process,
        form=event.rules.form,
    )
