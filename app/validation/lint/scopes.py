"""Owns which names an expression may use at a place: variables, items of loops, answers, settings.

Mirrors how the run floor scopes variables (as Camunda 8 does).
"""

from __future__ import annotations

from collections.abc import Iterator

from app.engine.bpmn import Element, Mapped, Process
from app.validation.lint.places import Place
from app.validation.lint.view import Known, View

ALWAYS = frozenset({"settings"})
COUNTS = frozenset(
    {
        "numberOfInstances",
        "numberOfActiveInstances",
        "numberOfCompletedInstances",
        "numberOfTerminatedInstances",
    }
)  # fmt: skip


def written(process: Process, known: Known) -> tuple[frozenset[str], bool]:
    """Variables that something in an undeclared process sets, and whether the list is complete.

    It is not where answers or messages bring what nobody here declares.
    """
    names: set[str] = set()
    complete = False if process.start_form is None else _add_keys(names, process.start_form, known)
    for element in process.elements.values():
        names |= targets(element.outputs)
        names |= {
            element.result_variable or "",
            element.loop.output_collection or "" if element.loop else "",
        }
        if element.kind == "userTask" and not element.outputs:
            complete &= element.form is not None and _add_keys(names, element.form, known)
        if element.kind == "callActivity" and element.all_out and not element.outputs:
            called = known.processes.get(element.called_process or "")
            names |= set(called.variables) if called else set()
            complete &= called is not None and bool(called.variables)
        if element.message and element.kind not in (
            "endEvent",
            "intermediateThrowEvent",
            "sendTask",
        ):
            complete &= bool(element.outputs)
    callers = [e for p in known.processes.values() for e in p.elements.values()
               if e.called_process == process.id]  # fmt: skip
    for caller in callers:
        names |= targets(caller.inputs)
        complete &= not caller.all_in
    return frozenset(names - {""}), complete


def _add_keys(names: set[str], form: str, known: Known) -> bool:
    known_form = known.forms.get(form)
    if known_form is None:
        return False
    names |= {field.key for field in known_form.fields if field.key}
    names |= {child.key for field in known_form.fields if not field.key for child in field.fields}
    return True


def targets(mapped: tuple[Mapped, ...]) -> set[str]:
    """First parts of the mapped names: "a.b" sets an entry of "a"."""
    return {mapping.target.partition(".")[0] for mapping in mapped}


class Scopes:
    """What is visible where in one process."""

    def __init__(self, view: View) -> None:
        self.view = view
        process = view.process
        if process.variables:
            self.variables, self.closed = frozenset(process.variables), True
        else:
            self.variables, self.closed = written(process, view.known)

    def names(self, place: Place) -> frozenset[str]:
        """All names known at the place."""
        if place.at == "first":
            return ALWAYS | frozenset(self.view.process.variables)
        return ALWAYS | self.variables | self.local(place.id) | self._own(place)

    def local(self, id: str) -> frozenset[str]:
        """Names that hold only inside the element or what lies around it."""
        names: set[str] = set()
        flow = self.view.flows.get(id)
        element = self.view.elements.get(flow.source if flow else id)
        if flow is not None and element is not None:
            element = self.view.elements.get(element.scope or "")
        for each in self._around(element):
            names |= targets(each.inputs)
            if each.loop is not None:
                names |= {each.loop.element or "", "loopCounter"}
        return frozenset(names - {""})

    def _around(self, element: Element | None) -> Iterator[Element]:
        while element is not None:
            yield element
            if element.attached_to:
                host = self.view.elements.get(element.attached_to)
                if host is not None:
                    yield host
            element = self.view.elements.get(element.scope or "")

    def _own(self, place: Place) -> frozenset[str]:
        element = self.view.elements.get(place.id)
        if element is None:
            return frozenset()
        if place.at == "timer" and element.attached_to:
            return frozenset({"due", "backstop"})
        if place.at in ("backstop", "label", "status"):
            return frozenset({"due"}) if place.at == "backstop" else frozenset()
        if place.at == "activation":
            return frozenset({"activationCount"})
        if place.at == "completion":
            return COUNTS | self._brought(element)
        if place.at in ("output", "result", "happened"):
            return self._brought(element) | self._host_dates(element)
        return frozenset({"loopCounter"}) if place.at == "loop" else frozenset()

    def _host_dates(self, element: Element) -> frozenset[str]:
        """By when the activity is due, for what a timer or a condition at its border sets."""
        kinds = {trigger.kind for trigger in element.triggers}
        bordering = element.attached_to and kinds <= {"timer", "conditional"}
        return frozenset({"due", "backstop"} if bordering else ())

    def _brought(self, element: Element) -> frozenset[str]:
        """What completing the element brings: its answers, its result, or another process's."""
        names = targets(element.outputs) | {element.result_variable or "", "answers"}
        if element.form is not None:
            _add_keys(names, element.form, self.view.known)
        called = self.view.known.processes.get(element.called_process or "")
        if called is not None:
            names |= set(called.variables)
        return frozenset(names - {""})

    def is_open(self, place: Place) -> bool:
        """Whether names may come that no drawing tells: payloads, answers without a known form."""
        element = self.view.elements.get(place.id)
        if not self.closed or place.at == "carried":
            return True
        if element is None or place.at not in ("output", "result", "completion", "happened"):
            return False
        if element.kind in ("userTask",):
            return element.form is None or element.form not in self.view.known.forms
        called = self.view.known.processes.get(element.called_process or "")
        if element.kind == "callActivity":
            return called is None or not called.variables
        return bool(element.message or element.signal or element.error or element.escalation)
