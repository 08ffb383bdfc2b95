"""The open tasks of one case as rows, for the person who looks at it."""

from __future__ import annotations

from dataclasses import replace

from app.casework.access import Person
from app.casework.cases import doer_of
from app.casework.reading.lists import WorkRow, work_row
from app.casework.reading.look import Look
from app.store import DeadlineRow, Listed, TaskRow


def open_tasks(
    seen: Look, rows: list[TaskRow], offers: dict[str, set[str]], deadlines: list[DeadlineRow]
) -> list[WorkRow]:
    """Those that the person may do; all where they see the whole case. `offers`: of each;
    `deadlines`: those that run."""
    names = seen.names([who for row in rows for who in (row.assignee, row.signed_by)])
    limits = {deadline.task: deadline for deadline in deadlines}
    lines = []
    for row in rows:
        who = offers.get(row.task, set())
        doer = doer_of(seen.locked, seen.person, row, who)
        if doer is not None or seen.whole:
            lines.append(_line(seen, row, who, doer, names, limits.get(row.task)))
    return lines


def _line(
    seen: Look,
    row: TaskRow,
    who: set[str],
    doer: Person | None,
    names: dict[str, str],
    limit: DeadlineRow | None,
) -> WorkRow:
    case = seen.row
    listed = Listed(row, case.reference, case.status, case.suspended)
    own = doer is None or doer.id == seen.person.id
    plain = work_row(listed, names, seen.at, case.status, None if own else doer)
    name = seen.locked.group_name
    groups = tuple(name(offer[2:], seen.at) for offer in sorted(who) if offer.startswith("g:"))
    lines = replace(
        plain, groups=groups, mine=doer is not None, resting=row.resting, offered=tuple(sorted(who))
    )
    return lines if limit is None else replace(lines, sum=limit.sum, calendar=limit.calendar)
