"""Signing in with a password; waiting after failures is `throttle`'s.

An unknown name costs the same time as a wrong password.
"""

from __future__ import annotations

from datetime import datetime

from app import store
from app.casework.cases import installation_log as log
from app.casework.desk import Desk
from app.casework.errors import Overloaded, Refused
from app.casework.people import passwords, throttle
from app.casework.people.sessions import NO_BROWSER, Browser, SignedIn, begin
from app.store import PersonRow

_FAILED = "The name or the password is not right."


def sign_in(
    desk: Desk, name: str, password: str, at: datetime, address: str, browser: Browser = NO_BROWSER
) -> SignedIn:
    """By id or e-mail address. Raises `Refused`, or `Throttled` with the seconds to wait."""
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
        secret, person = begin(desk, unit, row, at, browser)
        if anew is not None:
            store.people.accounts.set_password(unit, row.id, anew)
            kind, said, rows = (
                log.LogKind.KEEP_PASSWORD,
                {"person": row.id},
                store.account_rows(row.id),
            )
            log.record(desk.installation, unit, kind, person, at, said, about=[row.id], rows=rows)
        told = {"address": address, "device": browser.words}
        log.record(desk.installation, unit, log.LogKind.SIGN_IN, person, at, told)
    return SignedIn(
        secret, person, throttle.device(desk.store.keys, row.id, attempt, browser.device)
    )
