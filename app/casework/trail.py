"""Where a case has been: instances, flows taken, the state of each element, read off its history.

Kept per case in memory and continued from the newest entry seen, so a look costs what is new.
"""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from app.casework.bodies import Reader
from app.engine import events as e
from app.store import CaseKey, Unit, history
from app.store.history import HistoryRow


@dataclass
class Run:
    """One instance."""

    id: str
    process: str
    at: datetime
    ended_at: datetime | None = None
    how: str | None = None


@dataclass
class Trail:
    seq: int = 0
    runs: dict[str, Run] = field(default_factory=dict)
    #: ids of flows taken
    flows: set[str] = field(default_factory=set)
    #: element → how often it is going on now
    active: Counter[str] = field(default_factory=Counter)
    #: element → when it was last passed or completed
    done: dict[str, datetime] = field(default_factory=dict)
    #: element → when it was last withdrawn
    cancelled: dict[str, datetime] = field(default_factory=dict)

    def take(self, row: HistoryRow, events: Iterable[e.Event]) -> None:
        self.seq = row.seq
        for event in events:
            self._take(event, row.at)

    def _take(self, event: e.Event, at: datetime) -> None:
        match event:
            case e.InstanceStarted():
                self.runs[event.instance] = Run(event.instance, event.process, at)
            case e.InstanceEnded():
                if event.instance in self.runs:
                    self.runs[event.instance].ended_at = at
                    self.runs[event.instance].how = event.how
            case e.FlowTaken():
                self.flows.add(event.flow)
            case e.ElementEntered() | e.TaskOpened():
                self.active[event.element] += 1
            case e.ElementPassed() | e.TaskCompleted():
                self._leave(event.element)
                self.done[event.element] = at
            case e.ElementCancelled() | e.TaskCancelled():
                self._leave(event.element)
                self.cancelled[event.element] = at

    def _leave(self, element: str) -> None:
        if self.active[element] > 0:
            self.active[element] -= 1

    def copy(self) -> Trail:
        """As it is now: the kept one goes on when others look."""
        return Trail(
            self.seq,
            {id: replace(run) for id, run in self.runs.items()},
            set(self.flows),
            Counter(self.active),
            dict(self.done),
            dict(self.cancelled),
        )

    def mark(self, element: str) -> str | None:
        if self.active[element] > 0:
            return "active"
        if element in self.done:
            return "done"
        return "cancelled" if element in self.cancelled else None


class Trails:
    """The newest trails of the cases looked at last."""

    def __init__(self, keep: int = 200) -> None:
        self._keep = keep
        self._known: OrderedDict[str, Trail] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, unit: Unit, case: str, key: CaseKey) -> Trail:
        with self._lock:
            trail = self._known.setdefault(case, Trail())
            self._known.move_to_end(case)
            reader = Reader(key)
            for row in history.rows(unit, case, after=trail.seq):
                trail.take(row, reader.read(row).events)
            while len(self._known) > self._keep:
                self._known.popitem(last=False)
            return trail.copy()
