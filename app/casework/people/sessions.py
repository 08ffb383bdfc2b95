"""Sessions: who holds one, until when, and their end; listed for whom they belong to.

A session is 256 random bits in a browser, kept only as a hash.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from app import store
from app.casework.access import Person
from app.casework.cases import LogKind, log_entry
from app.casework.desk import Desk
from app.casework.errors import NotFound
from app.casework.people.links import hashed
from app.casework.people.presence import as_seen, present, standing_in
from app.engine import day_in_london
from app.store import PersonRow, Rows, SessionRow, Unit

#: a session's `seen_at` is written at most this often
_SLIDE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class SignedIn:
    #: the session's secret; only its hash is kept
    token: str
    person: Person
    #: for the browser to keep: a later attempt from it is told from attempts elsewhere
    device: str = ""


@dataclass(frozen=True, slots=True)
class Browser:
    """What a browser brings to an attempt to sign in."""

    #: in plain words
    words: str = ""
    #: what it kept of an earlier `SignedIn.device`
    device: str = ""
    #: the session that it still holds; it ends
    session: str = ""


#: a program, or a browser that says nothing of itself
NO_BROWSER = Browser()


@dataclass(frozen=True, slots=True)
class OwnSession:
    #: by which its owner names it; nobody signs in with it
    id: str
    device: str
    at: datetime
    seen_at: datetime
    #: it is the one that asks
    this: bool


def person_of(desk: Desk, token: str, at: datetime) -> Person | None:
    """Who holds this session; None once it is idle too long, too old, or ended. Slides the idle
    end."""
    held = holder(desk, token, at)
    return held[0] if held is not None else None


def holder(
    desk: Desk, token: str, at: datetime, *, quiet: bool = False
) -> tuple[Person, datetime] | None:
    """As `person_of`, with the instant at which it ends at the latest. `quiet`: nobody did
    anything, so the idle end stays where it is."""
    which = hashed(token)
    with desk.store.reading() as unit:
        held = store.people.bearer.of_session(unit, which, day_in_london(at), at)
        row = held.person if held is not None else None
        if held is None or row is None or row.disabled:
            return None
        person = standing_in(desk, unit, as_seen(row, at), held.covers, at)
    session = held.session
    idle = at - session.seen_at
    if at >= session.expires_at or idle >= desk.settings.sign_in.idle:
        return None
    if idle >= _SLIDE and not quiet:
        with desk.store.writing() as unit:
            store.people.accounts.seen(unit, which, at)
    return person, session.expires_at


def somebody(desk: Desk, id: str, at: datetime) -> Person | None:
    """The person with this id, without a session: for keeping what they typed. None: there is none,
    or they are shut out."""
    with desk.store.reading() as unit:
        row = store.people.accounts.find(unit, id)
        return present(desk, unit, as_seen(row, at), at) if row and not row.disabled else None


def sign_out(desk: Desk, token: str, at: datetime) -> None:
    with desk.store.writing() as unit:
        session = store.people.accounts.find_session(unit, hashed(token))
        store.people.accounts.end_session(unit, hashed(token))
        row = store.people.accounts.find(unit, session.person) if session else None
        if row is not None:
            rows = [Rows("session", {"hash": hashed(token)})]
            log_entry(desk.installation, unit, LogKind.SIGN_OUT, as_seen(row, at), at, rows=rows)


def begin(
    desk: Desk, unit: Unit, row: PersonRow, at: datetime, browser: Browser
) -> tuple[str, Person]:
    """(secret, who it is) of a new session; the one that the browser still holds ends."""
    secret = secrets.token_urlsafe(32)
    if browser.session:
        store.people.accounts.end_session(unit, hashed(browser.session))
    until = at + desk.settings.sign_in.absolute
    session = SessionRow(row.id, at, at, until, browser.words or None)
    store.people.accounts.add_session(unit, hashed(secret), session)
    store.people.guests.sweep(unit, at)
    return secret, present(desk, unit, as_seen(row, at), at)


def session_touched(secret: str, browser: Browser) -> list[Rows]:
    """For the log: the session that began, and the one that ended with it."""
    return [Rows("session", {"hash": hashed(one)}) for one in (secret, browser.session) if one]


def runs(desk: Desk, row: SessionRow, at: datetime) -> bool:
    return at < row.expires_at and at - row.seen_at < desk.settings.sign_in.idle


def listed(desk: Desk, person: Person, token: str, at: datetime) -> list[OwnSession]:
    """Those of this person that run; the one seen last first."""
    with desk.store.reading() as unit:
        rows = store.people.accounts.sessions_of(unit, person.id)
    here = hashed(token)
    return [
        OwnSession(_id(hash), row.device or "", row.at, row.seen_at, hash == here)
        for hash, row in rows
        if runs(desk, row, at)
    ]


def _id(hash: bytes) -> str:
    return hash.hex()[:16]


def end_own(desk: Desk, person: Person, id: str, at: datetime) -> None:
    """One of the person's own. NotFound."""
    with desk.store.writing() as unit:
        rows = store.people.accounts.sessions_of(unit, person.id)
        meant = [hash for hash, _ in rows if _id(hash) == id]
        if not meant:
            raise NotFound
        _end(desk, unit, person, meant[:1], at)


def end_others(desk: Desk, person: Person, token: str, at: datetime) -> int:
    """All of the person's but the one that asks; gives how many."""
    here = hashed(token)
    with desk.store.writing() as unit:
        rows = store.people.accounts.sessions_of(unit, person.id)
        others = [hash for hash, _ in rows if hash != here]
        if others:
            _end(desk, unit, person, others, at)
    return len(others)


def _end(desk: Desk, unit: Unit, person: Person, hashes: list[bytes], at: datetime) -> None:
    for hash in hashes:
        store.people.accounts.end_session(unit, hash)
    said = {"person": person.id, "name": person.name, "count": len(hashes)}
    kind, rows = LogKind.END_SESSIONS, [store.session_rows(person.id)]
    log_entry(desk.installation, unit, kind, person, at, said, about=[person.id], rows=rows)
