"""What belongs to the meetings of a case: the steps that a mail about one names, the events among
them by which people call or move one, and what they named for somebody to do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.casework.commands import DeliverMessage
from app.casework.orders import ORDERS, events, refusal
from app.casework.orders.events import Happening
from app.casework.reading.case.beside.matters import MatterLine, matter_lines
from app.casework.reading.look import Look
from app.documents import MAIL, MEETING_NEEDS, MEETING_PAPERS, MEETING_STEPS
from app.engine.bpmn import Element, listed

#: (process, element)
Step = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingParts:
    steps: frozenset[Step]
    #: ids of documents
    papers: frozenset[str]
    #: what the person can record now: that one is called, moves, or is off
    calls: tuple[Happening, ...]
    #: what its meetings named for somebody to do
    actions: tuple[MatterLine, ...]


def meeting_parts(seen: Look) -> MeetingParts:
    mails = list(meeting_mails(seen))
    steps = _steps(mails)
    papers = (paper for mail in mails for paper in listed(mail.headers.get(MEETING_PAPERS, "")))
    return MeetingParts(
        steps=steps,
        papers=frozenset(papers),
        calls=_calls(seen, steps),
        actions=matter_lines(seen, steps),
    )


def meeting_mails(seen: Look) -> Iterator[Element]:
    """The mails of the case's drawings that call, move or call off a meeting."""
    for process in seen.locked.loaded.program.processes.values():
        for element in process.elements.values():
            if element.effect == MAIL and element.headers.keys() >= MEETING_NEEDS:
                yield element


def _steps(mails: list[Element]) -> frozenset[Step]:
    """A name with a dot is a step of another process."""
    steps = set()
    for mail in mails:
        for name in listed(mail.headers.get(MEETING_STEPS, "")):
            process, dot, step = name.rpartition(".")
            steps.add((process if dot else mail.process, step))
    return frozenset(steps)


def _calls(seen: Look, steps: frozenset[Step]) -> tuple[Happening, ...]:
    """Of those that begin one, all; of the others, those that something waits for."""
    locked = seen.locked
    if not ORDERS[DeliverMessage].allows(locked.installation.roles, seen.person):
        return ()
    return tuple(
        about
        for about in events.happenings(locked.loaded)
        if (about.process, about.element) in steps
        and (_begins(seen, about) or locked.engine.hears(about.message))
        and refusal(locked, DeliverMessage, seen.person, message=about.message) is None
    )


def _begins(seen: Look, about: Happening) -> bool:
    """Whether it starts a process, so that nothing has to wait for it."""
    event = seen.locked.loaded.program.processes[about.process].elements[about.element]
    return event.kind == "startEvent" and event.scope is None
