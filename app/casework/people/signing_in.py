"""Signing in with a password; waiting after failures is `throttle`'s.

An unknown name costs the same time as a wrong password.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from app import store
from app.casework.cases import installation_log as log
from app.casework.desk import Desk
from app.casework.errors import Overloaded, Refused, SecondNeeded
from app.casework.people import arrival, passwords, throttle
from app.casework.people.arrival import NO_BROWSER, Browser, SignedIn
from app.casework.people.presence import as_seen
from app.store import PersonRow, Unit

_FAILED = "The name or the password is not right."


def sign_in(
    desk: Desk, name: str, password: str, at: datetime, address: str, browser: Browser = NO_BROWSER
) -> SignedIn:
    """By id or e-mail address. Raises `Refused`, `SecondNeeded` with a ticket for the second step,
    or `Throttled` with the seconds to wait."""
    passwords.decoy()  # made before anything could take longer for its sake
    with desk.store.writing() as unit:
        row = store.people.accounts.find_by_name(unit, name)
        attempt = throttle.attempt(desk.store.keys, row, name, address, browser.device)
        wait = throttle.admit(unit, desk.settings.sign_in, attempt, at)
    who = log.of_person(row.id) if row is not None else log.of_address(address)
    if wait:
        log.refused(desk.store, log.THROTTLED, who, at)
        throttle.stop(wait)
    try:
        good = passwords.matches(row, password)
    except Overloaded:
        with desk.store.writing() as unit:
            throttle.forgive(unit, attempt)
        raise
    if row is None or not good:
        log.refused(desk.store, log.FAILED, who, at)
        raise Refused(_FAILED)
    return _signed_in(desk, row, password, at, attempt, address, browser)


def _signed_in(
    desk: Desk,
    row: PersonRow,
    password: str,
    at: datetime,
    attempt: throttle.Try,
    address: str,
    browser: Browser,
) -> SignedIn:
    anew = passwords.hashed(password) if passwords.outdated(row) else None
    with desk.store.writing() as unit:
        throttle.succeeded(unit, attempt)
        if anew is not None:
            _kept_anew(desk, unit, row, anew, at)
            row = replace(row, password=anew)
        way = arrival.Way("password", address, browser)
        arrived = arrival.arrive(desk, unit, row, at, way)
    if isinstance(arrived, SignedIn):
        return arrived
    raise SecondNeeded(arrived)


def _kept_anew(desk: Desk, unit: Unit, row: PersonRow, anew: str, at: datetime) -> None:
    """With more work than was usual when the password was set."""
    store.people.accounts.set_password(unit, row.id, anew)
    said, rows = {"person": row.id}, store.account_rows(row.id)
    kind, person = log.LogKind.KEEP_PASSWORD, as_seen(row, at)
    log.record(desk.installation, unit, kind, person, at, said, about=[row.id], rows=rows)
