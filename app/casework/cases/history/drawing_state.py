"""Where a case stands on its drawings, read off its history: what is open, done, late, which ways.

The one projection of that: the case's page shows it as it is now, the history page after any fact.
From which entry on it is read is `past`'s.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from app.casework.commands import Merge, Unmerge
from app.engine import Program
from app.engine import events as e
from app.engine.old_places import Holders

#: (process, element or flow): an id is unique within its process only
Place = tuple[str, str]


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
    """Grows with each event. All instances of a process are shown on its one drawing."""

    program: Program
    #: number of the last history entry taken in
    seq: int = 0
    runs: dict[str, Run] = field(default_factory=dict)
    #: flows taken
    flows: set[Place] = field(default_factory=set)
    #: how often it is going on now, in each instance
    active: Counter[tuple[str, Place]] = field(default_factory=Counter)
    #: when it was last passed or completed
    done: dict[Place, datetime] = field(default_factory=dict)
    #: when it was last withdrawn
    cancelled: dict[Place, datetime] = field(default_factory=dict)
    #: what was once too late stays so
    was_late: set[Place] = field(default_factory=set)
    #: running deadline → its instance, its place and its instant
    due: dict[str, tuple[str, Place, datetime]] = field(default_factory=dict)
    #: instances at which time stands still, while the case is merged into another one
    asleep: frozenset[str] = frozenset()
    #: what the last event was about
    last: Place | None = None
    _holders: Holders = field(init=False)

    def __post_init__(self) -> None:
        self._holders = Holders(self.program)

    def take(self, seq: int, kind: str, events: Iterable[e.Event], at: datetime) -> None:
        """One history entry, or the first events of it. `kind`: that of its order."""
        self.seq = seq
        for event in events:
            self._take(event, at)
        if kind == Merge.__name__:
            self.asleep = frozenset(run.id for run in self.runs.values() if self._rests(run))
        elif kind == Unmerge.__name__:
            self.asleep = frozenset()

    def _rests(self, run: Run) -> bool:
        process = self.program.processes.get(run.process)
        goes_on = process is not None and process.rules.goes_on_when_merged
        return run.ended_at is None and not goes_on

    def _take(self, event: e.Event, at: datetime) -> None:
        if isinstance(event, e.InstanceStarted):
            self.runs[event.instance] = Run(event.instance, event.process, at)
        elif isinstance(event, e.InstanceEnded):
            if event.instance in self.runs:
                self.runs[event.instance].ended_at = at
                self.runs[event.instance].how = event.how
        elif isinstance(event, e.FlowTaken):
            self.flows.add(self._place(event, event.flow))
        elif isinstance(event, e.Placed):
            element = getattr(event, "element", None)
            if element is not None:
                self.last = self._place(event, element)
                self._mark(event, self.last, at)
                self._clock(event, self.last, at)

    def _place(self, event: e.Placed, id: str) -> Place:
        if event.process:
            return event.process, id
        run = self.runs.get(event.instance)
        own = run.process if run is not None else ""
        return self._holders.of(own, id) or own, id

    def _mark(self, event: e.Placed, place: Place, at: datetime) -> None:
        match event:
            case e.ElementEntered() | e.TaskOpened():
                self.active[event.instance, place] += 1
            case e.ElementPassed() | e.TaskCompleted():
                self._leave(event.instance, place)
                self.done[place] = at
            case e.ElementCancelled() | e.TaskCancelled():
                self._leave(event.instance, place)
                self.cancelled[place] = at

    def _leave(self, instance: str, place: Place) -> None:
        """One that was never told as entered (a message start, say) leaves the others open."""
        here = (instance, place)
        if self.active[here] > 1:
            self.active[here] -= 1
        else:
            del self.active[here]

    def _clock(self, event: e.Placed, place: Place, at: datetime) -> None:
        if isinstance(event, e.DeadlineSet):
            self.due[event.task] = (event.instance, place, event.due)
        elif isinstance(event, e.DeadlineMoved):
            if at > event.old:
                self.was_late.add(place)
            self.due[event.task] = (event.instance, place, event.new)
        elif isinstance(event, e.DeadlineEnded):
            *_, due = self.due.pop(event.task, (None, None, None))
            if due is not None and at > due:
                self.was_late.add(place)

    def marks(self, at: datetime) -> dict[Place, str]:
        """Every place that was reached → "active", "done" or "cancelled", behind "late" where its
        time had passed by that instant."""
        open_ = {place for _, place in self.active}
        late = self.was_late | {
            place
            for instance, place, due in self.due.values()
            if at > due and instance not in self.asleep
        }
        marks = {}
        for place in {*open_, *self.done, *self.cancelled}:
            mark = "active" if place in open_ else "done" if place in self.done else "cancelled"
            marks[place] = f"late {mark}" if place in late else mark
        return marks

    def taken(self) -> dict[str, set[str]]:
        """Process → ids of the flows taken in it."""
        taken: dict[str, set[str]] = {}
        for holder, flow in self.flows:
            taken.setdefault(holder, set()).add(flow)
        return taken
