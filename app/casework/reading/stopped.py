"""What has stopped, over all cases that somebody sees in whole: incidents, cases that stand for
ever, tasks for which there is nobody.

What stops is found elsewhere; how a line is said is `stopped_lines`'.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app import store
from app.casework import policy
from app.casework.access import Person
from app.casework.desk import Desk
from app.casework.errors import NotFound
from app.casework.reading.stopped_lines import Lines
from app.casework.reading.stopped_lines import StoppedLine as StoppedLine
from app.casework.reading.unmanned import Unmanned, unmanned

#: of each kind, on one page
MOST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class StoppedPage:
    incidents: tuple[StoppedLine, ...]
    stalls: tuple[StoppedLine, ...]
    #: tasks for which there is nobody, by whom they are for
    nobody: tuple[Unmanned, ...]
    #: incidents and stalls in all cases, for who sees none by role; else 0
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
        lines = Lines(desk.installation, unit, whole)
        retry = policy.rule("RetryIncident").allows(lambda power: desk.roles.may(person, power))
        shown = [
            lines.incident(row, reference, deployment, retry=retry)
            for row, reference, deployment in incidents
            if row.case_id in whole
        ]
        stands = [
            line
            for row in standing
            if row.case_id in whole
            for line in lines.stalls(row.stalls, row.case_id, row.reference, row.deployment)
        ]
        hidden = [row for row, _, _ in incidents if row.case_id not in whole]
        out = [row for row in standing if row.case_id not in whole]
        # Who works on cases and is shut out of one must learn nothing of it, not even by a number.
        counts_all = not desk.roles.hands(person)
        nobody = (each.seen_by(whole, counts_all=counts_all) for each in left)
        return StoppedPage(
            incidents=tuple(shown),
            stalls=tuple(stands),
            nobody=tuple(each for each in nobody if each.left),
            hidden=len(hidden) + len(out) if counts_all else 0,
        )
