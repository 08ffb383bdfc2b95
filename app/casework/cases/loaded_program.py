"""A version of the diagrams that cases run on: what lies where in it.

What people can record in a case is `orders.events`'.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property

from app.documents import Template, read_documents
from app.engine import Program
from app.engine.ahead import Chain, ahead
from app.engine.ahead_steps import Ahead
from app.engine.bpmn import ALL, Element, Process, Record, RecordNames
from app.engine.bpmn import MERGED as MERGED
from app.engine.bpmn import UNMERGED as UNMERGED
from app.engine.forms import Form, marks_something, names_in
from app.engine.forms.matters import follows_matters

#: what expressions call the persons of the case
PERSONS = "persons"
#: … and the matters that it follows
MATTERS = "matters"
#: walks that are kept; one for each task and way of calling it
_MOST_WALKS = 2_000
_WORD = re.compile(rb"[A-Za-z_][A-Za-z0-9_]*")


class Loaded:
    """A program, ready to run, with where its elements lie."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._of: dict[str, list[Element]] = {}
        self._asked: dict[tuple[str, str], Mapping[str, Record]] = {}
        self._names: dict[str, frozenset[str]] = {}
        self._ahead: dict[Chain, Ahead] = {}
        for process in program.processes.values():
            for element in process.elements.values():
                self._of.setdefault(element.id, []).append(element)

    def element(self, process: str, id: str) -> Element | None:
        """The element of that process. `process` "" (an old row tells none): the only one of that
        id; None where several processes have one."""
        if not process:
            several = self._of.get(id, [])
            return several[0] if len(several) == 1 else None
        drawn = self.program.processes.get(process)
        return drawn.elements.get(id) if drawn is not None else None

    def holder(self, process: str, id: str) -> str:
        """`process`, or where an old row tells none, the only one that has the element; else ""."""
        element = None if process else self.element("", id)
        return element.process if element is not None else process

    @cached_property
    def record_names(self) -> RecordNames:
        return RecordNames(self.program.processes.values())

    def asked(self, form: Form, process: str) -> Mapping[str, Record]:
        """The records that a form of this process may ask for: name → what it stands for there."""
        key = form.id, process
        if key not in self._asked:
            words = self._words(form)
            self._asked[key] = {
                name: meant
                for name, meant in self.record_names.clear(process).items()
                if name in words or f"{name}{ALL}" in words
            }
        return self._asked[key]

    def process(self, id: str) -> Process | None:
        return self.program.processes.get(id)

    def form(self, id: str | None) -> Form | None:
        return self.program.forms.get(id) if id else None

    @cached_property
    def step_forms(self) -> Mapping[tuple[str, str], Form]:
        """(process, step) → the form that is answered there: of a task, of an event that people
        record, and under the process's own id what its start form asks."""
        asked = {
            (process.id, element.id): element.form or element.rules.form
            for process in self.program.processes.values()
            for element in process.elements.values()
        }
        asked |= {(id, id): process.start_form for id, process in self.program.processes.items()}
        forms = ((step, self.form(form)) for step, form in asked.items())
        return {step: form for step, form in forms if form is not None}

    def form_of_step(self, process: str, step: str) -> Form | None:
        """As `step_forms` has it; an old row may not tell the process."""
        return self.step_forms.get((self.holder(process, step), step))

    @cached_property
    def marked_steps(self) -> Mapping[tuple[str, str], Form]:
        """Of `step_forms` those in which people or references of a case are marked."""
        return {step: form for step, form in self.step_forms.items() if marks_something(form)}

    def asks_for_persons(self, form: Form) -> bool:
        """Whether something in the form is drawn from the persons of the case."""
        return PERSONS in self._names_in(form)

    @cached_property
    def matter_steps(self) -> Mapping[tuple[str, str], Form]:
        """Of `step_forms` those that name matters to follow, or say how one stands."""
        return {step: form for step, form in self.step_forms.items() if follows_matters(form)}

    def asks_for_matters(self, form: Form) -> bool:
        """Whether something in the form speaks of the matters of the case."""
        return MATTERS in self._names_in(form)

    def _names_in(self, form: Form) -> frozenset[str]:
        if form.id not in self._names:
            self._names[form.id] = names_in(form)
        return self._names[form.id]

    @cached_property
    def heard(self) -> frozenset[str]:
        """Names of the signals that something drawn here catches."""
        throws = ("intermediateThrowEvent", "endEvent")
        elements = (
            element
            for process in self.program.processes.values()
            for element in process.elements.values()
        )
        return frozenset(
            element.signal for element in elements if element.signal and element.kind not in throws
        )

    @cached_property
    def documents(self) -> Mapping[str, Template]:
        return read_documents(self.program.files)[0]

    @cached_property
    def publishing(self) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """(process, step) → ids of the documents that are published with it, of those whose
        manifests say what is told of them."""
        known = {id for id, each in self.documents.items() if each.manifest.published is not None}
        return {
            (process.id, element.id): named
            for process in self.program.processes.values()
            for element in process.elements.values()
            if (named := tuple(id for id in element.rules.publishes if id in known))
        }

    def ahead(self, chain: Chain) -> Ahead:
        """What comes after a task in these scopes; walked once."""
        if chain not in self._ahead:
            if len(self._ahead) >= _MOST_WALKS:
                self._ahead.clear()
            self._ahead[chain] = ahead(self.program, chain)
        return self._ahead[chain]

    def _words(self, form: Form) -> frozenset[str]:
        """Every word in the form's file: no record of another name can be asked for by it."""
        content = self.program.files.get(form.file, b"")
        words = {word.decode() for word in _WORD.findall(content)}
        return frozenset(words if "records" in words else ())
