"""What has stopped: incidents, cases that stand for ever, tasks for which there is nobody.

Over all cases that somebody sees in whole, and of one case for its own page: what, where on the
drawing, since when, what it holds up, what would move it. What stops is found elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app import store
from app.casework import policy
from app.casework.access import Person
from app.casework.cases import Installation, Loaded
from app.casework.cases.stalls import KeptStall, kept_stalls
from app.casework.commands import RetryIncident
from app.casework.desk import Desk
from app.casework.errors import NotFound, Unusable
from app.casework.orders import ORDERS, states_of
from app.casework.reading import stopped_words as words
from app.casework.reading.look import Look
from app.casework.reading.unmanned import Unmanned, of_one_case, unmanned
from app.store import DeadlineRow, IncidentRow, TaskRow, Unit

#: of each kind, on one page
MOST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class StoppedLine:
    """A place where a case has stopped."""

    #: the reference
    case: str
    #: what stopped, or why it will never move, in a sentence
    sentence: str
    #: what would move it
    moves: str
    #: the step on the drawing, as people call it; "": it is the whole case
    step: str
    element: str | None
    process: str
    since: datetime
    #: names of the steps that come behind it on the drawing
    behind: tuple[str, ...]
    #: the case's earliest running deadline
    deadline: datetime | None
    whole_day: bool
    #: in vain so far; 0: it is no incident
    tries: int = 0
    #: when it is tried again; None: it waits for a person
    next_at: datetime | None = None
    #: by which the order to try it again names it; None: that is no use, or not for this person
    incident: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoppedPage:
    incidents: tuple[StoppedLine, ...]
    stalls: tuple[StoppedLine, ...]
    #: tasks for which there is nobody, by whom they are for
    nobody: tuple[Unmanned, ...]
    #: incidents and stalls in cases that the person does not see in whole
    hidden: int


def stopped_page(desk: Desk, person: Person, at: datetime) -> StoppedPage:
    """Raises `NotFound` for somebody without the power."""
    if not policy.rule("stopped").allows(lambda power: desk.roles.may(person, power)):
        raise NotFound
    with desk.store.reading() as unit:
        incidents = store.queries.stopped.incidents(unit, MOST)
        standing = store.queries.stopped.standing(unit, MOST)
        left = unmanned(desk.installation, unit, at, MOST)
        ids = {row.case_id for row, _, _ in incidents} | {row.case_id for row in standing}
        ids |= {task.case_id for each in left for task in each.left}
        whole = {id for id in ids if desk.roles.sees_whole(person, store.cases.members(unit, id))}
        lines = _Lines(desk.installation, unit, whole)
        retry = ORDERS[RetryIncident].allows(desk.roles, person)
        shown = [
            lines.incident(row, reference, deployment, retry=retry)
            for row, reference, deployment in incidents
            if row.case_id in whole
        ]
        stands = [
            lines.stall(kept, row.case_id, row.reference, row.deployment)
            for row in standing
            if row.case_id in whole
            for kept in kept_stalls(row.stalls)
        ]
        hidden = [row for row, _, _ in incidents if row.case_id not in whole]
        out = [row for row in standing if row.case_id not in whole]
        return StoppedPage(
            incidents=tuple(shown),
            stalls=tuple(stands),
            nobody=tuple(each.seen_by(whole) for each in left),
            hidden=len(hidden) + len(out),
        )


def stopped_in(
    seen: Look, tasks: Sequence[TaskRow], offers: Mapping[str, Set[str]]
) -> tuple[StoppedLine, ...]:
    """Of one case, with its open tasks and to whom each is offered; nothing for who sees only their
    own part."""
    row, unit = seen.row, seen.unit
    if not seen.whole or row.ended_at is not None:
        return ()
    incidents = store.queries.stopped.incidents_of(unit, row.id)
    kept = kept_stalls(row.stalls) if not row.suspended else []
    free = () if row.suspended else tasks
    left = of_one_case(seen.locked.installation, unit, free, offers, seen.at)
    if not (incidents or kept or left):
        return ()
    lines = _Lines(seen.locked.installation, unit, {row.id})
    roles = seen.locked.installation.roles
    retry = ORDERS[RetryIncident].offers(roles, seen.person, states_of(row), whole=True)
    place = row.id, row.reference, row.deployment
    return (
        *(lines.incident(each, *place[1:], retry=retry) for each in incidents),
        *(lines.stall(each, *place) for each in kept),
        *(lines.nobody(each, *place) for each in left),
    )


class _Lines:
    """Makes lines of what is stored, with the drawing of each case at hand."""

    def __init__(self, installation: Installation, unit: Unit, cases: Iterable[str]) -> None:
        self._installation, self._unit = installation, unit
        self._first: dict[str, DeadlineRow] = {}
        ids = sorted(cases)
        for row, _ in store.work.deadlines.open_in(unit, ids, len(ids) * MOST) if ids else ():
            self._first.setdefault(row.case_id, row)  # the earliest comes first

    def incident(
        self, row: IncidentRow, reference: str, deployment: str, *, retry: bool
    ) -> StoppedLine:
        may = retry and not row.task
        return StoppedLine(
            case=reference,
            sentence=row.sentence,
            moves=words.moves_incident(row),
            since=row.at,
            tries=row.tries,
            next_at=row.next_at,
            incident=row.seq if may else None,
            **self._place(row.case_id, deployment, row.process, row.element),
        )

    def stall(self, kept: KeptStall, case: str, reference: str, deployment: str) -> StoppedLine:
        stall = kept.stall
        loaded = self._loaded(deployment)
        return StoppedLine(
            case=reference,
            sentence=words.why(loaded, stall),
            moves=words.moves(stall),
            since=kept.since,
            **self._place(case, deployment, stall.process, stall.element),
        )

    def nobody(self, left: Unmanned, case: str, reference: str, deployment: str) -> StoppedLine:
        row = store.work.tasks.find(self._unit, case, left.left[0].task)
        process, element = (row.process, row.element) if row else ("", None)
        return StoppedLine(
            case=reference,
            sentence=left.why,
            moves=left.moves,
            since=left.since,
            **self._place(case, deployment, process, element),
        )

    def _place(
        self, case: str, deployment: str, process: str, element: str | None
    ) -> dict[str, Any]:
        loaded, first = self._loaded(deployment), self._first.get(case)
        return {
            "process": process,
            "element": element or None,
            "step": words.named(loaded, process, element) if element else "",
            "behind": words.behind(loaded, process, element) if element else (),
            "deadline": first.due if first else None,
            "whole_day": bool(first.whole_day) if first else True,
        }

    def _loaded(self, deployment: str) -> Loaded | None:
        try:
            return self._installation.programs.of(self._unit, deployment)
        except Unusable:
            return None
