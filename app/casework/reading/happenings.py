"""What people can record in a case: the messages that its diagrams listen for, by their names.

Who may record one, and whether the case takes it now, is the order's.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.casework.cases.programs import Loaded
from app.engine.bpmn import Element

#: what the case that goes on is told of a merge, and nobody else says
MERGED, UNMERGED = "case_merged", "case_unmerged"


@dataclass(frozen=True, slots=True)
class Happening:
    """Something from outside that a person can record."""

    #: name of the message
    message: str
    #: what people call it: the name of the event that waits for it
    name: str


def happenings(loaded: Loaded) -> list[Happening]:
    """What the case's diagrams wait for or start with and nobody inside them sends.

    The property `from_people` of the event decides otherwise: "true" offers also what a diagram
    sends, "false" leaves out what only another system sends.
    """
    processes = loaded.program.processes.values()
    elements = [element for process in processes for element in process.elements.values()]
    sent = {
        element.message for element in elements if element.message and not _catches(element.kind)
    }
    events: dict[str, Element] = {}
    caught = [element for element in elements if _catches(element.kind)]
    for event in sorted(caught, key=lambda event: _CATCHES.index(event.kind)):
        if event.message and event.message not in (MERGED, UNMERGED) and _offered(event, sent):
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
