"""The drawings of a case with what happened on them, and the same as a list of steps.

What happened is read off the trail; how a drawing looks is the engine's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from app.casework.cases.history.drawing_state import Place, Trail
from app.casework.reading.look import Look
from app.casework.reading.stopped_lines import StoppedLine
from app.engine.bpmn import Process


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A process of the case as drawn, with what happened in it."""

    process: str
    name: str
    file: str
    content: bytes
    #: element → "active", "done" or "cancelled", behind "late " where its time had passed
    marks: dict[str, str]
    taken: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    #: the drawing that it is on
    process: str
    name: str
    #: "open now", "late", "done", "withdrawn"
    state: str
    at: datetime | None


def drawn(seen: Look) -> tuple[tuple[Drawn, ...], tuple[StepLine, ...]]:
    if not seen.whole:
        return (), ()
    trail = seen.past.trail()
    marks = trail.marks(seen.at)
    shown = [_shown(seen, trail, marks, process) for process in _processes(seen, trail, marks)]
    steps = [
        step
        for diagram in shown
        for id, mark in diagram.marks.items()
        for step in _step(seen, trail, (diagram.process, id), mark)
    ]
    return tuple(shown), tuple(steps)


def marked(diagram: Drawn, stopped: Iterable[StoppedLine]) -> Drawn:
    """With what has stopped marked, whatever else is said of it."""
    places = {line.element for line in stopped if line.process == diagram.process and line.element}
    marks = {id: f"stopped {diagram.marks.get(id, '')}".strip() for id in places}
    return replace(diagram, marks={**diagram.marks, **marks})


def _shown(seen: Look, trail: Trail, marks: Mapping[Place, str], process: Process) -> Drawn:
    places = ((id, marks.get((process.id, id))) for id in process.elements)
    return Drawn(
        process=process.id,
        name=process.name or process.id,
        file=process.file,
        content=seen.locked.loaded.program.files.get(process.file, b""),
        marks={id: mark for id, mark in places if mark is not None},
        taken=trail.taken(process.id),
    )


def _processes(seen: Look, trail: Trail, marks: Mapping[Place, str]) -> list[Process]:
    """Processes that have run in the case, called ones after those that call them."""
    loaded = seen.locked.loaded
    names = [run.process for run in trail.runs.values()]
    reached = {process for process, _ in marks}
    names += [process for process in loaded.program.processes if process in reached]
    known = [loaded.process(name) for name in dict.fromkeys(names)]
    return [process for process in known if process is not None]


def _step(seen: Look, trail: Trail, place: Place, mark: str) -> Iterator[StepLine]:
    """The line of an element that has a name."""
    words = {"active": "open now", "done": "done", "cancelled": "withdrawn"}
    element = seen.locked.loaded.element(*place)
    if element is None or not element.name:
        return
    late, _, now = mark.rpartition(" ")
    state = late if late and now == "active" else words[now]
    at = trail.done.get(place) if now == "done" else trail.cancelled.get(place)
    yield StepLine(process=place[0], name=element.name, state=state, at=at)
