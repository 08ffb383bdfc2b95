"""What the drawings of a case looked like after each fact: done, open, late, ways taken.

Marks are those of the picture; which picture shows what is the page's choice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.audit.entries import Entry
from app.audit.places import Places
from app.engine import events as fact
from app.engine.drawing.program import Program

#: (process id, element id)
Place = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Frame:
    at: datetime
    #: file → element id → marks
    marks: Mapping[str, Mapping[str, str]]
    #: file → ids of flows taken
    taken: Mapping[str, frozenset[str]]


@dataclass(slots=True)
class Board:
    """Grows with each event; `frame` says how it looks at an instant."""

    program: Program
    places: Places
    processes: dict[str, str] = field(default_factory=dict)
    open: Counter[Place] = field(default_factory=Counter)
    done: set[Place] = field(default_factory=set)
    stopped: set[Place] = field(default_factory=set)
    late: set[Place] = field(default_factory=set)
    taken: set[Place] = field(default_factory=set)
    #: open deadline → its place and instant
    due: dict[str, tuple[Place, datetime]] = field(default_factory=dict)
    last: Place | None = None

    def take(self, event: fact.Event, at: datetime) -> None:
        if isinstance(event, fact.InstanceStarted):
            self.processes[event.instance] = event.process
        elif isinstance(event, fact.FlowTaken):
            self.taken.add(self._place(event.instance, event.flow))
        element = getattr(event, "element", None)
        if element is None:
            return
        place = self._place(event.instance, element)
        self._mark(event, place)
        self._deadline(event, place, at)
        self.last = place

    def frame(self, at: datetime) -> Frame:
        late = self.late | {place for place, due in self.due.values() if at > due}
        marks: dict[str, dict[str, str]] = {}
        for place in {*+self.open, *self.done, *self.stopped, *late}:
            self._file_of(marks, place)[place[1]] = self._marks(place, late)
        if self.last is not None:
            shown = self._file_of(marks, self.last)
            shown[self.last[1]] = f"{shown.get(self.last[1], '')} now".strip()
        taken: dict[str, frozenset[str]] = {}
        for process, flow in self.taken:
            file = self._file(process)
            taken[file] = taken.get(file, frozenset()) | {flow}
        return Frame(at, marks, taken)

    def _marks(self, place: Place, late: set[Place]) -> str:
        found = ["late"] if place in late else []
        if self.open[place] > 0:
            found.append("active")
        elif place in self.done:
            found.append("done")
        elif place in self.stopped:
            found.append("cancelled")
        return " ".join(found)

    def _mark(self, event: fact.Event, place: Place) -> None:
        if isinstance(event, fact.TaskOpened | fact.ElementEntered):
            self.open[place] += 1
        elif isinstance(event, fact.TaskCompleted | fact.ElementPassed):
            self.open[place] = max(0, self.open[place] - 1)
            self.done.add(place)
        elif isinstance(event, fact.TaskCancelled | fact.ElementCancelled):
            self.open[place] = max(0, self.open[place] - 1)
            self.stopped.add(place)
        elif isinstance(event, fact.TimerFired | fact.MessageReceived):
            self.done.add(place)

    def _deadline(self, event: fact.Event, place: Place, at: datetime) -> None:
        if isinstance(event, fact.DeadlineSet):
            self.due[event.task] = (place, event.due)
        elif isinstance(event, fact.DeadlineMoved):
            if at > event.old:
                self.late.add(place)
            self.due[event.task] = (place, event.new)
        elif isinstance(event, fact.DeadlineEnded):
            ended = self.due.pop(event.task, None)
            if ended is not None and at > ended[1]:
                self.late.add(place)

    def _place(self, instance: str, key: str) -> Place:
        process = self.processes.get(instance, "")
        return self.places.of(process, key) or process, key

    def _file(self, process: str) -> str:
        known = self.program.processes.get(process)
        return known.file if known is not None else ""

    def _file_of(self, marks: dict[str, dict[str, str]], place: Place) -> dict[str, str]:
        return marks.setdefault(self._file(place[0]), {})


def frame_at(
    history: Iterable[Entry], program: Program, seq: int, index: int | None = None
) -> Frame | None:
    """The drawings after event `index` of entry `seq` (None: after the whole entry).

    None when the history has nothing up to there.
    """
    board = Board(program, Places(program))
    at: datetime | None = None
    for entry in history:
        if entry.seq > seq:
            break
        at = entry.at
        last = len(entry.events) if index is None or entry.seq < seq else index + 1
        for event in entry.events[:last]:
            board.take(event, entry.at)
    return board.frame(at) if at is not None else None


def frames(history: Iterable[Entry], program: Program) -> list[Frame]:
    """One frame for each entry, oldest first."""
    board = Board(program, Places(program))
    found: list[Frame] = []
    for entry in history:
        for event in entry.events:
            board.take(event, entry.at)
        found.append(board.frame(entry.at))
    return found
