"""One case as pages and the API need it: where it stands, open tasks, deadlines, members, drawings.

Whom to reach, how much there is of what, and what the answers name is `beside`'s. Somebody who sees
only their own part gets their own tasks and deadlines, and no more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from app import store
from app.casework.access import Person
from app.casework.desk import Desk
from app.casework.orders import states_of
from app.casework.reading.case.at_once import ask_case
from app.casework.reading.case.clocks import ClockLine, clocks
from app.casework.reading.case.deadlines import DeadlineLine, count_ended, deadline_lines
from app.casework.reading.case.drawings import Drawn, drawn, marked
from app.casework.reading.case.open_tasks import open_tasks
from app.casework.reading.case.stopped import stopped_in
from app.casework.reading.lists import WorkRow
from app.casework.reading.look import Look, look, merged_with
from app.casework.reading.stopped_lines import StoppedLine
from app.engine import saying
from app.store import InboxRow, IncidentRow

#: how long the page tells of an order that was stopped; the history tells it for ever
_LATELY = timedelta(days=1)

#: so many national limits stand at the head of the page
NEXT_LIMITS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    #: the reference
    case: str
    id: str
    status: str | None
    process_names: tuple[str, ...]
    started: datetime
    #: for who sees the whole case, or began it
    started_by: str | None
    #: what happens next, as the drawing says it to who has just begun it
    after_start: str | None
    ended: datetime | None
    suspended: bool
    #: it was merged into another case
    merged: bool
    #: that case's reference, where the person sees it
    merged_into: str | None
    #: references of the cases merged into this one, of those the person sees
    merged_here: tuple[str, ...]
    #: open tasks that nobody can do while it is merged
    resting: int
    #: sees the whole case
    whole: bool
    tasks: tuple[WorkRow, ...]
    #: which day it is on, of what is counted
    clocks: tuple[ClockLine, ...]
    deadlines: tuple[DeadlineLine, ...]
    #: how many have ended, of which `deadlines` may hold the newest only, and how many of all late
    ended_deadlines: int
    ended_late: int
    #: how many members it has, groups and people; 0 for who sees only their own part
    members: int
    #: what this person may order now
    may: frozenset[str]
    deployment: str
    diagrams: tuple[Drawn, ...]
    #: what has stopped and does not go on by itself, for who sees the whole case
    stopped: tuple[StoppedLine, ...]
    #: orders about no task that were stopped lately
    incidents: tuple[IncidentRow, ...]
    #: decisions that wait for bank holidays, in words, for who sees the whole case
    undecided: tuple[str, ...]
    inbox: tuple[InboxRow, ...]
    #: newest history entry
    seq: int

    @property
    def by_due(self) -> tuple[WorkRow, ...]:
        """The open tasks, what is due first at the head, what has no deadline at the end."""
        timed = [task for task in self.tasks if task.due is not None]
        timed.sort(key=lambda task: task.due or self.started)
        return (*timed, *(task for task in self.tasks if task.due is None))

    @property
    def next_due(self) -> DeadlineLine | None:
        """The running one that is due first."""
        return min(self._running, key=lambda one: one.due, default=None)

    @property
    def next_limits(self) -> tuple[DeadlineLine, ...]:
        """The first national limits of what runs, each instant once."""
        limits: dict[datetime, DeadlineLine] = {}
        for one in self._running:
            if one.backstop is not None:
                limits.setdefault(one.backstop, one)
        return tuple(limits[at] for at in sorted(limits)[:NEXT_LIMITS])

    @property
    def _running(self) -> list[DeadlineLine]:
        return [one for one in self.deadlines if one.running]


def case_page(
    desk: Desk, person: Person, case: str, at: datetime, ended: int | None = None
) -> CasePage:
    """`ended`: how many deadlines that have ended are asked for; None: all. Raises `NotFound`."""
    with look(desk, person, case, at, "case") as seen:
        return case_of(seen, ended)


def case_of(seen: Look, ended: int | None = None) -> CasePage:
    """The page of a case that is looked at. `ended`: as of `case_page`."""
    ask_case(seen)
    row, locked = seen.row, seen.locked
    offers = store.work.tasks.offers(seen.unit, row.id)
    task_rows = store.work.tasks.of_case(seen.unit, row.id)
    current = store.work.deadlines.current(seen.unit, row.id)
    everything = open_tasks(seen, task_rows, offers, current)
    rows = [line for line in everything if not line.resting]
    into, here = merged_with(seen)
    lines = deadline_lines(seen, {line.task for line in rows}, current, ended)
    counts = count_ended(seen, lines)
    stopped = stopped_in(seen, task_rows, offers)
    diagrams = drawn(seen)
    return CasePage(
        case=row.reference,
        id=row.id,
        status=locked.installation.standing(seen.unit, seen.person, row.status, row.merged_into),
        process_names=tuple(diagram.name for diagram in diagrams),
        started=row.opened_at,
        started_by=_starter(seen),
        after_start=_after_start(seen),
        ended=row.ended_at,
        suspended=row.suspended,
        merged=row.merged_into is not None,
        merged_into=into,
        merged_here=here,
        resting=len(everything) - len(rows),
        whole=seen.whole,
        tasks=tuple(rows),
        clocks=clocks(seen) if seen.whole else (),
        deadlines=tuple(lines),
        ended_deadlines=counts[0],
        ended_late=counts[1],
        members=len(locked.members) if seen.whole else 0,
        may=seen.may(states_of(row)),
        deployment=row.deployment,
        diagrams=tuple(marked(diagram, stopped) for diagram in diagrams),
        stopped=stopped,
        incidents=_incidents(seen) if seen.whole else (),
        undecided=_undecided(seen),
        inbox=tuple(store.work.messages.of_case(seen.unit, row.id)) if seen.whole else (),
        seq=row.seq,
    )


def _starter(seen: Look) -> str | None:
    by = seen.row.opened_by
    return seen.names([by]).get(by, by) if seen.whole or by == seen.person.id else None


def _undecided(seen: Look) -> tuple[str, ...]:
    names = seen.locked.loaded.program.decisions.ids
    if not (names and seen.whole and seen.row.ended_at is None):
        return ()
    waiting = seen.locked.engine.undecided()
    return tuple(f"“{names[id]}” {saying.undated(year)}." for id, year in waiting)


def _after_start(seen: Look) -> str | None:
    process = seen.locked.loaded.program.processes.get(seen.row.process)
    return None if process is None else process.rules.after_start


def _incidents(seen: Look) -> tuple[IncidentRow, ...]:
    """Each place once, by its newest try; what still stands is `stopped`."""
    told = {
        (row.process, row.element, row.sentence): row
        for row in store.work.incidents.of_case(seen.unit, seen.row.id)
        if row.resolved_at == row.at and row.at > seen.at - _LATELY
    }
    return tuple(told.values())
