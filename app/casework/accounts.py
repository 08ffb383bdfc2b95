"""Accounts as the program's own parts use them: made by the installation, tokens, who holds what.

What people do with accounts is `people`'s, and what of it is asked for here is only named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from app import store
from app.casework.access import CLOCK, SYSTEM, Person
from app.casework.cases import LogKind, log_entry
from app.casework.desk import Desk
from app.casework.errors import Refused
from app.casework.people import (
    Browser,
    SignedIn,
    as_seen,
    bearer,
    change_password,
    passwords,
    person_of,
    present,
    sign_in,
    sign_out,
    tokens,
)
from app.store import Look, PersonRow

__all__ = [
    "Browser",
    "SignedIn",
    "as_seen",
    "change_password",
    "ensure",
    "new_token",
    "of_token",
    "person_of",
    "person_of_token",
    "present",
    "sign_in",
    "sign_out",
]
SHORTEST_PASSWORD = passwords.SHORTEST


def ensure(
    desk: Desk,
    id: str,
    name: str,
    roles: Iterable[str],
    at: datetime,
    *,
    attributes: Mapping[str, str] | None = None,
    email: str | None = None,
    password: str | None = None,
) -> Person:
    """Makes or changes an account for the installation itself; without `password` an old one
    stays. Raises `Refused`."""
    if id in (CLOCK.id, SYSTEM.id):
        raise Refused(f"“{id}” is the name of a part of this program.")
    if password is not None:
        passwords.long_enough(password)
    kept = passwords.hashed(password) if password is not None else None
    row = PersonRow(id, name, email, tuple(sorted(roles)), attributes or {}, kept, False)
    person = as_seen(row, at)
    with desk.store.writing() as unit:
        known = store.people.accounts.find(unit, id) is not None
        store.people.accounts.put(unit, row, sorted(person.groups), at)
        kind = LogKind.CHANGE_PERSON if known else LogKind.MAKE_PERSON
        said = {"person": id, "name": name, "roles": sorted(roles)}
        log_entry(
            desk.installation, unit, kind, SYSTEM, at, said, about=[id], rows=store.account_rows(id)
        )
    return person


def new_token(
    desk: Desk, person: Person, name: str, at: datetime, expires: datetime | None = None
) -> str:
    """An API token for all that this person may, made by the installation; shown once."""
    secret, _ = tokens.make(desk, SYSTEM, person.id, name, at, scope=None, expires=expires)
    return secret


def person_of_token(desk: Desk, token: str, at: datetime) -> Person | None:
    held = of_token(desk, token, at)
    return held[0] if held is not None else None


def of_token(
    desk: Desk, token: str, at: datetime, look: Look | None = None
) -> tuple[Person, tuple[str, ...] | None] | None:
    """Who holds it, and its scopes; None: unknown, expired or revoked. `look`: from which an order
    goes on."""
    return bearer(desk, token, at, look)
