"""API tokens: made with an end and a scope, listed with their last use, revoked.

A token is 256 random bits and shown once; only its hash is kept. Who sends a request with one, and
its last use, is `presence`'s. It gives what its holder's roles
give, and of that no more than its scopes name.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from app import store
from app.casework.access import Person, is_system
from app.casework.cases import LogKind, log_entry
from app.casework.desk import Desk
from app.casework.errors import NotFound, Refused
from app.casework.people.links import hashed
from app.casework.people.rules import demand
from app.store import PersonRow, Rows, TokenRow, Unit

#: scope → what it lets a program do, with the powers of who holds the token
SCOPES = {
    "read": "read what its holder may read",
    "tasks": "also take, give back and complete tasks",
    "record": "also start cases and give orders about them",
    "administer": "also keep accounts, absence cover and versions of the process",
}
#: the scope of an address of a calendar (`feeds`), which serves for nothing else
FEED = "calendar"
#: of every token there is
WORDS = {**SCOPES, FEED: "read its holder’s calendar, at its address alone"}
LASTS, LONGEST = timedelta(days=90), timedelta(days=366)


def make(
    desk: Desk,
    by: Person,
    person: str,
    name: str,
    at: datetime,
    *,
    scope: Sequence[str] | None = ("read",),
    expires: datetime | None = None,
) -> tuple[str, TokenRow]:
    """(secret, token): for oneself, or by who keeps accounts for somebody else. NotFound,
    Refused."""
    wrong = _wrong(name, scope, at, expires)
    if wrong:
        raise Refused(f"{next(iter(wrong.values()))}.", wrong)
    secret = secrets.token_urlsafe(32)
    chosen = None if scope is None else tuple(each for each in WORDS if each in scope)
    row = TokenRow(
        hashed(secret), person, name.strip(), at, expires or at + LASTS, scope=chosen, by=by.id
    )
    with desk.store.writing() as unit:
        holder = _holder(desk, unit, by, person)
        known = store.people.access.tokens_of(unit, person)
        if any(each.name.casefold() == row.name.casefold() for each in known):
            words = "There is, or was, a token of this name. Choose another name"
            raise Refused(f"{words}.", {"name": words})
        store.people.access.add_token(unit, row)
        said = {
            "person": person, "name": holder.name, "token": row.name,
            "scope": list(row.scope or ()), "until": row.expires_at,
        }  # fmt: skip
        rows = [Rows("token", {"hash": row.hash})]
        log_entry(
            desk.installation, unit, LogKind.MAKE_TOKEN, by, at, said, about=[person], rows=rows
        )
    return secret, row


def _holder(desk: Desk, unit: Unit, by: Person, person: str) -> PersonRow:
    if by.id != person:
        demand(desk, by)
    row = store.people.accounts.find(unit, person)
    if row is None:
        raise NotFound
    if row.disabled:
        raise Refused(f"{row.name} cannot sign in, so no token serves them.")
    return row


def _wrong(
    name: str, scope: Sequence[str] | None, at: datetime, expires: datetime | None
) -> dict[str, str]:
    wrong = {}
    if not name.strip() or len(name) > 100 or not name.isprintable():
        wrong["name"] = "Enter what the token is for, in up to 100 characters"
    feed = scope is not None and tuple(scope) == (FEED,)
    if scope is not None and not feed and (not scope or not set(scope) <= SCOPES.keys()):
        wrong["scope"] = f"Choose what it may do: {', '.join(SCOPES)}"
    if expires is not None and not at < expires <= at + LONGEST:
        wrong["expires"] = "A token lasts a year at most, and ends after today"
    return wrong


def listed(desk: Desk, by: Person, person: str | None = None) -> list[TokenRow]:
    """Those of a person, or of everybody; one's own are anybody's to see. NotFound."""
    if person != by.id and not is_system(by):
        demand(desk, by)
    with desk.store.reading() as unit:
        return (
            store.people.access.all_tokens(unit)
            if person is None
            else store.people.access.tokens_of(unit, person)
        )


def revoke(desk: Desk, by: Person, person: str, name: str, at: datetime) -> None:
    """One's own, or by who keeps accounts. NotFound, Refused."""
    if by.id != person:
        demand(desk, by)
    with desk.store.writing() as unit:
        row = next((t for t in store.people.access.tokens_of(unit, person) if t.name == name), None)
        if row is None:
            raise NotFound
        if row.revoked_at is not None:
            raise Refused("This token was revoked already.")
        store.people.access.revoke(unit, row.hash, at)
        names = store.people.accounts.names(unit, [person])
        said = {"person": person, "name": names.get(person, person), "token": name}
        rows = [Rows("token", {"hash": row.hash})]
        log_entry(
            desk.installation, unit, LogKind.REVOKE_TOKEN, by, at, said, about=[person], rows=rows
        )


def serves(scope: Sequence[str] | None, needed: str) -> bool:
    """Whether scopes allow what needs this one: each holds those before it, but `administer`
    stands beside `tasks` and `record`. The address of a calendar serves for no request."""
    if scope is not None and FEED in scope:
        return False
    if scope is None or needed in scope or needed == "read":
        return True
    return needed == "tasks" and "record" in scope
