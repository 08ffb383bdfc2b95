"""What the drawings of a case looked like after each fact: done, open, late, ways taken.

Where it stood is casework's (`reading.drawing_state`), the same as on the case's page; marks are
those of the picture; which picture shows what is the page's choice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.audit.entries import Entry
from app.casework import Place, Trail
from app.engine import Program


@dataclass(frozen=True, slots=True)
class Frame:
    at: datetime
    #: file → element id → marks; ids are unique within a file
    marks: Mapping[str, Mapping[str, str]]
    #: file → ids of flows taken
    taken: Mapping[str, frozenset[str]]


def frame(trail: Trail, at: datetime) -> Frame:
    """The drawings as they looked at that instant."""
    program = trail.program
    marks: dict[str, dict[str, str]] = {}
    for place, mark in trail.marks(at).items():
        marks.setdefault(_file(program, place), {})[place[1]] = mark
    if trail.last is not None:
        shown = marks.setdefault(_file(program, trail.last), {})
        shown[trail.last[1]] = f"{shown.get(trail.last[1], '')} now".strip()
    taken: dict[str, frozenset[str]] = {}
    for place in trail.flows:
        file = _file(program, place)
        taken[file] = taken.get(file, frozenset()) | {place[1]}
    return Frame(at, marks, taken)


def frame_at(
    history: Iterable[Entry], program: Program, seq: int, index: int | None = None
) -> Frame | None:
    """The drawings after event `index` of entry `seq` (None: after the whole entry).

    None when the history has nothing up to there.
    """
    trail = Trail(program)
    at: datetime | None = None
    for entry in history:
        if entry.seq > seq:
            break
        at = entry.at
        last = len(entry.events) if index is None or entry.seq < seq else index + 1
        trail.take(entry.seq, entry.kind, entry.events[:last], entry.at)
    return frame(trail, at) if at is not None else None


def frames(history: Iterable[Entry], program: Program) -> list[Frame]:
    """One frame for each entry, oldest first."""
    trail = Trail(program)
    frames: list[Frame] = []
    for entry in history:
        trail.take(entry.seq, entry.kind, entry.events, entry.at)
        frames.append(frame(trail, entry.at))
    return frames


def _file(program: Program, place: Place) -> str:
    known = program.processes.get(place[0])
    return known.file if known is not None else ""
