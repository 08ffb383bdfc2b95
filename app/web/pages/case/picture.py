"""The diagrams of a case with what is open, done and late marked on them.

Which element is in which state comes from the desk's reads; how it is drawn is the engine's. A
drawing is drawn when it is asked for, at its own address; pages say only which there are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from app.casework import NotFound
from app.engine import Fault
from app.engine.pictures import draw


@dataclass(frozen=True, slots=True)
class Picture:
    process: str
    name: str
    #: how much in it is open
    open: int
    diagram: Any

    @property
    def steps(self) -> Any:
        """The same as a list."""
        return self.diagram.steps


def pictures(case_page: Any) -> list[Picture]:
    """One for each process of the case; those with something open come first."""
    shown = [
        Picture(diagram.process, diagram.name, _open(diagram), diagram)
        for diagram in _drawable(case_page)
    ]
    return sorted(shown, key=lambda picture: not picture.open)


def shown_first(case_page: Any, drawings: list[Picture]) -> Picture | None:
    """Where the case stands now: the drawing in which the most is open, and of several the one in
    which most tasks wait; those around it only say that it is going on."""
    waiting = Counter(task.process for task in case_page.tasks)
    return max(drawings, key=lambda one: (one.open, waiting[one.process]), default=None)


def picture(case_page: Any, process: str | None) -> str:
    """The SVG of one process, the first when none is named. `NotFound` when there is none."""
    for diagram in _drawable(case_page):
        if process in (None, diagram.process):
            return _draw(diagram)
    raise NotFound()


def _drawable(case_page: Any) -> Iterable[Any]:
    return [diagram for diagram in case_page.diagrams if diagram.content]


def _open(diagram: Any) -> int:
    return sum("active" in mark.split() for mark in diagram.marks.values())


def _draw(diagram: Any) -> str:
    try:
        return draw(
            diagram.content,
            marks=diagram.marks,
            taken=diagram.taken,
            title=diagram.name,
            process=diagram.process,
        )
    except Fault:
        return ""
