"""Single sign-on: which account somebody is whom a provider vouches for, and with which roles.

People are known by what the provider calls itself and them (issuer and subject), never by an
address. Somebody seen for the first time is linked by a one-time link of who keeps accounts, or,
where the settings allow it and a group gives a role, gets an account of their own. Whether what
the provider said is genuine was checked before (`web`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from app import store
from app.casework.access import ACCOUNTS, SYSTEM
from app.casework.cases import installation_log as log
from app.casework.desk import Desk
from app.casework.errors import NotFound, Refused, SecondNeeded
from app.casework.people import arrival, changes, links
from app.casework.people.arrival import Browser, SignedIn
from app.store import IdentityRow, LinkRow, Origin, PersonRow, Rows, Unit

_UNKNOWN = (
    "This work account is not known here. Whoever keeps the accounts can send you a link that "
    "joins it to your account."
)
_TAKEN = "This work account belongs to another account here. Sign in there with another one."
_DISABLED = "This account cannot sign in. Ask whoever keeps the accounts."
_PLACE = store.people.identities.PLACE
_ODD = re.compile(r"[^a-z0-9._-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouched:
    """What a provider says of somebody, checked."""

    issuer: str
    subject: str
    name: str = ""
    user_name: str = ""
    #: only one that the provider has made sure of
    email: str | None = None
    groups: tuple[str, ...] = ()
    #: it has seen a second factor
    second: bool = False
    #: what it calls its session
    sid: str | None = None
    #: by which it knows its session again
    token: str = ""


def sign_on(
    desk: Desk, vouched: Vouched, at: datetime, address: str, browser: Browser, link: str = ""
) -> SignedIn:
    """`link`: the secret of a one-time link that was opened before. Raises `Refused`,
    `SecondNeeded`."""
    try:
        with desk.store.writing() as unit:
            row = _account(desk, unit, vouched, at, link)
            if row.disabled:
                raise Refused(_DISABLED)
            row = _by_groups(desk, unit, row, vouched, at)
            body = desk.store.keys.seal(vouched.token.encode(), _PLACE) if vouched.token else None
            origin = Origin(vouched.issuer, vouched.subject, vouched.sid, body)
            way = arrival.Way("sign-on", address, browser, origin, vouched.second)
            arrived = arrival.arrive(desk, unit, row, at, way)
    except Refused:
        log.refused(desk.store, log.SIGN_ON, log.of_address(address), at)
        raise
    if isinstance(arrived, SignedIn):
        return arrived
    raise SecondNeeded(arrived)


def _account(desk: Desk, unit: Unit, vouched: Vouched, at: datetime, link: str) -> PersonRow:
    known = store.people.identities.find(unit, vouched.issuer, vouched.subject)
    if link:
        return _linked(desk, unit, vouched, known, at, link)
    if known is not None:
        row = store.people.accounts.find(unit, known.person)
        if row is None:
            raise Refused(_UNKNOWN)
        return row
    return _made(desk, unit, vouched, at)


def _linked(
    desk: Desk,
    unit: Unit,
    vouched: Vouched,
    known: IdentityRow | None,
    at: datetime,
    secret: str,
) -> PersonRow:
    try:
        link, row = links.open_link(unit, secret, at, lock=True)
    except NotFound:
        raise Refused(links.OVER) from None
    if known is not None and known.person != row.id:
        raise Refused(_TAKEN)
    store.people.access.end_link(unit, link.hash, at, store.people.access.USED)
    if known is None:
        _join(desk, unit, vouched, row, at, link)
    return row


def _join(
    desk: Desk, unit: Unit, vouched: Vouched, row: PersonRow, at: datetime, link: LinkRow | None
) -> None:
    by = link.by if link is not None else SYSTEM.id
    identity = IdentityRow(vouched.issuer, vouched.subject, row.id, at, by)
    store.people.identities.add(unit, identity)
    said = {
        "person": row.id, "name": row.name, "issuer": vouched.issuer, "subject": vouched.subject,
        "by_link_of": by,
    }  # fmt: skip
    rows = [Rows("identity", {"issuer": vouched.issuer, "subject": vouched.subject})]
    rows += [Rows("link", {"hash": link.hash})] if link is not None else []
    kind = log.LogKind.LINK_IDENTITY
    log.record(desk.installation, unit, kind, SYSTEM, at, said, about=[row.id], rows=rows)


def _made(desk: Desk, unit: Unit, vouched: Vouched, at: datetime) -> PersonRow:
    """A new account for somebody to whom a group gives a role."""
    roles = _given(desk, vouched)
    if not desk.settings.sign_on.make_people or not roles:
        raise Refused(_UNKNOWN)
    name = vouched.name.strip()[:100]
    for id in _ids(vouched.user_name):
        row = PersonRow(id, name or id, vouched.email, tuple(sorted(roles)), {}, None, False)
        wrong = changes.wrong_in(desk, unit, row, new=True)
        if "email" in wrong:
            row = replace(row, email=None)
        if "name" in wrong:
            row = replace(row, name=id)
        if "id" not in wrong:
            break
    changes.make_in(desk, unit, SYSTEM, row, at)
    _join(desk, unit, vouched, row, at, None)
    return row


def _ids(user_name: str) -> Iterator[str]:
    """Ids for somebody new; never that of somebody who is there."""
    plain = _ODD.sub("-", user_name.partition("@")[0].lower()).strip("-._")[:40] or "person"
    yield plain
    yield from (f"{plain}-{number}" for number in range(2, 1000))


def _given(desk: Desk, vouched: Vouched) -> set[str]:
    """Roles by groups."""
    groups = desk.settings.sign_on.groups
    return {role for group in vouched.groups for role in groups.get(group, ())}


def _by_groups(desk: Desk, unit: Unit, row: PersonRow, vouched: Vouched, at: datetime) -> PersonRow:
    """The roles that groups give are theirs alone to give and take; others stay."""
    held = set(row.roles) - desk.settings.sign_on.roles | _given(desk, vouched)
    if held == set(row.roles):
        return row
    new = _with(row, held)
    try:
        changes.somebody_keeps_accounts(desk, unit, new, row, at)
    except Refused:  # somebody has to: this role is left to them
        known = desk.roles.known
        held |= {role for role in row.roles if role in known and ACCOUNTS in known[role].may}
        new = _with(row, held)
    if new.roles != row.roles:
        changes.put_in(desk, unit, SYSTEM, new, at, log.LogKind.CHANGE_ROLES)
    return new


def _with(row: PersonRow, held: set[str]) -> PersonRow:
    days = {role: span for role, span in row.days.items() if role in held}
    return replace(row, roles=tuple(sorted(held)), days=days)


def token_of(desk: Desk, session: str) -> tuple[str, str] | None:
    """(issuer, token by which it knows its session) of a session that began at a provider."""
    with desk.store.reading() as unit:
        origin = store.people.identities.origin(unit, links.hashed(session))
    if origin is None:
        return None
    body = origin.body
    return origin.issuer, "" if body is None else desk.store.keys.open(body, _PLACE).decode()


def ended_there(desk: Desk, issuer: str, subject: str | None, sid: str | None, at: datetime) -> int:
    """The provider has signed somebody out: sessions that began there end. Gives how many."""
    with desk.store.writing() as unit:
        hashes = store.people.identities.sessions_of(unit, issuer, subject, sid)
        people = {
            session.person
            for session in (store.people.accounts.find_session(unit, hash) for hash in hashes)
            if session is not None
        }
        for hash in hashes:
            store.people.accounts.end_session(unit, hash)
        for person in sorted(people):
            names = store.people.accounts.names(unit, [person])
            said = {"person": person, "name": names.get(person, person), "way": "sign-on"}
            kind = log.LogKind.END_SESSIONS
            rows = [store.session_rows(person)]
            log.record(desk.installation, unit, kind, SYSTEM, at, said, about=[person], rows=rows)
    return len(people)
