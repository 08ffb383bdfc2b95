"""Lists: a person's work, the cases they see, running deadlines, what they may start, dead letters.

Plain queries; every list is bounded by what the person may see. What has stopped is `stopped`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app import store
from app.casework.access import Person
from app.casework.commands import DeliverMessage
from app.casework.desk import Desk
from app.casework.orders import ORDERS, may_start
from app.casework.reading.stopped import StoppedLine as StoppedLine
from app.casework.reading.stopped import StoppedPage as StoppedPage
from app.casework.reading.stopped import stopped_page as stopped_page
from app.engine.bpmn import Process
from app.store import DeadlineRow, Eyes, InboxRow, Listed, Reach, Unit


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
    #: names of the groups it is offered to; only where one case is shown
    groups: tuple[str, ...] = ()
    #: offered to or taken by the person who looks
    mine: bool = True
    #: mark of the calendar by which its due instant counts
    calendar: str = ""
    #: how its due instant is counted; only where one case is shown
    sum: str | None = None
    #: it cannot be done while its case is merged into another one; never in a work list
    resting: bool = False
    #: name of whoever signed it first; it waits for a second person
    signed_by: str | None = None
    #: name of the person it is done for by the one who looks, who covers for them
    covering: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkPage:
    rows: tuple[WorkRow, ...]
    total: int
    #: how many in each list: "mine", "groups", "all", "late"
    counts: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    #: the reference
    case: str
    process: str
    status: str | None
    started: datetime
    ended: datetime | None
    suspended: bool
    open_tasks: int
    #: the earliest running deadline
    due: datetime | None
    whole_day: bool = True
    #: the earliest national limit of what runs
    backstop: datetime | None = None
    #: of several limits, which may count on several calendars: the house's
    calendar: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePageOfList:
    rows: tuple[CaseRow, ...]
    total: int


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
) -> WorkPage:
    """`which`: "mine" (taken), "groups" (offered, nobody's yet), "all" of these, or "late"."""
    reach, away = _reach(desk, person, at)
    with desk.store.reading() as unit:
        counts = store.queries.worklist.counts(unit, reach)
        entries = (
            store.queries.worklist.listed(unit, reach, which, (page - 1) * size, size)
            if counts[which]
            else []
        )
        people = {
            who or "" for entry in entries for who in (entry.task.assignee, entry.task.signed_by)
        }
        names = store.people.accounts.names(unit, sorted(people - {""}))
        rows = tuple(
            work_row(
                entry,
                names,
                at,
                desk.installation.standing(unit, person, entry.status, entry.merged_into),
                away[entry.via],
            )
            for entry in entries
        )
    return WorkPage(rows=rows, total=counts[which], counts=counts)


def _reach(desk: Desk, person: Person, at: datetime) -> tuple[Reach, list[Person | None]]:
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
        signed_by=names.get(task.signed_by or "", task.signed_by),
        covering=away.name if away else None,
    )


def eyes(desk: Desk, person: Person) -> Eyes:
    roles = desk.roles
    covers = tuple((cover.person.id, roles.hands(cover.person)) for cover in person.covers)
    everything = roles.sees_everything(person)
    parted = [roles.parted(one) for one in (person, *(cover.person for cover in person.covers))]
    return Eyes(
        person=person.id, everything=everything, who=roles.hands(person), covers=covers,
        opened=tuple(sorted(person.opened)), parted=tuple(parted),
    )  # fmt: skip


def case_list(
    desk: Desk,
    person: Person,
    at: datetime,
    page: int = 1,
    size: int = 50,
    state: str = "all",
) -> CasePageOfList:
    """The cases the person sees, newest first. `state`: "open", "closed" or "all"."""
    who = eyes(desk, person)
    with desk.store.reading() as unit:
        total = store.queries.listing.count(unit, who, state)
        lines = (
            store.queries.listing.lines(unit, who, state, (page - 1) * size, size) if total else []
        )
        stands = {
            line.id: desk.installation.standing(unit, person, line.status, line.merged_into)
            for line in lines
        }
    rows = tuple(
        CaseRow(
            case=line.reference,
            process=line.process,
            status=stands[line.id],
            started=line.opened_at,
            ended=line.ended_at,
            suspended=line.suspended,
            open_tasks=line.open_tasks,
            due=line.due,
            backstop=line.backstop,
        )
        for line in lines
    )
    return CasePageOfList(rows=rows, total=total)


def running_deadlines(desk: Desk, person: Person, most: int = 500) -> list[tuple[DeadlineRow, str]]:
    """Running deadlines of all cases the person sees in whole, each with the case's reference."""
    with desk.store.reading() as unit:
        seen = store.queries.listing.open_ids(unit, eyes(desk, person))
        whole = [case for case in seen if _whole(desk, unit, person, case)]
        return store.work.deadlines.open_in(unit, whole, most) if whole else []


def _whole(desk: Desk, unit: Unit, person: Person, case: str) -> bool:
    return desk.roles.sees_whole(person, store.cases.members(unit, case))


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


def inbox(desk: Desk, person: Person) -> list[InboxRow]:
    """Dead letters, messages nobody will ever wait for, of the cases the person sees in whole."""
    ORDERS[DeliverMessage].ask(desk.roles, person)
    with desk.store.reading() as unit:
        rows = store.work.messages.dead(unit)
        seen = {case for case in {row.case_id for row in rows} if _whole(desk, unit, person, case)}
    return [row for row in rows if row.case_id in seen]
