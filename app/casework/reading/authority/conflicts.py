"""The register of conflicts as people read it, and what of it bears on somebody in a case.

Everybody reads their own entries; who decides on members, and an auditor, all of them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app import store
from app.casework.access import AUDIT, Person
from app.casework.desk import Desk
from app.casework.orders.authority import conflicts
from app.store import ConflictRow, Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictLine:
    id: str
    #: person id and name
    person: str
    name: str
    about: str
    at: datetime
    #: names
    by: str
    ended_at: datetime | None
    ended_by: str | None
    may_end: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictPage:
    #: the newest first
    lines: tuple[ConflictLine, ...]
    #: may record for anybody; otherwise only their own
    for_anybody: bool
    #: (id, name) of those for whom they may record one
    people: tuple[tuple[str, str], ...]


def conflict_page(desk: Desk, person: Person) -> ConflictPage:
    whole = desk.roles.may(person, conflicts.POWER)
    with desk.store.reading() as unit:
        rows = (
            store.people.conflicts.everything(unit)
            if whole or desk.roles.may(person, AUDIT)
            else store.people.conflicts.of_person(unit, person.id)
        )
        everybody = store.people.accounts.everybody(unit)
    names = {row.id: row.name for row in everybody}
    return ConflictPage(
        lines=tuple(_line(row, names, person, whole) for row in rows),
        for_anybody=whole,
        people=tuple((row.id, row.name) for row in everybody if not row.disabled),
    )


def _line(row: ConflictRow, names: dict[str, str], person: Person, whole: bool) -> ConflictLine:
    own = row.person == person.id == row.by
    return ConflictLine(
        id=row.id,
        person=row.person,
        name=names.get(row.person, row.person),
        about=row.about,
        at=row.at,
        by=names.get(row.by, row.by),
        ended_at=row.ended_at,
        ended_by=names.get(row.ended_by or "", row.ended_by),
        may_end=row.ended_at is None and (whole or own),
    )


def conflicts_of(unit: Unit, people: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Person id → with whom or what, of entries that have not ended."""
    wanted, told = set(people), dict[str, tuple[str, ...]]()
    for row in store.people.conflicts.everything(unit):
        if row.person in wanted and row.ended_at is None:
            told[row.person] = (*told.get(row.person, ()), row.about)
    return told
