"""The diagrams of a case with what is open, done and late marked on them.

Which element is in which state comes from the desk's reads; how it is drawn is the engine's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from app.casework.errors import NotFound
from app.engine.drawing.picture import draw
from app.engine.errors import Fault


@dataclass(frozen=True, slots=True)
class Picture:
    process: str
    name: str
    svg: str
    #: something in it is waiting for somebody
    open: bool


def pictures(found: Any) -> list[Picture]:
    """One for each process of the case; those with something open come first."""
    shown = [Picture(one.process, one.name, _draw(one), _open(one)) for one in _drawable(found)]
    return sorted(shown, key=lambda one: not one.open)


def picture(found: Any, process: str | None) -> str:
    """The SVG of one process, the first when none is named. `NotFound` when there is none."""
    for one in _drawable(found):
        if process in (None, one.process):
            return _draw(one)
    raise NotFound()


def _drawable(found: Any) -> Iterable[Any]:
    return [one for one in found.diagrams if one.content]


def _open(one: Any) -> bool:
    return any("active" in mark.split() for mark in one.marks.values())


def _draw(one: Any) -> str:
    try:
        return draw(
            one.content, marks=one.marks, taken=one.taken, title=one.name, process=one.process
        )
    except Fault:
        return ""
