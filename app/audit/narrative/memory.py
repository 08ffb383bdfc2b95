"""What a telling must remember from earlier facts: which task has which name, what was due when.

Events name tasks and timers by id only; their first event says the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeGuard

from app.audit.narrative.names import Words
from app.engine import events as fact
from app.engine.bpmn import Element


@dataclass(frozen=True, slots=True)
class Due:
    at: datetime
    whole_day: bool
    #: mark of the calendar by which it counts
    calendar: str = ""


@dataclass(slots=True)
class Memory:
    """Grows with each event; one for each case that is told."""

    words: Words
    #: instance id → process id
    processes: dict[str, str] = field(default_factory=dict)
    #: task id → "“Return scoping form” for Police"
    tasks: dict[str, str] = field(default_factory=dict)
    #: task id → for whom it is, of those whose opening is not told
    labels: Mapping[str, str] = field(default_factory=dict)
    dues: dict[str, Due] = field(default_factory=dict)
    #: task id → who signed it first, while a second person is waited for
    signed: dict[str, str] = field(default_factory=dict)
    #: element → the process that holds it, of what was passed in the entry that is told
    passed: dict[str, str] = field(default_factory=dict)

    def begin(self, events: Iterable[fact.Event]) -> None:
        """Another entry is told, with these facts."""
        self.passed = {event.element: event.process for event in events if _passed(event)}

    def note(self, event: fact.Event) -> None:
        """Takes in what later events will refer to. Call it before telling the event."""
        if isinstance(event, fact.InstanceStarted):
            self.processes[event.instance] = event.process
        elif isinstance(event, fact.TaskOpened):
            name = " ".join((event.name or event.element).split())
            self.tasks[event.task] = f"“{name}” for {event.label}" if event.label else f"“{name}”"
        elif isinstance(event, fact.DeadlineSet):
            self.dues[event.task] = Due(event.due, event.whole_day, event.calendar)
        elif isinstance(event, fact.DeadlineMoved):
            self.dues[event.task] = Due(event.new, event.whole_day, event.calendar)

    def process(self, event: fact.Event) -> str | None:
        """That of its instance."""
        return self.processes.get(event.instance)

    def place(self, event: fact.Event) -> str | None:
        """The process in which the event's element or flow lies: the called one, for a call."""
        told = getattr(event, "process", "")
        key = getattr(event, "element", None) or getattr(event, "flow", None)
        process = self.process(event)
        return told or (self.words.holder(process, key) if key else process)

    def element(self, event: fact.Event) -> Element | None:
        """The one that the event is about."""
        key = getattr(event, "element", None)
        return self.words.element(self.place(event), key) if key else None

    def named(self, event: fact.Event, element: str) -> str:
        """“Name” of an element of the process that the event lies in."""
        return self._name(self.place(event), element)

    def canceller(self, event: fact.TaskCancelled) -> str | None:
        """“Name” of the element that withdrew a task, which may lie in a process around it; None
        where it was no element."""
        by = event.by or ""
        process = self.passed.get(by) or self.place(event)
        if self.words.element(process, by) is None:
            process = self.process(event)
        return self._name(process, by) if self.words.element(process, by) else None

    def _name(self, process: str | None, element: str) -> str:
        name = self.words.name(process, element)
        return name if name.startswith("the ") else f"“{name}”"

    def task(self, event: fact.Event, task: str, element: str) -> str:
        """“Name” for label, of a task; of another activity its name alone."""
        if task in self.tasks:
            return self.tasks[task]
        name, label = self.named(event, element), self.labels.get(task)
        return f"{name} for {label}" if label else name


def _passed(event: fact.Event) -> TypeGuard[fact.ElementPassed | fact.TaskCompleted]:
    return isinstance(event, fact.ElementPassed | fact.TaskCompleted) and event.process != ""
