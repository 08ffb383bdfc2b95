"""What a person can choose from: people for a task or case, messages to deliver by hand."""

from __future__ import annotations

from dataclasses import dataclass

from app.casework.access import Person, as_person
from app.casework.cases.locked_case import Held
from app.casework.desk import Desk
from app.casework.errors import NotFound
from app.casework.orders.merging import MERGED, UNMERGED
from app.engine.bpmn.model import Element
from app.store import Unit, accounts, cases, work
from app.store.accounts import PersonRow

#: what only a merge says
_OURS = (MERGED, UNMERGED)


def _whole(desk: Desk, unit: Unit, person: Person, case: str) -> Held:
    """The case, for somebody who sees all of it."""
    row = cases.find(unit, case)
    if row is None:
        raise NotFound
    held = Held(desk.room, unit, row, cases.key_of(unit, row.id))
    if desk.roles.sight(person, held.members) not in ("case", "all"):
        raise NotFound
    return held


def people_for(desk: Desk, person: Person, case: str, task: str | None = None) -> list[PersonRow]:
    """Whom the person may give the task to, or add to the case.

    Nobody who is excluded, and for a task that needs two people not the one who signed it.
    """
    with desk.store.reading() as unit:
        held = _whole(desk, unit, person, case)
        everybody = accounts.everybody(unit)
        row = work.find(unit, held.row.id, task) if task is not None else None
    excluded = {who for who, out in held.members.items() if out}
    if row is not None and row.signed_by is not None:
        excluded.add(as_person(row.signed_by))  # somebody else must sign it too
    return [
        candidate
        for candidate in everybody
        if not candidate.disabled and as_person(candidate.id) not in excluded
    ]


@dataclass(frozen=True, slots=True)
class Happening:
    """Something from outside that a person can record."""

    #: name of the message
    message: str
    #: what people call it: the name of the event that waits for it
    name: str


def messages(desk: Desk, person: Person, case: str) -> list[Happening]:
    """What the case's diagrams wait for or start with and nobody inside them sends.

    The property `from_people` of the event decides otherwise: "true" offers also what a diagram
    sends, "false" leaves out what only another system sends.
    """
    desk.roles.demand(person, "message")
    with desk.store.reading() as unit:
        program = _whole(desk, unit, person, case).loaded.program
    elements = [
        element for process in program.processes.values() for element in process.elements.values()
    ]
    sent = {
        element.message for element in elements if element.message and not _catches(element.kind)
    }
    events: dict[str, Element] = {}
    caught = [element for element in elements if _catches(element.kind)]
    for event in sorted(caught, key=lambda event: _CATCHES.index(event.kind)):
        if event.message and event.message not in _OURS and _offered(event, sent):
            events.setdefault(event.message, event)
    known = [Happening(name, event.name or _words(name)) for name, event in events.items()]
    return sorted(known, key=lambda happening: happening.name)


#: the start event's name says best what a message is about
_CATCHES = ("startEvent", "intermediateCatchEvent", "receiveTask", "boundaryEvent")


def _catches(kind: str) -> bool:
    return kind in _CATCHES


def _offered(event: Element, sent: set[str]) -> bool:
    stated = event.rules.from_people
    return event.message not in sent if stated is None else stated


def _words(name: str) -> str:
    return name.replace("_", " ").capitalize()
