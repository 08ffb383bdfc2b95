"""Names for ids: elements by their diagram, people and groups by the configuration.

A missing name falls back to the id in plain form, so that a sentence never fails.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from app.audit.wording import plain
from app.engine.drawing.program import Element, Flow, Program

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

    @cached_property
    def _anywhere(self) -> Mapping[str, Element]:
        """Elements of all processes by id; of equal ids the first process's."""
        found: dict[str, Element] = {}
        for process in self.program.processes.values() if self.program else ():
            for key, element in process.elements.items():
                found.setdefault(key, element)
        return found

    def element(self, process: str | None, key: str) -> Element | None:
        """The element, in that process first (ids are unique only within one)."""
        own = self.program.processes.get(process or "") if self.program else None
        if own is not None and key in own.elements:
            return own.elements[key]
        return self._anywhere.get(key)

    def name(self, process: str | None, key: str) -> str:
        """“Return scoping form”; an unnamed event is told by what it sits on."""
        found = self.element(process, key)
        if found is None:
            return plain(key)
        if found.name:
            return " ".join(found.name.split())
        kind = _KINDS.get(found.kind, plain(key))
        if found.attached_to:
            return f"{kind} on “{self.name(process, found.attached_to)}”"
        return kind

    def flow(self, process: str | None, key: str) -> Flow | None:
        for each in self.program.processes.values() if self.program else ():
            if key in each.flows and process in (None, each.id):
                return each.flows[key]
        return None if process is None else self.flow(None, key)

    def process(self, key: str) -> str:
        found = self.program.processes.get(key) if self.program else None
        return (found.name if found else None) or plain(key)

    def decision(self, key: str) -> str:
        return (self.program.decisions.ids.get(key) if self.program else None) or plain(key)

    def person(self, key: str) -> str:
        return self.people.get(key, key)

    def group(self, key: str) -> str:
        """`role` or `role:value` → the role's name, and the value where there is one."""
        role, _, value = key.partition(":")
        name = self.groups.get(role, plain(role))
        return f"{name} ({plain(value)})" if value else name
