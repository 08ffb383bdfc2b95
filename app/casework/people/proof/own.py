"""What people do to their own second factors while they are signed in.

Only soon after signing in: a session that somebody left open makes no key for somebody else.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from app import store
from app.casework.access import Person
from app.casework.desk import Desk
from app.casework.errors import NotFound, Refused
from app.casework.people.links import hashed
from app.casework.people.proof import apps, demand, passkeys
from app.store import IdentityRow, PersonRow, Unit

FRESH = timedelta(minutes=10)
STALE = "Sign out, sign in again and do this within 10 minutes: it needs a sign-in of just now."


@dataclass(frozen=True, slots=True)
class Own:
    row: PersonRow
    factors: demand.Factors
    #: a role asks for a second factor
    demanded: bool
    identities: tuple[IdentityRow, ...]
    #: the sign-in was just now
    fresh: bool


def shown(desk: Desk, person: Person, token: str, at: datetime) -> Own:
    with desk.store.reading() as unit:
        row = _row(unit, person)
        return Own(
            row, demand.has(unit, row.id), demand.demanded(desk, row, at),
            tuple(store.people.identities.of_person(unit, row.id)), _fresh(unit, row, token, at),
        )  # fmt: skip


def _row(unit: Unit, person: Person) -> PersonRow:
    row = store.people.accounts.find(unit, person.id)
    if row is None:
        raise NotFound
    return row


def _fresh(unit: Unit, row: PersonRow, token: str, at: datetime) -> bool:
    session = store.people.accounts.find_session(unit, hashed(token))
    return session is not None and session.person == row.id and at - session.at < FRESH


@contextmanager
def _changing(
    desk: Desk, person: Person, token: str, at: datetime
) -> Iterator[tuple[Unit, PersonRow]]:
    with desk.store.writing() as unit:
        row = _row(unit, person)
        if not _fresh(unit, row, token, at):
            raise Refused(STALE)
        yield unit, row


def set_up_app(
    desk: Desk, person: Person, token: str, sealed: str, code: str, at: datetime
) -> list[str]:
    """Gives recovery codes. Raises `Refused`."""
    with _changing(desk, person, token, at) as (unit, row):
        return apps.set_up(desk, unit, row, sealed, code, at)


def renew_codes(desk: Desk, person: Person, token: str, at: datetime) -> list[str]:
    """Raises `Refused`."""
    with _changing(desk, person, token, at) as (unit, row):
        if not demand.has(unit, row.id).any:
            raise Refused("Recovery codes come with an authenticator app. Set one up first.")
        return apps.renew_codes(desk, unit, row, at)


def add_passkey(
    desk: Desk,
    site: passkeys.Site,
    person: Person,
    token: str,
    name: str,
    sealed: str,
    answer: str,
    at: datetime,
) -> None:
    """Raises `Refused`."""
    with _changing(desk, person, token, at) as (unit, row):
        passkeys.add(desk, unit, site, row, name, sealed, answer, at)


def remove_passkey(desk: Desk, person: Person, token: str, name: str, at: datetime) -> None:
    """Raises `Refused`, NotFound."""
    with _changing(desk, person, token, at) as (unit, row):
        has = demand.has(unit, row.id)
        last = not has.app and len(has.passkeys) == 1
        if last and demand.demanded(desk, row, at):
            raise Refused("Your role needs a second factor. Set up another before you remove it.")
        passkeys.remove(desk, unit, row, name, at)
