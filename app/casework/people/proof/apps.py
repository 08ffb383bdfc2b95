"""Authenticator apps (RFC 6238): set up, their codes taken once; and recovery codes instead.

The key of an app is kept sealed with the installation's key; of a recovery code only its hash.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp

from app import store
from app.casework.access import Person
from app.casework.cases import LogKind, log_entry
from app.casework.desk import Desk
from app.casework.errors import Refused
from app.casework.people.links import hashed
from app.casework.people.proof import seals
from app.store import Keys, PersonRow, Rows, Sealed, TotpRow, Unit

STEP = 30
#: a code of the step before, or of the one after, is taken: clocks of phones are not exact
AROUND = (-1, 0, 1)
CODES = 10
_OFFER, SET_UP = "authenticator app", timedelta(minutes=30)
#: of four letters each: 119 bits in a recovery code, so that its hash alone cannot be tried out
GROUPS = 6
#: none that is read as another
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
WRONG = "The code is not right, or was used already. Wait for the next code of the app."


@dataclass(frozen=True, slots=True)
class Offer:
    """A key for an app that is not set up yet."""

    #: in letters, for typing
    key: str
    #: for an app, as a picture
    uri: str
    #: goes with the page, and comes back with the first code
    sealed: str


def offer(desk: Desk, row: PersonRow, title: str, at: datetime, sealed: str = "") -> Offer:
    """A new key; or that of an offer which did not come to its end."""
    keys = desk.store.keys
    key = _offered(keys, row, sealed, at) or pyotp.random_base32()
    uri = pyotp.TOTP(key).provisioning_uri(name=row.id, issuer_name=title)
    kept = seals.sealed(keys, _OFFER, at, [row.id, key])
    return Offer(key, uri, kept)


def _offered(keys: Keys, row: PersonRow, sealed: str, at: datetime) -> str | None:
    said = seals.opened(keys, _OFFER, sealed, at, SET_UP) if sealed else None
    return str(said[1]) if said is not None and said[0] == row.id else None


def set_up(
    desk: Desk, unit: Unit, row: PersonRow, sealed: str, code: str, at: datetime
) -> list[str]:
    """Takes the app of this offer, with its first code; gives recovery codes. Raises `Refused`."""
    key = _offered(desk.store.keys, row, sealed, at)
    if key is None:
        raise Refused("This took too long. Start again.")
    if store.people.factors.app_of(unit, row.id) is not None:
        raise Refused("You have an authenticator app already.")
    counter = _matching(key, plain(code), at, -1)
    if counter is None:
        raise Refused(WRONG, {"code": WRONG})
    body = desk.store.keys.seal(key.encode(), store.people.factors.place(row.id))
    store.people.factors.add_app(unit, TotpRow(row.id, body, at, counter))
    codes = _new_codes(unit, row.id, at)
    rows = [Rows("totp", {"person": row.id}), Rows("recovery_code", {"person": row.id})]
    _told(desk, unit, LogKind.SET_SECOND_FACTOR, row, at, rows)
    return codes


def _told(
    desk: Desk, unit: Unit, kind: LogKind, row: PersonRow, at: datetime, rows: list[Rows]
) -> None:
    said, by = {"person": row.id, "name": row.name}, Person(row.id, row.name)
    log_entry(desk.installation, unit, kind, by, at, said, about=[row.id], rows=rows)


def renew_codes(desk: Desk, unit: Unit, row: PersonRow, at: datetime) -> list[str]:
    """New recovery codes; those of before serve no more."""
    codes = _new_codes(unit, row.id, at)
    rows = [Rows("recovery_code", {"person": row.id})]
    _told(desk, unit, LogKind.MAKE_RECOVERY_CODES, row, at, rows)
    return codes


def _new_codes(unit: Unit, person: str, at: datetime) -> list[str]:
    codes = ["-".join(_letters(4) for _ in range(GROUPS)) for _ in range(CODES)]
    store.people.factors.put_codes(unit, person, [hashed(plain(code)) for code in codes], at)
    return codes


def _letters(count: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(count))


def plain(code: str) -> str:
    """However it was typed."""
    return "".join(sign for sign in code.lower() if sign.isalnum())


def taken(desk: Desk, unit: Unit, row: PersonRow, code: str, at: datetime) -> bool:
    """Whether it is a code of their app, or a recovery code; it serves no more then."""
    typed = plain(code)
    if len(typed) == 6:
        return _of_app(desk, unit, row, typed, at)
    hash = hashed(typed)
    if not store.people.factors.use_code(unit, row.id, hash, at):
        return False
    _told(desk, unit, LogKind.USE_RECOVERY_CODE, row, at, [Rows("recovery_code", {"hash": hash})])
    return True


def _of_app(desk: Desk, unit: Unit, row: PersonRow, code: str, at: datetime) -> bool:
    kept = store.people.factors.app_of(unit, row.id)
    if kept is None:
        return False
    try:
        key = desk.store.keys.open(kept.body, store.people.factors.place(row.id)).decode()
    except Sealed:  # with another key of the installation: only somebody else can help
        return False
    counter = _matching(key, code, at, kept.counter)
    return counter is not None and store.people.factors.take(unit, row.id, counter)


def _matching(key: str, code: str, at: datetime, last: int) -> int | None:
    """The step of which this is the code, after the last one that was taken."""
    now, codes = int(at.timestamp()) // STEP, pyotp.HOTP(key)
    fits = [
        now + off
        for off in AROUND
        if hmac.compare_digest(codes.at(now + off).encode(), code.encode("utf-8", "replace"))
    ]
    return next((counter for counter in fits if counter > last), None)
