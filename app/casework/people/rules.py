"""Who may change whose account, and what stays true of all of them whatever is changed.

- Whoever holds the power `accounts` may, and the installation itself (the command line).
- Nobody changes their own account here: neither roles nor name, and no link for themselves.
- Somebody who can keep accounts stays: the last of them keeps that role and stays enabled.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from app import store
from app.casework.access import ACCOUNTS, CLOCK, SYSTEM, Person
from app.casework.desk import Desk
from app.casework.errors import NotFound, Refused
from app.engine import day_in_london
from app.engine.addresses import is_address
from app.store import Days, PersonRow, Unit

_ID = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,58}[a-z0-9])?\Z")
_ATTRIBUTE = re.compile(r"[a-z][a-z0-9_]{0,59}\Z")
LAST = "Nobody else could keep accounts then. Give somebody else the role first."


def demand(desk: Desk, by: Person) -> None:
    """NotFound for somebody for whom these pages do not exist."""
    if not desk.roles.may(by, ACCOUNTS):
        raise NotFound


def may_change(desk: Desk, unit: Unit, by: Person, person: str, at: datetime) -> PersonRow:
    """The account, which this person may change. NotFound, Refused."""
    demand(desk, by)
    row = store.people.accounts.find(unit, person)
    if row is None:
        raise NotFound
    if row.id == by.id:
        raise Refused("Nobody changes their own account. Ask somebody else who keeps accounts.")
    return row


def keeps_accounts(desk: Desk, row: PersonRow, day: date) -> bool:
    """Today and for as long as anybody can say."""
    roles = (desk.roles.known.get(role) for role in row.roles_on(day))
    lasting = [
        role
        for role in roles
        if role is not None
        and ACCOUNTS in role.may
        and (row.days.get(role.id) or (None, None))[1] is None
    ]
    return not row.disabled and bool(lasting)


def somebody_keeps_accounts(
    desk: Desk, unit: Unit, after: PersonRow, was: PersonRow, at: datetime
) -> None:
    """Raises `Refused` where nobody could once `was` has become `after`."""
    day = day_in_london(at)
    if not keeps_accounts(desk, was, day) or keeps_accounts(desk, after, day):
        return
    others = store.people.accounts.everybody(unit)
    if not any(keeps_accounts(desk, row, day) for row in others if row.id != after.id):
        raise Refused(LAST)


def an_administrator(desk: Desk, unit: Unit) -> bool:
    """Whether anybody was ever given the power, and can still sign in."""
    with_power = {role.id for role in desk.roles.known.values() if ACCOUNTS in role.may}
    return any(
        with_power & set(row.roles) and not row.disabled
        for row in store.people.accounts.everybody(unit)
    )


def wrong_in(desk: Desk, unit: Unit, row: PersonRow, *, new: bool) -> dict[str, str]:
    """Field → what is wrong with it."""
    wrong: dict[str, str] = {}
    if new:
        wrong |= _wrong_id(unit, row.id)
    if not row.name.strip() or len(row.name) > 100 or not row.name.isprintable():
        wrong["name"] = "Enter a name of up to 100 characters"
    if row.email is not None and not is_address(row.email):
        wrong["email"] = "Enter an email address like name@example.org"
    elif row.email is not None and _taken(unit, row):
        wrong["email"] = "Somebody else has this email address"
    if unknown := sorted(set(row.roles) - desk.roles.known.keys()):
        wrong["roles"] = f"There is no role “{unknown[0]}”"
    return wrong | _wrong_days(row.days) | _wrong_attributes(row.attributes)


def _wrong_id(unit: Unit, id: str) -> dict[str, str]:
    if not _ID.match(id):
        words = "Enter a user name of small letters, digits, dots and hyphens, like ann.archer"
        return {"id": words}
    if id in (CLOCK.id, SYSTEM.id):
        return {"id": f"“{id}” is the name of a part of this program"}
    if store.people.accounts.find_by_name(unit, id) is not None:
        return {"id": "Somebody has this user name already"}
    return {}


def _taken(unit: Unit, row: PersonRow) -> bool:
    known = store.people.accounts.find_by_name(unit, row.email or "")
    return known is not None and known.id != row.id


def _wrong_days(days: Mapping[str, Days]) -> dict[str, str]:
    for first, last in days.values():
        if first is not None and last is not None and last < first:
            return {"roles": "The last day of a role must be its first day or later"}
    return {}


def _wrong_attributes(attributes: Mapping[str, str]) -> dict[str, str]:
    names: Iterable[str] = (*attributes.keys(), *attributes.values())
    if all(_ATTRIBUTE.match(name) for name in names):
        return {}
    return {"attributes": "Enter what is said of the person like agency=police"}
