"""Owns what the variables of a process can be: everything that sets one, over calls as well.

Only what is certain counts: one source of which nothing is known, and nothing is known of it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Any

from app.engine.bpmn import SCOPES, Element, Process
from app.engine.forms import Form
from app.validation.lint.places import Place
from app.validation.lint.view import Known, View
from app.validation.shapes import (
    NOTHING,
    Kept,
    Names,
    Record,
    Several,
    Shape,
    all_merged,
    answers_shape,
    item_of,
    look_up,
    records_shape,
    settings_shape,
)

#: a variable that still changes after so many rounds can be anything
MOST_ROUNDS = 30
_THROWS = ("endEvent", "intermediateThrowEvent", "sendTask")


class Sources:
    """What the names of a deployment can be; made once a deployment."""

    def __init__(self, known: Known) -> None:
        self.known = known
        self.settings = settings_shape(known.settings)
        self._records: dict[str, Record] = {}
        self._kept: Kept = {}
        self._found: dict[tuple[str, str], Shape] = {}
        self._waiting: deque[tuple[Process, str]] = deque()
        self._asking: tuple[Process, str] | None = None
        self._readers: dict[tuple[str, str], dict[tuple[str, str], tuple[Process, str]]] = {}
        self._rounds: dict[tuple[str, str], int] = {}
        self._answers: dict[str, Record] = {}
        self._sent: dict[str, list[tuple[Process, Element]]] = {}
        self._callers: dict[str, list[tuple[Process, Element]]] = {}
        for process in known.processes.values():
            for element in process.elements.values():
                if element.message and element.kind in _THROWS:
                    self._sent.setdefault(element.message, []).append((process, element))
                if element.called_process:
                    self._callers.setdefault(element.called_process, []).append((process, element))

    def records(self, process: Process) -> Record:
        """`records` as the texts of this process mean it."""
        if process.id not in self._records:
            processes = {**self.known.processes, process.id: process}.values()
            shape = records_shape(
                processes, self.known.forms, self.settings, process.id, self._kept
            )
            self._records[process.id] = shape
        return self._records[process.id]

    def answers(self, form: Form) -> Record:
        if form.id not in self._answers:
            self._answers[form.id] = answers_shape(form.title or form.id, form, self.settings)
        return self._answers[form.id]

    def variable(self, process: Process, name: str) -> Shape:
        """What a declared variable can be anywhere in its process."""
        key = process.id, name
        if self._asking is not None:
            reader, asks = self._asking
            self._readers.setdefault(key, {})[reader.id, asks] = self._asking
        if key not in self._found:
            self._found[key] = NOTHING
            self._waiting.append((process, name))
        if self._asking is None:
            self._settle()
        return self._found[key]

    def _settle(self) -> None:
        """Works out what waits until nothing changes any more: variables are set from others."""
        while self._waiting:
            process, name = self._waiting.popleft()
            key = process.id, name
            self._rounds[key] = self._rounds.get(key, 0) + 1
            self._asking = process, name
            shape = self._set(process, name) if self._rounds[key] < MOST_ROUNDS else None
            self._asking = None
            if shape != self._found[key]:
                self._found[key] = shape
                self._waiting += self._readers.get(key, {}).values()

    def _set(self, process: Process, name: str) -> Shape:
        if name not in process.variables:
            return None
        return all_merged(self._setting(process, name))

    def _setting(self, process: Process, name: str) -> Iterator[Shape]:
        yield look_up(process.variables[name], self.names(process, None))[0]
        if process.start_form is not None:
            yield self._asked(process.start_form, name)
        for caller, call in self._callers.get(process.id, ()):
            mapped = [
                mapping for mapping in call.inputs if mapping.target.partition(".")[0] == name
            ]
            for each in mapped:
                yield self._mapped(each.source, each.target, self.names(caller, call))
            if not mapped and call.all_in:
                local, shape = self._local(caller, call, name)
                if local or name in caller.variables:
                    yield shape if local else self.variable(caller, name)
        for element in process.elements.values():
            yield from self._setting_at(process, element, name)

    def _setting_at(self, process: Process, element: Element, name: str) -> Iterator[Shape]:
        mapped = [each for each in element.outputs if each.target.partition(".")[0] == name]
        for each in mapped:
            yield self._mapped(each.source, each.target, self.brought(process, element))
        if element.loop is not None and element.loop.output_collection == name:
            yield Several(
                look_up(_bare(element.loop.output_element), self.brought(process, element))[0]
            )
        if element.outputs:
            return
        if element.kind == "userTask" and element.form is not None:
            yield self._asked(element.form, name)
        elif element.kind == "businessRuleTask":
            yield None if name in (element.result_variable, element.decision) else NOTHING
        elif element.kind == "callActivity":
            called = self.known.processes.get(element.called_process or "")
            if element.all_out and (called is None or name in called.variables):
                yield None if called is None else self.variable(called, name)
        elif (element.message or element.signal) and element.kind not in _THROWS:
            yield from self._delivered(element, name)
        elif element.kind in ("scriptTask", "serviceTask"):
            yield None if element.result_variable == name else NOTHING

    def _delivered(self, element: Element, name: str) -> Iterator[Shape]:
        """What a message brings: what those who send it put in; anything, from elsewhere."""
        senders = self._sent.get(element.message or "", ())
        if element.rules.form is not None:
            yield self._asked(element.rules.form, name)
        elif not senders:
            yield None
        for process, sender in senders:
            for each in sender.inputs:
                if each.target.partition(".")[0] == name:
                    yield self._mapped(each.source, each.target, self.names(process, sender))

    def _asked(self, form: str, name: str) -> Shape:
        """The answer of this name, or nothing where the form does not ask for it."""
        known = self.known.forms.get(form)
        return None if known is None else self.answers(known).keys.get(name, NOTHING)

    def _mapped(self, source: str, target: str, names: Names) -> Shape:
        if "." in target:
            return None
        if not source.strip().startswith("="):
            return look_up(f'"{source}"', names)[0]
        return look_up(_bare(source), names)[0]

    def names(self, process: Process, element: Element | None) -> Names:
        """The names known at an element, or in the process itself (None)."""

        def shape(name: str) -> Shape:
            if name == "settings":
                return self.settings
            local, local_shape = self._local(process, element, name)
            if local:
                return local_shape
            return self.variable(process, name) if process.variables else None

        return shape

    def _local(self, process: Process, element: Element | None, name: str) -> tuple[bool, Shape]:
        """(whether there is one, shape) of a mapping or item of this name around the element."""
        around = element
        while around is not None:
            outer = process.elements.get(around.scope or "")
            if around.attached_to:
                outer = process.elements.get(around.attached_to) or outer
            for each in around.inputs:
                if each.target.partition(".")[0] == name:
                    names = self.names(process, outer)
                    kept = around.kind not in SCOPES or not self._overwritten(process, name)
                    return True, self._mapped(each.source, each.target, names) if kept else None
            if around.loop is not None and around.loop.element == name:
                listed = look_up(_bare(around.loop.collection), self.names(process, outer))[0]
                return True, item_of(listed) if isinstance(listed, Several) else None
            around = outer
        return False, None

    @staticmethod
    def _overwritten(process: Process, name: str) -> bool:
        """Whether something sets the name, so that what a sub-process was given may change."""
        every = process.elements.values()
        return any(each.target == name for element in every for each in element.outputs)

    def brought(self, process: Process, element: Element) -> Names:
        """The names in an output mapping: what completing the element brings comes first."""
        form = self.known.forms.get(element.form or "") if element.kind == "userTask" else None
        called = self.known.processes.get(element.called_process or "")
        inner = self.names(process, element)

        def shape(name: str) -> Shape:
            if name == "settings":
                return self.settings
            if form is not None:
                answers = self.answers(form)
                return answers.keys[name] if name in answers.keys else (
                    answers if name == "answers" else inner(name)
                )  # fmt: skip
            if called is not None and name in called.variables:
                return self.variable(called, name)
            closed = element.kind in ("userTask", "subProcess", "task", "manualTask", "startEvent")
            return inner(name) if closed and not element.message else None

        return shape

    def at(self, view: View, place: Place) -> Names:
        """The names known at a place of a process."""
        element = view.elements.get(place.id)
        flow = view.flows.get(place.id)
        if flow is not None:  # a flow lies in what holds its source
            source = view.elements.get(flow.source)
            return self.names(view.process, view.elements.get((source and source.scope) or ""))
        if element is not None and place.at in ("output", "result", "completion", "happened"):
            return self.brought(view.process, element)
        if element is not None and place.at in ("input", "collection"):
            outer = element.attached_to if element.attached_to else element.scope
            if place.at == "collection":
                return self.names(view.process, view.elements.get(outer or ""))
        return self.names(view.process, element)


def sources(view: View) -> Sources:
    """Made once for all processes of a deployment."""
    memo: dict[str, Any] = view.known.memo
    if "sources" not in memo:
        memo["sources"] = Sources(view.known)
    kept: Sources = memo["sources"]
    return kept


def _bare(text: str | None) -> str:
    return (text or "null").strip().removeprefix("=").strip()
