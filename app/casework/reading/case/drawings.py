"""The drawings of a case with what happened on them, and the same as a list of steps.

What happened is read off the trail; how a drawing looks is the engine's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from app.casework.cases.history.drawing_state import Place, Trail
from app.casework.reading.look import Look
from app.casework.reading.stopped_lines import StoppedLine
from app.engine.bpmn import Element, Process


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    name: str
    #: "open now", "late", "done", "withdrawn"
    state: str
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A process of the case as drawn, with what happened in it."""

    process: str
    name: str
    file: str
    content: bytes
    #: element → "active", "done" or "cancelled", behind "late" where its time had passed, and
    #: behind "stopped" where it stands still
    marks: Mapping[str, str]
    taken: frozenset[str]
    elements: Mapping[str, Element]
    #: when a place was last passed, and when it was last withdrawn
    done: Mapping[Place, datetime]
    cancelled: Mapping[Place, datetime]

    @property
    def steps(self) -> tuple[StepLine, ...]:
        """The same as a list: what has a name and was reached, in the order of the drawing."""
        reached = ((self.elements[id], self.marks[id]) for id in self.elements if id in self.marks)
        lines = (self._step(element, set(mark.split())) for element, mark in reached)
        return tuple(line for line in lines if line is not None)

    def _step(self, element: Element, mark: set[str]) -> StepLine | None:
        place = (self.process, element.id)
        if not element.name:
            return None
        if "active" in mark:
            state = "late" if "late" in mark else "open now"
            return StepLine(name=element.name, state=state, at=self.cancelled.get(place))
        if "done" in mark:
            return StepLine(name=element.name, state="done", at=self.done.get(place))
        if "cancelled" in mark:
            return StepLine(name=element.name, state="withdrawn", at=self.cancelled.get(place))
        return None


def drawn(seen: Look) -> tuple[Drawn, ...]:
    if not seen.whole:
        return ()
    trail = seen.past.trail()
    marks: dict[str, dict[str, str]] = {}
    for (process, id), mark in trail.marks(seen.at).items():
        marks.setdefault(process, {})[id] = mark
    taken = trail.taken()
    return tuple(
        _shown(seen, trail, (marks.get(process.id, {}), taken.get(process.id, ())), process)
        for process in _processes(seen, trail, marks)
    )


def marked(diagram: Drawn, stopped: Iterable[StoppedLine]) -> Drawn:
    """With what has stopped marked, whatever else is said of it."""
    places = {line.element for line in stopped if line.process == diagram.process and line.element}
    marks = {id: f"stopped {diagram.marks.get(id, '')}".strip() for id in places}
    return replace(diagram, marks={**diagram.marks, **marks})


def _shown(
    seen: Look, trail: Trail, happened: tuple[Mapping[str, str], Iterable[str]], process: Process
) -> Drawn:
    """`happened`: element → its mark, and the flows taken, of this process."""
    marks, taken = happened
    return Drawn(
        process=process.id,
        name=process.name or process.id,
        file=process.file,
        content=seen.locked.loaded.program.files.get(process.file, b""),
        marks={id: mark for id, mark in marks.items() if id in process.elements},
        taken=frozenset(taken),
        elements=process.elements,
        done=trail.done,
        cancelled=trail.cancelled,
    )


def _processes(seen: Look, trail: Trail, reached: Collection[str]) -> list[Process]:
    """Processes that have run in the case, called ones after those that call them."""
    loaded = seen.locked.loaded
    names = [run.process for run in trail.runs.values()]
    names += [process for process in loaded.program.processes if process in reached]
    known = [loaded.process(name) for name in dict.fromkeys(names)]
    return [process for process in known if process is not None]
