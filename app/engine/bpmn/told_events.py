"""Which messages people record, and by which event of a set of processes each is known to them.

Who may record one is casework's; whether a form is missing, the lint's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.engine.bpmn.model import Element, Process
from app.engine.bpmn.properties import CATCHES

#: what the case that goes on is told of a merge, and nobody else says
MERGED, UNMERGED = "case_merged", "case_unmerged"
#: the start event's name says best what a message is about
_ORDER = ("startEvent", "intermediateCatchEvent", "receiveTask", "boundaryEvent")


def told_by_people(processes: Iterable[Process]) -> dict[str, Element]:
    """Name of the message → the event that speaks for it: what something waits for or starts with
    and nothing inside sends.

    The property `from_people` of the event decides otherwise: "true" offers also what a diagram
    sends, "false" leaves out what only another system sends. Of several events that wait for a
    message, one with a form speaks for it.
    """
    elements = [element for process in processes for element in process.elements.values()]
    sent = {each.message for each in elements if each.message and each.kind not in CATCHES}
    events: dict[str, Element] = {}
    for event in sorted(_catching(elements), key=_rank):
        stated = event.rules.from_people
        if event.message in (MERGED, UNMERGED):
            continue
        if event.message and (event.message not in sent if stated is None else stated):
            events.setdefault(event.message, event)
    return events


def event_forms(processes: Iterable[Process]) -> dict[str, list[Element]]:
    """Name of a message → the events with a form that wait for it."""
    events: dict[str, list[Element]] = {}
    for process in processes:
        for event in _catching(process.elements.values()):
            if event.message and event.rules.form is not None:
                events.setdefault(event.message, []).append(event)
    return events


def _catching(elements: Iterable[Element]) -> Iterator[Element]:
    return (element for element in elements if element.message and element.kind in CATCHES)


def _rank(event: Element) -> tuple[bool, int]:
    return event.rules.form is None, _ORDER.index(event.kind)
