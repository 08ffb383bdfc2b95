"""The last step of every way in: a session, its entry in the log, what the browser keeps.

Nothing else begins a session for somebody who was not signed in. Whoever needs a second factor
gets a ticket instead, with which they take the second step.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app import store
from app.casework.cases import installation_log as log
from app.casework.desk import Desk
from app.casework.errors import Refused
from app.casework.people import throttle
from app.casework.people.proof import demand, seals
from app.casework.people.sessions import NO_BROWSER as NO_BROWSER
from app.casework.people.sessions import Browser as Browser
from app.casework.people.sessions import SignedIn as SignedIn
from app.casework.people.sessions import begin, session_touched
from app.store import Origin, PersonRow, Unit

#: between the password and the second factor
HALF_WAY = timedelta(minutes=10)
_TICKET = "second step"
_OVER = "This took too long. Start again."


@dataclass(frozen=True, slots=True)
class Way:
    """How somebody came."""

    #: "password", "passkey" or "sign-on"
    by: str
    address: str
    browser: Browser
    #: where the session began, at a provider
    origin: Origin | None = None
    #: a second factor was part of it
    second: bool = False


def arrive(desk: Desk, unit: Unit, row: PersonRow, at: datetime, way: Way) -> SignedIn | str:
    """Signed in; or a ticket for the second step."""
    if not way.second and demand.needed(desk, unit, row, at):
        return _ticket(desk, row, at, way)
    secret, person = begin(desk, unit, row, at, way.browser)
    if way.origin is not None:
        store.people.identities.add_origin(unit, seals.hashed(secret), way.origin)
    told = {"address": way.address, "device": way.browser.words, "way": way.by}
    rows = session_touched(secret, way.browser)
    log.record(desk.installation, unit, log.LogKind.SIGN_IN, person, at, told, rows=rows)
    keys, kept = desk.store.keys, way.browser.device
    attempt = throttle.attempt(keys, row, row.id, way.address, kept)
    return SignedIn(secret, person, throttle.device(keys, row.id, attempt, kept))


def _ticket(desk: Desk, row: PersonRow, at: datetime, way: Way) -> str:
    said: dict[str, Any] = {"person": row.id, "by": way.by, "mark": _mark(row)}
    if way.origin is not None:
        origin = way.origin
        body = None if origin.body is None else origin.body.hex()
        said["origin"] = [origin.issuer, origin.subject, origin.sid, body]
    return seals.sealed(desk.store.keys, _TICKET, at, said)


def _mark(row: PersonRow) -> str:
    """Tells whether the password was changed meanwhile."""
    return hashlib.sha256((row.password or "").encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class HalfWay:
    """Who has shown the first thing, and how."""

    row: PersonRow
    #: what they have for the second step; none: they set something up first
    factors: demand.Factors
    said: Mapping[str, Any]

    def way(self, address: str, browser: Browser) -> Way:
        """The whole of it, once the second thing is shown too."""
        kept = self.said.get("origin")
        origin = None
        if kept is not None:
            issuer, subject, sid, body = kept
            origin = Origin(issuer, subject, sid, None if body is None else bytes.fromhex(body))
        return Way(self.said["by"], address, browser, origin, second=True)


def half_way(desk: Desk, unit: Unit, ticket: str, at: datetime) -> HalfWay:
    """Whose ticket it is. Raises `Refused` where it is over, or serves no more."""
    said = seals.opened(desk.store.keys, _TICKET, ticket, at, HALF_WAY)
    row = store.people.accounts.find(unit, said["person"]) if said is not None else None
    if said is None or row is None or row.disabled or said["mark"] != _mark(row):
        raise Refused(_OVER)
    return HalfWay(row, demand.has(unit, row.id), said)


def spend(unit: Unit, ticket: str, at: datetime) -> None:
    """It served its time. Raises `Refused` where it did before."""
    if not seals.spend(unit, ticket, at, HALF_WAY):
        raise Refused(_OVER)


def signed(arrived: SignedIn | str) -> SignedIn:
    """Of somebody whose second factor was seen."""
    assert isinstance(arrived, SignedIn)
    return arrived
