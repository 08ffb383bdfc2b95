"""Whom a person can choose for a task or case, and whether the case takes an order now."""

from __future__ import annotations

from datetime import datetime

from app import store
from app.casework import policy
from app.casework.access import Person, as_person
from app.casework.cases import LockedCase, unfit
from app.casework.commands import Command
from app.casework.desk import Desk
from app.casework.errors import NotFound
from app.casework.orders import ORDERS, refusal
from app.store import PersonRow, Unit


def _seen(desk: Desk, unit: Unit, person: Person, case: str) -> tuple[LockedCase, bool]:
    """The case, and whether the person sees all of it. Raises `NotFound` where they see none."""
    row = store.cases.find(unit, case)
    if row is None:
        raise NotFound
    locked = LockedCase(desk.installation, unit, row, store.cases.key_of(unit, row.id))
    sight = desk.roles.sight(person, locked.members)
    if not policy.rule("case").reaches(sight):
        raise NotFound
    return locked, sight in policy.WHOLE


def whole_case(desk: Desk, unit: Unit, person: Person, case: str) -> LockedCase:
    """The case, for somebody who sees all of it."""
    locked, whole = _seen(desk, unit, person, case)
    if not whole:
        raise NotFound
    return locked


def refusal_of(
    desk: Desk, person: Person, case: str, kind: type[Command], task: str | None = None
) -> str | None:
    """Why the case takes no order of this kind as it stands, before anything is said with it.

    Raises `NotFound` for somebody for whom there is no page that asks it.
    """
    with desk.store.reading() as unit:
        locked, whole = _seen(desk, unit, person, case)
        ORDERS[kind].open_page(desk.roles, person, whole=whole)
        against = refusal(locked, kind, person, task)
    return None if against is None else against.sentence


def people_for(
    desk: Desk, person: Person, case: str, at: datetime, task: str | None = None
) -> list[PersonRow]:
    """Whom the person may give the task to, or add to the case.

    Nobody who is excluded; for a task only who fits it and sees the case, and for one that needs
    two people not the one who signed it.
    """
    with desk.store.reading() as unit:
        locked = whole_case(desk, unit, person, case)
        everybody = store.people.accounts.everybody(unit)
        row = store.work.tasks.find(unit, locked.row.id, task) if task is not None else None
        fits = {
            candidate.id
            for candidate in everybody
            if row is None or unfit(locked, row, candidate, at) is None
        }
    excluded = {who for who, out in locked.members.items() if out}
    if row is not None and row.signed_by is not None:
        excluded.add(as_person(row.signed_by))  # somebody else must sign it too
    return [
        candidate
        for candidate in everybody
        if not candidate.disabled
        and candidate.id in fits
        and as_person(candidate.id) not in excluded
    ]


def shut_out_of(desk: Desk, person: Person, case: str) -> list[tuple[PersonRow, str | None]]:
    """Who is shut out of the case, each with who asked that they be let in again."""
    with desk.store.reading() as unit:
        locked = whole_case(desk, unit, person, case)
        asked = store.people.lifts.proposed(unit, locked.row.id)
        out = {who for who, shut in locked.members.items() if shut}
        everybody = store.people.accounts.everybody(unit)
    return [(row, asked.get(as_person(row.id))) for row in everybody if as_person(row.id) in out]
