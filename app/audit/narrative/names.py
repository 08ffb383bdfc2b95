"""Names for ids: elements by their diagram, people and groups by the configuration.

A missing name falls back to the id in plain form, so that a sentence never fails.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from app.documents import CONTRIBUTORS, STARTER
from app.engine import Program, plain
from app.engine.bpmn import Element, Flow, Process
from app.engine.feel import Calendar
from app.engine.lateness import WorkingDay
from app.engine.old_places import Holders

_KINDS = {
    "boundaryEvent": "the event",
    "startEvent": "the start",
    "endEvent": "the end",
    "subProcess": "the sub-process",
    "callActivity": "the call",
}


@dataclass(frozen=True)
class Words:
    """What ids are called. `program` is the deployment the case is pinned to."""

    program: Program | None = None
    #: person id → "Priya Shah (Partnership team)"
    people: Mapping[str, str] = field(default_factory=dict)
    #: role id → "Partnership team"
    groups: Mapping[str, str] = field(default_factory=dict)
    #: a group as it is called at an instant, with who has taken its place by then
    named: Callable[[str, datetime], str] | None = None
    #: what a working day is; None: not known, and plain days are counted
    working: WorkingDay | None = None
    #: the one that holds what deadlines name; it goes before `working`
    calendar: Calendar | None = None

    def working_day(self, mark: str) -> WorkingDay | None:
        """What a working day is to a limit that counts by this calendar."""
        if self.calendar is None:
            return self.working
        return self.calendar.marked(mark).is_working_day

    @cached_property
    def _holders(self) -> Holders | None:
        return Holders(self.program) if self.program else None

    def holder(self, process: str | None, key: str) -> str | None:
        """The process in which the element or flow lies; see `old_places`."""
        holder = self._holders.of(process, key) if self._holders else None
        return holder or process

    def element(self, process: str | None, key: str) -> Element | None:
        definition = self._process(process, key)
        return definition.elements.get(key) if definition else None

    def name(self, process: str | None, key: str) -> str:
        """“Return scoping form”; an unnamed event is told by what it sits on."""
        element = self.element(process, key)
        if element is None:
            return plain(key)
        if element.name:
            return " ".join(element.name.split())
        kind = _KINDS.get(element.kind, plain(key))
        if element.attached_to:
            return f"{kind} on “{self.name(process, element.attached_to)}”"
        return kind

    def flow(self, process: str | None, key: str) -> Flow | None:
        definition = self._process(process, key)
        return definition.flows.get(key) if definition else None

    def _process(self, process: str | None, key: str) -> Process | None:
        holder = self.holder(process, key)
        return self.program.processes.get(holder) if self.program and holder else None

    def process(self, key: str) -> str:
        definition = self.program.processes.get(key) if self.program else None
        return (definition.name if definition else None) or plain(key)

    def decision(self, key: str) -> str:
        return (self.program.decisions.ids.get(key) if self.program else None) or plain(key)

    def has_rules(self, key: str) -> bool:
        """Whether a decision is a table, not an expression; also where its program is lost."""
        return self.program is None or key in self.program.decisions.tables

    def person(self, key: str) -> str:
        return self.people.get(key, key)

    def group(self, key: str, at: datetime | None = None) -> str:
        """`role` or `role:value` → the role's name, and the value where there is one."""
        if key == STARTER:
            return "whoever began the case"
        if key == CONTRIBUTORS:
            return "those who were asked"
        if self.named is not None and at is not None and key.partition(":")[0] in self.groups:
            return self.named(key, at)
        role, _, value = key.partition(":")
        name = self.groups.get(role, plain(role))
        return f"{name} ({plain(value)})" if value else name
