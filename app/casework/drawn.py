"""The drawings of a case with what happened on them, and the same as a list of steps.

What happened is read off the trail; how a drawing looks is the engine's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.casework.looking import Look
from app.casework.trail import Trail
from app.engine.drawing.program import Element, Process


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A process of the case as drawn, with what happened in it."""

    process: str
    name: str
    file: str
    content: bytes
    #: element → "active", "late", "done" or "cancelled"
    marks: dict[str, str]
    taken: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLine:
    name: str
    #: "open now", "late", "done", "withdrawn"
    state: str
    at: datetime | None


def drawn(seen: Look, late: set[str]) -> tuple[tuple[Drawn, ...], tuple[StepLine, ...]]:
    if not seen.whole:
        return (), ()
    trail = seen.trails.of(seen.unit, seen.row.id, seen.key)
    found = []
    steps: list[tuple[Trail, Element, bool]] = []
    for process in _processes(seen, trail):
        marks = {}
        for element in process.elements.values():
            mark = trail.mark(element.id)
            if mark is not None:
                marks[element.id] = f"{mark} late" if element.id in late else mark
                steps.append((trail, element, element.id in late))
        taken = frozenset(trail.flows & process.flows.keys())
        content = seen.held.loaded.program.files.get(process.file, b"")
        found.append(
            Drawn(
                process=process.id,
                name=process.name or process.id,
                file=process.file,
                content=content,
                marks=marks,
                taken=taken,
            )
        )
    return tuple(found), _steps(steps)


def _processes(seen: Look, trail: Trail) -> list[Process]:
    """Processes that have run in the case, called ones after those that call them."""
    loaded = seen.held.loaded
    names = [run.process for run in trail.runs.values()]
    entered = {*trail.active, *trail.done}
    names += [
        process.id
        for process in loaded.program.processes.values()
        if process.id not in names and not entered.isdisjoint(process.elements)
    ]
    found = [loaded.process(name) for name in dict.fromkeys(names)]
    return [one for one in found if one is not None]


def _steps(rows: list[tuple[Trail, Element, bool]]) -> tuple[StepLine, ...]:
    words = {"active": "open now", "done": "done", "cancelled": "withdrawn"}
    found = []
    for trail, element, late in rows:
        mark = trail.mark(element.id) or "done"
        at = trail.done.get(element.id) if mark == "done" else trail.cancelled.get(element.id)
        if element.name:
            state = "late" if late and mark == "active" else words[mark]
            found.append(StepLine(name=element.name, state=state, at=at))
    return tuple(found)
