"""Owns which answers each name of a deployment may carry: variables, items of loops, messages,
signals, results, called processes, and `records` by the step.

Beside `lint.sources`, which tells what is certain of a value's shape; here everything counts that
may be, so one more way to set a name only adds. Round after round, until nothing is added. An
answer that only decided what a variable was set to is not followed behind it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from functools import cache, partial

from app.engine.bpmn import ALL, Element, Process, RecordNames
from app.engine.bpmn.properties import CATCHES
from app.engine.forms import Form
from app.validation.lint.readers import asked
from app.validation.lint.readers.carried import (
    NOTHING,
    PERSONS,
    Carried,
    Names,
    carried,
    flat,
    put,
    spoken,
    taken,
    with_more,
)

_THROWS = ("endEvent", "intermediateThrowEvent", "sendTask")
Key = tuple[str, str]
_ANY = ""


class Flow:
    """Made once a deployment."""

    def __init__(
        self,
        processes: Mapping[str, Process],
        forms: Mapping[str, Form],
        decisions: Mapping[str, frozenset[str]],
    ) -> None:
        self.processes, self.forms, self.decisions = processes, forms, decisions
        self.record_names = RecordNames(processes.values())
        self._persons = cache(partial(asked.persons, tuple(forms.values())))
        self.matters = asked.matters(forms.values())
        self._answers: dict[str, Carried] = {}
        self._setting_of: dict[str, Mapping[str, list[Element]]] = {}
        self._held: dict[Key, Carried] = {}
        self._waiting: deque[Key] = deque()
        self._asking: Key | None = None
        self._readers: dict[Key, set[Key]] = {}
        self._callers: dict[str, list[tuple[Process, Element]]] = {}
        self._sent: dict[str, list[tuple[Process, Element]]] = {}
        for process in processes.values():
            for element in process.elements.values():
                if element.called_process:
                    self._callers.setdefault(element.called_process, []).append((process, element))
                if element.kind in _THROWS:
                    for name in _told(element):
                        self._sent.setdefault(name, []).append((process, element))
        self._of_matters = asked.matter_messages(forms.values())

    def names(self, process: Process, element: Element | None) -> Names:
        """At an element, or in the process itself (None)."""

        def holds(name: str) -> Carried:
            always = self._always(process, name)
            if always is not None:
                return always
            local = self._local(process, element, name)
            return self.variable(process.id, name) if local is None else local

        return holds

    def brought(self, process: Process, element: Element) -> Names:
        """In an output mapping: what completing the element brings, beside what is known there."""
        inner = self.names(process, element)
        given = self._form(element.form) | self._form(element.rules.form)

        def holds(name: str) -> Carried:
            if name == "answers":
                return given | inner(name)
            return taken(given, name) | self._delivered(element, name) | inner(name)

        return holds

    def of_form(self, process: Process, element: Element | None, form: Form) -> Names:
        """In a form that an element shows, or that starts the process: its own answers as well."""
        own = self._form(form.id)
        outer = self.names(process, element)
        return lambda name: taken(own, name) | outer(name)

    def of_document(self, status: Carried) -> Names:
        """In a document, which belongs to no process. `status`: what the case's status may say."""

        def holds(name: str) -> Carried:
            always = self._always(None, name)
            if name == "case":
                return put(status, ["status"])
            return NOTHING if always is None else always

        return holds

    def _always(self, process: Process | None, name: str) -> Carried | None:
        """What means the same everywhere; None for what does not."""
        if name in ("settings", "shut_out", "this", "parent", "i"):
            return NOTHING
        if name == "matters":
            return self.matters
        head, _, step = name.partition(".")
        if head == PERSONS:
            return self._persons(step or None)
        if head in ("records", "told"):
            return self.record(step, process.id if process else None) if step else self._all()
        return None

    def _all(self) -> Carried:
        return flat(NOTHING.union(*map(asked.answers, self.forms.values())))

    def record(self, name: str, own: str | None = None) -> Carried:
        """`records.<name>` in a text of process `own`; unclear, all that are called so."""
        names, bare = self.record_names, self.record_names.bare(name)
        meant = [names.meant(each, own) for each in (name, bare, bare.removesuffix(ALL))]
        known = [record for record in meant if record is not None]
        if not known:
            known = [
                record
                for process in self.processes
                if (record := names.meant(bare, process)) is not None
            ]
        given: Carried = NOTHING
        for record in known:
            given |= self._form(record.form) | self._items(record.process, record.element)
        return given

    def _items(self, process: str, id: str) -> Carried:
        """Items of the loops around a step stand beside its answers."""
        drawn = self.processes.get(process)
        element = drawn.elements.get(id) if drawn else None
        items: Carried = NOTHING
        while drawn is not None and element is not None:
            if element.loop is not None and element.loop.element:
                name = element.loop.element
                items |= put(self.names(drawn, element)(name), [name])
            element = drawn.elements.get(element.scope or "")
        return items

    def _form(self, id: str | None) -> Carried:
        if id is None or id not in self.forms:
            return NOTHING
        if id not in self._answers:
            self._answers[id] = asked.answers(self.forms[id])
        return self._answers[id]

    def _local(self, process: Process, element: Element | None, name: str) -> Carried | None:
        """A mapping or item of this name around the element; None where there is none."""
        around, held = element, None
        while around is not None and held is None:
            outer = process.elements.get(around.scope or "")
            if around.attached_to:
                outer = process.elements.get(around.attached_to) or outer
            item = self._item(process, around, outer)
            for each in around.inputs:
                if each.target.partition(".")[0] == name:
                    held = (held or NOTHING) | self._mapped(each.source, each.target, item)
            if held is None and around.loop is not None and around.loop.element == name:
                held = item(name)
            around = outer
        if held is None:
            return None
        return held | self._overwritten(process, name)

    def _item(self, process: Process, element: Element, outer: Element | None) -> Names:
        """What the inputs of an element know: the item of its own loop, and what is outside."""
        names = self.names(process, outer)
        if element.loop is None or not element.loop.element:
            return names
        rows = carried(_bare(element.loop.collection), names)
        return with_more(names, {element.loop.element: rows})

    def _overwritten(self, process: Process, name: str) -> Carried:
        """What is set inside may take the place of what a sub-process was given."""
        sets = (each.target for element in process.elements.values() for each in element.outputs)
        return self.variable(process.id, name) if name in sets else NOTHING

    def variable(self, process: str, name: str) -> Carried:
        """What a variable of a process may hold anywhere in it."""
        key, drawn = (process, name), self.processes.get(process)
        if drawn is None or (drawn.variables and name not in drawn.variables):
            return NOTHING
        if self._asking is not None:
            self._readers.setdefault(key, set()).add(self._asking)
        if key not in self._held:
            self._held[key] = NOTHING
            self._waiting.append(key)
        if self._asking is None:
            self._settle()
        return self._held[key]

    def _settle(self) -> None:
        while self._waiting:
            key = self._waiting.popleft()
            process = self.processes.get(key[0])
            self._asking = key
            held = self._held[key]
            if process is not None:
                held = held.union(*map(spoken, self._setting(process, key[1])))
            self._asking = None
            if held != self._held[key]:
                self._held[key] = held
                self._waiting += self._readers.get(key, ())

    def _setting(self, process: Process, name: str) -> Iterator[Carried]:
        if name in process.variables:
            yield carried(process.variables[name], self.names(process, None))
        yield taken(self._form(process.start_form), name)
        for caller, call in self._callers.get(process.id, ()):
            for each in call.inputs:
                if each.target.partition(".")[0] == name:
                    outer = caller.elements.get(call.scope or "")
                    yield self._mapped(each.source, each.target, self._item(caller, call, outer))
            if call.all_in:
                yield self.names(caller, call)(name)
        for element in self._setters(process).get(name, ()):
            yield from self._setting_at(process, element, name)
        for element in self._setters(process)[_ANY]:
            yield self._delivered(element, name)

    def _setters(self, process: Process) -> Mapping[str, list[Element]]:
        """Name → the elements that may set it; under `_ANY` those that bring what others say."""
        if process.id not in self._setting_of:
            setters: dict[str, list[Element]] = {_ANY: []}
            for element in process.elements.values():
                names = {each.target.partition(".")[0] for each in element.outputs}
                names |= {element.result_variable or "", element.decision or ""}
                names |= {element.loop.output_collection or ""} if element.loop else set()
                if not element.outputs:
                    asks = self._form(element.form) | self._form(element.rules.form)
                    names |= {part.below[0] for part in asks}
                    if element.called_process or element.kind in CATCHES:
                        setters[_ANY].append(element)
                for name in names - {""}:
                    setters.setdefault(name, []).append(element)
            self._setting_of[process.id] = setters
        return self._setting_of[process.id]

    def _setting_at(self, process: Process, element: Element, name: str) -> Iterator[Carried]:
        for each in element.outputs:
            if each.target.partition(".")[0] == name:
                yield self._mapped(each.source, each.target, self.brought(process, element))
        loop = element.loop
        if loop is not None and loop.output_collection == name:
            yield carried(_bare(loop.output_element), self.brought(process, element))
        if name in (element.result_variable, element.decision):
            yield self._result(process, element)
        if not element.outputs:
            yield taken(self._form(element.form) | self._form(element.rules.form), name)

    def _result(self, process: Process, element: Element) -> Carried:
        names = self.names(process, element)
        inputs = self.decisions.get(element.decision or "", frozenset())
        return flat(NOTHING.union(*map(names, sorted(inputs))))

    def _delivered(self, element: Element, name: str) -> Carried:
        """What a called process hands back under this name, or a message or signal brings."""
        brought: Carried = NOTHING
        if element.called_process in self.processes:
            brought |= self.variable(element.called_process or "", name)
        if element.kind in CATCHES:
            for told in _told(element):
                for process, sender in self._sent.get(told, ()):
                    for each in sender.inputs:
                        if each.target.partition(".")[0] == name:
                            names = self.names(process, sender)
                            brought |= self._mapped(each.source, each.target, names)
                if told in self._of_matters:
                    brought |= taken(self.matters, name)
        return brought

    @staticmethod
    def _mapped(source: str, target: str, names: Names) -> Carried:
        if not source.strip().startswith("="):
            return NOTHING
        return put(carried(_bare(source), names), target.split(".")[1:])


def _told(element: Element) -> Iterator[str]:
    """Names of the messages and signals of an event."""
    return (
        each.name for each in element.triggers if each.kind in ("message", "signal") and each.name
    )


def _bare(text: str | None) -> str:
    return (text or "null").strip().removeprefix("=").strip()
