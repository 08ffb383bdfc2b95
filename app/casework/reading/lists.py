"""Lists: a person's work and what they may start.

Plain queries; every list is bounded by what the person may see. The cases are `case_list`'s, what
has stopped is `stopped`'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app import store
from app.casework.access import Person
from app.casework.desk import Desk
from app.casework.orders import may_start
from app.casework.reading.beside_tasks import beside_tasks
from app.casework.reading.counted import Counted, told, up_to
from app.casework.reading.stopped import StoppedLine as StoppedLine
from app.casework.reading.stopped import StoppedPage as StoppedPage
from app.casework.reading.stopped import stopped_page as stopped_page
from app.engine.bpmn import Process
from app.store import Listed, Reach, Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkRow:
    """An open task in a list. `case` is the reference."""

    case: str
    #: the one that holds the element
    process: str
    task: str
    element: str
    name: str
    label: str | None
    due: datetime | None
    whole_day: bool
    backstop: datetime | None
    backstop_whole_day: bool
    assignee: str | None
    assignee_name: str | None
    #: the case's
    status: str | None
    suspended: bool
    late: bool
    opened_at: datetime
    #: names of the groups it is offered to: where one case is shown all of them, in a work list
    #: those of who looks and of whom they cover for
    groups: tuple[str, ...] = ()
    #: who keeps a draft of it (None: who looks) and since when; the newest first, in a work list
    begun: tuple[tuple[str | None, datetime], ...] = ()
    #: what tells its case from others, for who sees the whole of that; in a work list
    in_short: tuple[str, ...] = ()
    #: "g:…" and "p:…": to whom; only where one case is shown
    offered: tuple[str, ...] = ()
    #: offered to or taken by the person who looks
    mine: bool = True
    #: mark of the calendar by which its due instant counts
    calendar: str = ""
    #: how its due instant is counted
    sum: str | None = None
    #: it cannot be done while its case is merged into another one; never in a work list
    resting: bool = False
    #: name of whoever signed it first; it waits for a second person
    signed_by: str | None = None
    #: name of the person it is done for by the one who looks, who covers for them
    covering: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkPage:
    #: the list that it is of
    which: str
    rows: tuple[WorkRow, ...]
    total: int
    #: how many in each list that was asked: "mine", "groups", "all", "late"
    counts: dict[str, int]
    #: those of these lists that have more, and were not counted out
    more: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Startable:
    process: str
    name: str
    documentation: str | None
    form: str | None


def work_list(
    desk: Desk,
    person: Person,
    at: datetime,
    which: str = "all",
    page: int = 1,
    size: int = 50,
    *,
    exact: bool = True,
) -> WorkPage:
    """`which`: "mine" (taken), "groups" (offered, nobody's yet), "all" of these, or "late". Not
    `exact`: long lists are not counted out.
    """
    reach, away = reach_of(desk, person, at)
    with desk.store.reading() as unit:
        much = store.queries.walks.much_work(unit, reach)
        counts = _counts(unit, reach, much=much, exact=exact)
        listed = store.queries.walks.listed if much else store.queries.worklist.listed
        skip = (page - 1) * size
        entries = listed(unit, reach, which, skip, size) if counts[which].number else []
        total = told(counts[which], skip, len(entries), size)
        rows = work_rows(desk, unit, person, reach, away, entries)
    return WorkPage(
        which=which,
        rows=rows,
        total=total.number,
        counts={name: counted.number for name, counted in counts.items()},
        more=frozenset(name for name, counted in (counts | {which: total}).items() if counted.more),
    )


def work_rows(
    desk: Desk,
    unit: Unit,
    person: Person,
    reach: Reach,
    away: Sequence[Person | None],
    entries: Sequence[Listed],
) -> tuple[WorkRow, ...]:
    """`reach` and `away`: as `reach_of` gives them."""
    beside = beside_tasks(desk, unit, person, reach, entries)
    return tuple(
        replace(
            work_row(
                entry,
                beside.names,
                reach.at,
                desk.installation.standing(unit, person, entry.status, entry.merged_into),
                away[entry.via],
            ),
            groups=beside.groups.get(entry.place, ()),
            begun=beside.begun.get(entry.place, ()),
            in_short=beside.said.get(entry.task.case_id, ()),
        )
        for entry in entries
    )


def _counts(unit: Unit, reach: Reach, *, much: bool, exact: bool) -> dict[str, Counted]:
    if exact or not much:
        counts = store.queries.worklist.counts(unit, reach)
        return {which: Counted(number) for which, number in counts.items()}
    return {
        which: up_to(store.queries.walks.count(unit, reach, which))
        for which in store.queries.worklist.WHICH
    }


def reach_of(desk: Desk, person: Person, at: datetime) -> tuple[Reach, list[Person | None]]:
    """The person's reach, and for whom it is by the number of each part."""
    away = [
        cover.person
        for cover in person.covers
        if desk.roles.hands(cover.person) or desk.roles.parted(cover.person)
    ]
    roles = desk.roles
    covers = tuple(
        Reach(person=absent.id, who=roles.hands(absent), at=at, parted=roles.parted(absent))
        for absent in away
    )
    own = Reach(
        person=person.id, who=roles.hands(person), at=at, covers=covers,
        everything=roles.sees_everything(person), opened=tuple(sorted(person.opened)),
        parted=roles.parted(person),
    )  # fmt: skip
    return own, [None, *away]


def work_row(
    entry: Listed,
    names: dict[str, str],
    at: datetime,
    status: str | None,
    away: Person | None = None,
) -> WorkRow:
    """`status`: where the case stands, for the person who looks."""
    task = entry.task
    return WorkRow(
        case=entry.reference,
        process=task.process,
        task=task.task,
        element=task.element,
        name=task.name,
        label=task.label,
        due=task.due,
        whole_day=bool(task.whole_day),
        backstop=task.backstop,
        backstop_whole_day=task.backstop_whole_day is not False,
        assignee=task.assignee,
        assignee_name=names.get(task.assignee or "", task.assignee),
        status=status,
        suspended=entry.suspended,
        late=task.due is not None and task.due < at,
        opened_at=task.opened_at,
        calendar=entry.calendar,
        sum=entry.sum,
        signed_by=names.get(task.signed_by or "", task.signed_by),
        covering=away.name if away else None,
    )


def startable(desk: Desk, person: Person) -> list[Startable]:
    with desk.store.reading() as unit:
        digest = store.deployments.active(unit)
        loaded = desk.installation.programs.of(unit, digest) if digest else None
    if loaded is None:
        return []
    settings = loaded.program.settings
    starts = [
        _startable(process)
        for process in loaded.program.processes.values()
        if may_start(desk.installation, person, process, settings)
    ]
    return sorted(starts, key=lambda start: start.name)


def _startable(process: Process) -> Startable:
    return Startable(
        process=process.id,
        name=process.name or process.id,
        documentation=process.documentation,
        form=process.start_form,
    )
