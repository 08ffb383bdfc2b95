"""Makes and changes accounts: names, roles with their days, agency, leaving and coming back.

Who may, and what may not be, is `rules`'s. A change counts at once: who somebody is is asked anew
at every request. Whoever leaves is signed out, their tokens and links end, and the tasks they had
taken go back to those they were offered to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from app import store
from app.casework.access import SYSTEM, Person
from app.casework.cases import LogKind, log_entry
from app.casework.commands import Release
from app.casework.desk import Desk
from app.casework.errors import CaseworkError, Refused
from app.casework.people import links
from app.casework.people.rules import an_administrator, demand, may_change
from app.casework.people.rules import somebody_keeps_accounts as somebody_keeps_accounts
from app.casework.people.rules import wrong_in as wrong_in
from app.store import Days, PersonRow, Rows, Unit

LOOK = "Some answers need another look."


def make(desk: Desk, by: Person, row: PersonRow, at: datetime) -> PersonRow:
    """A new account, which cannot sign in before it has a password. NotFound, Refused."""
    demand(desk, by)
    with desk.store.writing() as unit:
        make_in(desk, unit, by, row, at)
    return row


def make_in(desk: Desk, unit: Unit, by: Person, row: PersonRow, at: datetime) -> None:
    """Within a transaction. Refused."""
    if wrong := wrong_in(desk, unit, row, new=True):
        raise Refused(_sentence(wrong), wrong)
    put_in(desk, unit, by, row, at, LogKind.MAKE_PERSON)


def first(desk: Desk, row: PersonRow, at: datetime) -> PersonRow:
    """The first administrator, made by whoever runs the program. Refused where there is one."""
    with desk.store.writing() as unit:
        if an_administrator(desk, unit):
            raise Refused("Somebody keeps accounts here already. Ask them.")
        make_in(desk, unit, SYSTEM, row, at)
    return row


def change(
    desk: Desk,
    by: Person,
    person: str,
    at: datetime,
    *,
    name: str | None = None,
    email: str | None = None,
    roles: Sequence[str] | None = None,
    days: Mapping[str, Days] | None = None,
    attributes: Mapping[str, str] | None = None,
) -> PersonRow:
    """What is not given stays; an e-mail address of "" is taken away. NotFound, Refused."""
    with desk.store.writing() as unit:
        was = may_change(desk, unit, by, person, at)
        row = replace(
            was,
            name=was.name if name is None else name,
            email=was.email if email is None else email or None,
            roles=was.roles if roles is None else tuple(sorted(set(roles))),
            attributes=was.attributes if attributes is None else attributes,
        )
        known = was.days if days is None else days
        row = replace(row, days={role: known[role] for role in row.roles if role in known})
        if wrong := wrong_in(desk, unit, row, new=False):
            raise Refused(_sentence(wrong), wrong)
        if row == was:
            return row
        somebody_keeps_accounts(desk, unit, row, was, at)
        same = (row.roles, row.days, row.attributes) == (was.roles, was.days, was.attributes)
        kind = LogKind.CHANGE_PERSON if same else LogKind.CHANGE_ROLES
        put_in(desk, unit, by, row, at, kind)
    return row


def _sentence(wrong: Mapping[str, str]) -> str:
    return f"{next(iter(wrong.values()))}." if len(wrong) == 1 else LOOK


def put_in(desk: Desk, unit: Unit, by: Person, row: PersonRow, at: datetime, kind: LogKind) -> None:
    seen = Person(row.id, row.name, frozenset(row.roles), dict(row.attributes))
    store.people.accounts.put(unit, replace(row, password=None), sorted(seen.groups), at)
    said = {
        "person": row.id, "name": row.name, "roles": list(row.roles),
        "days": {role: [first, last] for role, (first, last) in row.days.items()},
        "attributes": dict(row.attributes),
    }  # fmt: skip
    rows = store.account_rows(row.id)
    log_entry(desk.installation, unit, kind, by, at, said, about=[row.id], rows=rows)


def disable(desk: Desk, by: Person, person: str, at: datetime) -> int:
    """Nobody signs in as this person any more. Gives how many tasks went back. NotFound,
    Refused."""
    with desk.store.writing() as unit:
        was = may_change(desk, unit, by, person, at)
        if was.disabled:
            raise Refused(f"{was.name} cannot sign in already.")
        somebody_keeps_accounts(desk, unit, replace(was, disabled=True), was, at)
        store.people.accounts.disable(unit, person)
        ended = links.revoked(unit, person, at)
        ended += links.end_all(unit, person, at, store.people.access.WITHDRAWN)
        _told(desk, unit, by, was, at, LogKind.DISABLE_PERSON, ended)
        held = store.work.tasks.held_by(unit, person)
    return sum(_given_back(desk, case, task, at) for case, task in held)


def _given_back(desk: Desk, case: str, task: str, at: datetime) -> bool:
    """A task that somebody else did or took meanwhile needs nothing more."""
    try:
        desk.do(Release(actor=SYSTEM, at=at, case=case, task=task))
    except (CaseworkError, store.StoreFault):
        return False
    return True


def enable(desk: Desk, by: Person, person: str, at: datetime) -> PersonRow:
    """They may sign in again, with the password they had. NotFound, Refused."""
    with desk.store.writing() as unit:
        was = may_change(desk, unit, by, person, at)
        if not was.disabled:
            raise Refused(f"{was.name} can sign in already.")
        store.people.accounts.disable(unit, person, off=False)
        _told(desk, unit, by, was, at, LogKind.ENABLE_PERSON, [])
    return replace(was, disabled=False)


def sign_out(desk: Desk, by: Person, person: str, at: datetime) -> PersonRow:
    """Everywhere. NotFound, Refused."""
    with desk.store.writing() as unit:
        was = may_change(desk, unit, by, person, at)
        store.people.accounts.end_sessions(unit, person)
        said = {"person": was.id, "name": was.name}
        kind, rows = LogKind.END_SESSIONS, [store.session_rows(person)]
        log_entry(desk.installation, unit, kind, by, at, said, about=[person], rows=rows)
    return was


def _told(
    desk: Desk,
    unit: Unit,
    by: Person,
    row: PersonRow,
    at: datetime,
    kind: LogKind,
    ended: list[Rows],
) -> None:
    said = {"person": row.id, "name": row.name}
    rows = [*store.account_rows(row.id), store.session_rows(row.id), *ended]
    log_entry(desk.installation, unit, kind, by, at, said, about=[row.id], rows=rows)
