"""Whom a person can choose for a task or case, and whether the case takes an order now."""

from __future__ import annotations

from app import store
from app.casework.access import Person, as_person
from app.casework.cases import LockedCase
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
    if sight == "none":
        raise NotFound
    return locked, sight != "own"


def _whole(desk: Desk, unit: Unit, person: Person, case: str) -> LockedCase:
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


def people_for(desk: Desk, person: Person, case: str, task: str | None = None) -> list[PersonRow]:
    """Whom the person may give the task to, or add to the case.

    Nobody who is excluded, and for a task that needs two people not the one who signed it.
    """
    with desk.store.reading() as unit:
        locked = _whole(desk, unit, person, case)
        everybody = store.people.accounts.everybody(unit)
        row = store.work.tasks.find(unit, locked.row.id, task) if task is not None else None
    excluded = {who for who, out in locked.members.items() if out}
    if row is not None and row.signed_by is not None:
        excluded.add(as_person(row.signed_by))  # somebody else must sign it too
    return [
        candidate
        for candidate in everybody
        if not candidate.disabled and as_person(candidate.id) not in excluded
    ]
