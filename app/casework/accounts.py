"""Who somebody is: accounts, signing in, sessions, API tokens, and waiting after failures.

Passwords are argon2id, tokens are 256 random bits kept only as hashes. An unknown name costs the
same time as a wrong password, and nobody is ever locked out for good.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app import store
from app.casework.access import CLOCK, SYSTEM, Cover, Person
from app.casework.cases import installation_log as log
from app.casework.cases.installation_log import LogKind
from app.casework.desk import Desk
from app.casework.errors import Refused, Throttled
from app.engine import day_in_london, saying
from app.store import PersonRow, Rows, SessionRow, Unit

_HASHER = PasswordHasher()
#: a session's `seen_at` is written at most this often
_SLIDE = timedelta(seconds=60)
_FAILED = "The name or the password is not right."
SHORTEST_PASSWORD = 12


@dataclass(frozen=True, slots=True)
class SignedIn:
    #: the session's secret; only its hash is kept
    token: str
    person: Person


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


@lru_cache(maxsize=1)
def _decoy() -> str:
    """What an unknown person's password is checked against."""
    return _HASHER.hash(secrets.token_hex(16))


def as_seen(row: PersonRow) -> Person:
    """Who the account says this is, whatever day it is; see `present`."""
    return Person(row.id, row.name, frozenset(row.roles), dict(row.attributes))


def present(desk: Desk, unit: Unit, person: Person, at: datetime) -> Person:
    """The person at this instant: with what they hold by succession, and for whom they cover."""
    running = []
    for row in store.people.covers.running(unit, person.id, day_in_london(at), at):
        away = store.people.accounts.find(unit, row.person)
        if away is not None:
            seen = desk.roles.working(desk.roles.present(as_seen(away), at))
            running.append(Cover(row.id, seen, row.last))
    return desk.roles.present(person, at, tuple(running))


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
    """Makes or changes an account; without `password` an old one stays. Raises `Refused`."""
    if id in (CLOCK.id, SYSTEM.id):
        raise Refused(f"“{id}” is the name of a part of this program.")
    if password is not None and len(password) < SHORTEST_PASSWORD:
        raise Refused(f"A password needs {SHORTEST_PASSWORD} characters or more.")
    hashed = _HASHER.hash(_plain(password)) if password is not None else None
    row = PersonRow(id, name, email, tuple(sorted(roles)), attributes or {}, hashed, False)
    person = as_seen(row)
    with desk.store.writing() as unit:
        known = store.people.accounts.find(unit, id) is not None
        store.people.accounts.put(unit, row, sorted(person.groups), at)
        kind = LogKind.CHANGE_PERSON if known else LogKind.MAKE_PERSON
        said = {"person": id, "name": name, "roles": sorted(roles)}
        log.record(desk.installation, unit, kind, SYSTEM, at, said, about=[id], rows=rows_of(id))
    return person


def rows_of(person: str) -> list[Rows]:
    """What the log says of an account after a change."""
    return [Rows("person", {"id": person}), Rows("person_group", {"person": person})]


def disable(desk: Desk, id: str, at: datetime, by: Person = SYSTEM) -> None:
    """Nobody signs in as this person any more; running sessions end at once."""
    with desk.store.writing() as unit:
        store.people.accounts.disable(unit, id)
        said = {"person": id}
        log.record(
            desk.installation,
            unit,
            LogKind.DISABLE_PERSON,
            by,
            at,
            said,
            about=[id],
            rows=rows_of(id),
        )


def sign_in(desk: Desk, name: str, password: str, at: datetime, address: str) -> SignedIn:
    """By id or e-mail address. Raises `Refused`, or `Throttled` with the seconds to wait."""
    _decoy()  # made before anything could take longer for its sake
    keys = (f"account:{name.strip().lower()}", f"address:{address}")
    hidden = [desk.store.keys.fingerprint(key.encode()).hex() for key in keys]
    with desk.store.writing() as unit:
        wait = _wait(desk, unit, hidden, at)
        if (
            wait <= timedelta()
        ):  # counted before the check, so that parallel guesses are counted too
            for key in hidden:
                store.people.accounts.fail(unit, key, at)
        row = store.people.accounts.find_by_name(unit, name)
    if wait > timedelta():
        log.refused(desk.store, log.THROTTLED, log.of_address(address), at)
        seconds = int(wait.total_seconds()) + 1
        raise Throttled(f"Too many attempts. Please wait {_in_words(seconds)}.", seconds=seconds)
    good = _matches(row, password)
    if row is None or not good:
        who = log.of_person(row.id) if row else log.of_address(address)
        log.refused(desk.store, log.FAILED, who, at)
        raise Refused(_FAILED)
    return _signed_in(desk, row, password, at, address, hidden)


def _signed_in(
    desk: Desk, row: PersonRow, password: str, at: datetime, address: str, hidden: list[str]
) -> SignedIn:
    token = secrets.token_urlsafe(32)
    session = SessionRow(row.id, at, at, at + desk.settings.sign_in.absolute)
    with desk.store.writing() as unit:
        store.people.accounts.forgive(unit, hidden[0])
        # Only this try is taken back: who knows one password could else guess others for ever.
        store.people.accounts.uncount(unit, hidden[1])
        store.people.accounts.add_session(unit, _hash(token), session)
        person = present(desk, unit, as_seen(row), at)
        if row.password and _HASHER.check_needs_rehash(row.password):
            store.people.accounts.set_password(unit, row.id, _HASHER.hash(_plain(password)))
            said = {"person": row.id}
            log.record(
                desk.installation, unit, LogKind.KEEP_PASSWORD, SYSTEM, at, said, about=[row.id],
                rows=rows_of(row.id),
            )  # fmt: skip
        log.record(desk.installation, unit, LogKind.SIGN_IN, person, at, {"address": address})
        return SignedIn(token, person)


def _plain(password: str) -> str:
    """However its letters were composed, it is the same password (NIST SP 800-63B, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


def _matches(row: PersonRow | None, password: str) -> bool:
    usable = row is not None and row.password is not None and not row.disabled
    hashed = row.password if row is not None and row.password and usable else _decoy()
    # As it came too: what an earlier release hashed was not composed.
    return (
        any(_fits(hashed, each) for each in dict.fromkeys([_plain(password), password])) and usable
    )


def _fits(hashed: str, password: str) -> bool:
    try:
        return _HASHER.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


def _wait(desk: Desk, unit: Unit, hidden: list[str], at: datetime) -> timedelta:
    """How long this account and this address still have to wait: 1, 2, 4 … seconds."""
    rules = desk.settings.sign_in
    free = dict(zip(hidden, (rules.account_failures, rules.address_failures), strict=True))
    longest = timedelta()
    for what, (failures, last) in store.people.accounts.failures(unit, hidden).items():
        over = failures - free[what]
        if over >= 0:
            pause = min(timedelta(seconds=2 ** min(over, 20)), rules.longest_wait)
            longest = max(longest, last + pause - at)
    return longest


def _in_words(seconds: int) -> str:
    if seconds < 90:
        return saying.count(seconds, "second")
    return saying.count(-(-seconds // 60), "minute")


def person_of(desk: Desk, token: str, at: datetime) -> Person | None:
    """Who holds this session; None once it is idle too long, too old, or ended. Slides the idle
    end."""
    which = _hash(token)
    with desk.store.reading() as unit:
        session = store.people.accounts.find_session(unit, which)
        row = store.people.accounts.find(unit, session.person) if session else None
        if session is None or row is None or row.disabled:
            return None
        person = present(desk, unit, as_seen(row), at)
    idle = at - session.seen_at
    if at >= session.expires_at or idle >= desk.settings.sign_in.idle:
        return None
    if idle >= _SLIDE:
        with desk.store.writing() as unit:
            store.people.accounts.seen(unit, which, at)
    return person


def sign_out(desk: Desk, token: str, at: datetime) -> None:
    with desk.store.writing() as unit:
        session = store.people.accounts.find_session(unit, _hash(token))
        store.people.accounts.end_session(unit, _hash(token))
        row = store.people.accounts.find(unit, session.person) if session else None
        if row is not None:
            log.record(desk.installation, unit, LogKind.SIGN_OUT, as_seen(row), at)


def sign_out_everywhere(desk: Desk, person: Person, at: datetime, by: Person = SYSTEM) -> None:
    with desk.store.writing() as unit:
        store.people.accounts.end_sessions(unit, person.id)
        said = {"person": person.id, "name": person.name}
        log.record(desk.installation, unit, LogKind.END_SESSIONS, by, at, said, about=[person.id])


def new_token(
    desk: Desk, person: Person, name: str, at: datetime, expires: datetime | None = None
) -> str:
    """An API token for this person; shown once, only its hash is kept."""
    token = secrets.token_urlsafe(32)
    with desk.store.writing() as unit:
        store.people.accounts.add_token(unit, _hash(token), person.id, name, at, expires)
        said = {"person": person.id, "name": person.name, "token": name}
        log.record(
            desk.installation, unit, LogKind.MAKE_TOKEN, SYSTEM, at, said, about=[person.id],
            rows=[Rows("token", {"hash": _hash(token)})],
        )  # fmt: skip
    return token


def person_of_token(desk: Desk, token: str, at: datetime) -> Person | None:
    with desk.store.reading() as unit:
        id = store.people.accounts.token_person(unit, _hash(token), at)
        row = store.people.accounts.find(unit, id) if id else None
        if row is None or row.disabled:
            return None
        return present(desk, unit, as_seen(row), at)


def revoke_token(desk: Desk, person: Person, name: str, at: datetime) -> None:
    with desk.store.writing() as unit:
        store.people.accounts.revoke_token(unit, person.id, name, at)
        said = {"person": person.id, "name": person.name, "token": name}
        log.record(
            desk.installation, unit, LogKind.REVOKE_TOKEN, SYSTEM, at, said, about=[person.id],
            rows=[Rows("token", {"person": person.id, "name": name})],
        )  # fmt: skip
