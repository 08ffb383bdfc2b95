"""The board: every open case that somebody sees in whole, how long it has, who is late, what waits
for whom and who is away.

Nothing here is counted for figures; it says how things stand now.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from app import store
from app.casework.access import Person
from app.casework.desk import Desk
from app.casework.reading.eyes import whole_eyes
from app.casework.reading.in_short import in_short
from app.engine import day_in_london
from app.store import CoverRow, TaskRow, Unit
from app.store.queries import board as kept
from app.store.queries.board import BoardLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    #: name of who covers, and the last day
    cover: str
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardTask:
    task: str
    name: str
    label: str | None
    due: datetime | None
    whole_day: bool
    backstop: datetime | None
    #: name of who took it; else of whom it waits for
    whose: str
    taken: bool
    #: the one who took it is
    away: Away | None = None
    late: bool = False
    #: mark of the calendar by which its due instant counts: the house's
    calendar: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    #: the reference
    case: str
    status: str | None
    in_short: tuple[str, ...]
    opened_at: datetime
    suspended: bool
    #: the nearest national limit
    limit: datetime | None
    #: that limit is passed
    breach: bool
    #: what is due first in front
    tasks: tuple[BoardTask, ...]
    #: branches that have stopped after a fault
    stopped: int

    @property
    def late(self) -> int:
        return sum(one.late for one in self.tasks)


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardPage:
    rows: tuple[BoardRow, ...]
    #: how many open cases there are
    total: int


def board(desk: Desk, person: Person, at: datetime, page: int = 1, size: int = 50) -> BoardPage:
    """The nearest national limit first, then what is due first."""
    seen = whole_eyes(desk, person)
    with desk.store.reading() as unit:
        lines = kept.lines(unit, seen, (page - 1) * size, size)
        total = store.queries.listing.count(unit, seen, "open")
        ids = {line.id for line in lines}
        waiting = _Waiting(desk, unit, ids, at)
        said, stopped = in_short(desk, unit, person, ids), kept.stopped(unit, ids)
        rows = tuple(
            BoardRow(
                case=line.reference,
                status=desk.installation.standing(unit, person, line.status, line.merged_into),
                in_short=said.get(line.id, ()),
                opened_at=line.opened_at,
                suspended=line.suspended,
                limit=line.limit,
                breach=line.limit is not None and line.limit < at,
                tasks=waiting.of(line),
                stopped=stopped.get(line.id, 0),
            )
            for line in lines
        )
    return BoardPage(rows=rows, total=total)


class _Waiting:
    """What waits in these cases, for whom."""

    def __init__(self, desk: Desk, unit: Unit, ids: set[str], at: datetime) -> None:
        self._desk, self._at = desk, at
        self._tasks: dict[str, list[TaskRow]] = {}
        for row in kept.tasks(unit, ids):
            self._tasks.setdefault(row.case_id, []).append(row)
        self._offers = kept.offers(unit, ids)
        covers = store.people.covers.of_day(unit, day_in_london(at), at)
        self._covers: Mapping[str, CoverRow] = {row.person: row for row in reversed(covers)}
        self._names = store.people.accounts.names(unit, sorted(self._people()))

    def _people(self) -> Iterable[str]:
        yield from {row.cover for row in self._covers.values()}
        for rows in self._tasks.values():
            yield from (row.assignee for row in rows if row.assignee)
        for offers in self._offers.values():
            yield from (who[2:] for who in offers if who.startswith("p:"))

    def of(self, line: BoardLine) -> tuple[BoardTask, ...]:
        return tuple(map(self._task, self._tasks.get(line.id, ())))

    def _task(self, row: TaskRow) -> BoardTask:
        return BoardTask(
            task=row.task,
            name=row.name,
            label=row.label,
            due=row.due,
            whole_day=bool(row.whole_day),
            backstop=row.backstop,
            whose=self._whose(row),
            taken=row.assignee is not None,
            away=self._away(row.assignee),
            late=row.due is not None and row.due < self._at,
        )

    def _whose(self, row: TaskRow) -> str:
        if row.assignee is not None:
            return self._names.get(row.assignee, row.assignee)
        offered = self._offers.get((row.case_id, row.task), [])
        return ", ".join(dict.fromkeys(map(self._called, offered)))

    def _called(self, who: str) -> str:
        id = who[2:]
        return (
            self._desk.roles.name(id, self._at) if who.startswith("g:") else self._names.get(id, id)
        )

    def _away(self, assignee: str | None) -> Away | None:
        row = self._covers.get(assignee or "")
        if row is None:
            return None
        return Away(cover=self._names.get(row.cover, row.cover), until=row.last)
