"""Absence cover as people read it: what runs, what is planned, what was; and who can be chosen.

Somebody with the power, and an auditor, read all of it; everybody else what is about themselves.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from app import store
from app.casework.access import AUDIT, Person
from app.casework.desk import Desk
from app.casework.orders.authority import who_covers as cover
from app.engine import day_in_london
from app.store import CoverRow


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverLine:
    id: str
    #: person ids and names
    person: str
    person_name: str
    by: str
    by_name: str
    #: days in London, both included
    first: date
    last: date
    reason: str
    set_at: datetime
    set_by: str
    ended_at: datetime | None
    ended_by: str | None
    #: name of who agreed to it, where it was proposed by somebody else than who is away
    agreed_by: str | None
    #: "running", "planned", "ended" or, while nobody has agreed, "proposed"
    state: str
    may_end: bool
    #: the person who looks may agree to it
    may_agree: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverPage:
    #: the newest first
    lines: tuple[CoverLine, ...]
    #: may say who covers for anybody; otherwise only for themselves
    for_anybody: bool
    #: may say so for themselves at least
    may_set: bool
    #: (id, name) of those who can be away
    away: tuple[tuple[str, str], ...]
    #: (id, name) of those who can cover
    people: tuple[tuple[str, str], ...]


def cover_page(desk: Desk, person: Person, at: datetime) -> CoverPage:
    whole = desk.roles.may(person, cover.POWER)
    reads = whole or desk.roles.may(person, AUDIT)
    with desk.store.reading() as unit:
        rows = (
            store.people.covers.everything(unit)
            if reads
            else store.people.covers.about(unit, person.id)
        )
        everybody = store.people.accounts.everybody(unit)
        reasons = {row.id: store.people.covers.reason(unit, row.id) for row in rows}
    names = {account.id: account.name for account in everybody}
    present = [account for account in everybody if not account.disabled]
    day = day_in_london(at)
    working = [account for account in everybody if cover.works(desk.installation, account, day)]
    return CoverPage(
        lines=tuple(_line(row, reasons[row.id], names, person, whole, at) for row in rows),
        for_anybody=whole,
        may_set=whole or cover.may_set(desk.installation, person, person.id),
        away=tuple((account.id, account.name) for account in present),
        people=tuple((account.id, account.name) for account in working),
    )


def _line(
    row: CoverRow, reason: str, names: dict[str, str], person: Person, whole: bool, at: datetime
) -> CoverLine:
    day = day_in_london(at)
    state = "ended" if row.over(day) else "running" if row.runs(day, at) else "planned"
    state = "proposed" if state == "planned" and not row.agreed else state
    second = whole and person.id not in (row.by, row.cover)
    return CoverLine(
        id=row.id,
        person=row.person,
        person_name=names.get(row.person, row.person),
        by=row.cover,
        by_name=names.get(row.cover, row.cover),
        first=row.first,
        last=row.last,
        reason=reason,
        set_at=row.at,
        set_by=names.get(row.by, row.by),
        ended_at=row.ended_at,
        ended_by=names.get(row.ended_by or "", row.ended_by),
        agreed_by=names.get(row.agreed_by or "", row.agreed_by),
        state=state,
        may_agree=state == "proposed" and (second or row.person == person.id),
        may_end=state != "ended" and (whole or row.person == person.id),
    )
