"""Owns what a rule sees: one process with its flows sorted by end, amid the whole deployment.

The rules themselves are in the modules beside this one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from app.documents import STARTER, Template
from app.engine import Severity
from app.engine.bpmn import WORDS, Drawn, Element, Flow, Process, called, definitions, said
from app.engine.bpmn.reading import dialect
from app.engine.forms import Form
from app.validation.shapes import roles_of


@dataclass(frozen=True, slots=True)
class Known:
    """What stands beside a process in its deployment."""

    processes: Mapping[str, Process] = field(default_factory=dict)
    forms: Mapping[str, Form] = field(default_factory=dict)
    #: ids of all forms, those that cannot be read included
    form_ids: frozenset[str] = frozenset()
    #: decision id → names of its inputs
    decisions: Mapping[str, frozenset[str]] = field(default_factory=dict)
    #: names of mail templates, and their texts
    templates: frozenset[str] = frozenset()
    mails: Mapping[str, str] = field(default_factory=dict)
    #: ids of messages without a name, which are called by their id
    nameless: frozenset[str] = frozenset()
    #: documents by their id
    documents: Mapping[str, Template] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    #: True when the set has its settings: then what is missing is an error, not a warning
    complete: bool = False
    #: what rules work out once for the whole deployment
    memo: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def groups(self) -> frozenset[str]:
        """Whom a task or mail may be for: the roles, and who began the case; empty where the
        settings tell no role."""
        roles = roles_of(self.settings)
        return roles | {STARTER} if roles else roles

    def severity(self) -> Severity:
        return "error" if self.complete else "warning"


@dataclass(frozen=True, slots=True)
class Said:
    """What a rule has to say; the registry makes it a finding."""

    element_id: str | None
    sentence: str
    #: overrides the rule's own severity
    severity: Severity | None = None


class View:
    """One process, as the rules see it."""

    def __init__(self, drawn: Drawn, known: Known) -> None:
        self.drawn = drawn
        self.known = known
        self.process = drawn.process
        self.elements: Mapping[str, Element] = drawn.process.elements
        self.flows: Mapping[str, Flow] = drawn.process.flows
        self._out: dict[str, list[Flow]] = {}
        self._into: dict[str, list[Flow]] = {}
        for flow in self.flows.values():
            self._out.setdefault(flow.source, []).append(flow)
            self._into.setdefault(flow.target, []).append(flow)
        #: what several rules work out once
        self.memo: dict[str, Any] = {}
        self._definitions: dict[str, list[etree._Element]] = {}
        self._members: dict[str | None, list[Element]] = {}
        self._boundary: dict[str, list[Element]] = {}
        for element in self.elements.values():
            self._members.setdefault(element.scope, []).append(element)
            if element.attached_to:
                self._boundary.setdefault(element.attached_to, []).append(element)

    def out(self, id: str) -> list[Flow]:
        return self._out.get(id, [])

    def into(self, id: str) -> list[Flow]:
        return self._into.get(id, [])

    def of(self, *kinds: str) -> Iterator[Element]:
        return (element for element in self.elements.values() if element.kind in kinds)

    def within(self, kinds: Collection[str]) -> Iterator[Element]:
        return (element for element in self.elements.values() if element.kind in kinds)

    def members(self, scope: str | None) -> list[Element]:
        """Flow nodes that lie directly in a sub-process, or in the process itself."""
        return self._members.get(scope, [])

    def scopes(self) -> Iterator[str | None]:
        """The process itself (None) and every sub-process that holds something."""
        yield None
        yield from (scope for scope in self._members if scope is not None)

    def boundary(self, id: str) -> list[Element]:
        return self._boundary.get(id, [])

    def node(self, id: str) -> etree._Element:
        return self.drawn.nodes[id]

    def properties(self, id: str | None) -> Mapping[str, str]:
        """The properties of an element as drawn, or of the process (None); for rules only."""
        node = self.drawn.node if id is None else self.node(id)
        held: dict[str | None, Mapping[str, str]] = self.memo.setdefault("properties", {})
        if id not in held:
            held[id] = dialect.properties(node)
        return held[id]

    def forms_of(self, element: Element) -> Iterator[Form]:
        """Those of the set that it asks, or shows: its own, its brief, its guest's, its event's."""
        rules = element.rules
        for id in (element.form, rules.brief, rules.guest, rules.form):
            form = self.known.forms.get(id or "")
            if form is not None:
                yield form

    def definitions(self, id: str) -> list[etree._Element]:
        """The event definitions of an event."""
        if id not in self._definitions:
            self._definitions[id] = definitions(self.node(id), self.drawn.declared)
        return self._definitions[id]

    def the(self, id: str | None) -> str:
        """“The user task “Meet the family”” at the start of a sentence."""
        element = self.elements.get(id or "")
        return said(element.kind, element.id, element.name) if element else f"The element {id}"

    def a(self, id: str | None) -> str:
        """The same without the article."""
        element = self.elements.get(id or "")
        return called(element.kind, element.id, element.name) if element else f"element {id}"

    def flow(self, flow: Flow) -> str:
        """What a sentence calls a flow: its label, else its two ends."""
        if flow.name and flow.name.strip():
            return f"flow “{' '.join(flow.name.split())}” from the {self.a(flow.source)}"
        return f"flow from the {self.a(flow.source)} to the {self.a(flow.target)}"

    def scope_name(self, scope: str | None) -> str:
        """The process or sub-process, for sentences."""
        if scope is not None:
            return self.a(scope)
        return f"process “{self.process.name or self.process.id}”"

    @staticmethod
    def word(kind: str) -> str:
        return WORDS.get(kind, kind)
