"""The second step of signing in: a code or a passkey of who has come half the way, or setting up.

Guesses of codes are counted for the person, wherever they come from: whoever guesses here has the
password already. Waiting ends by itself.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from app import store
from app.casework.cases import installation_log as log
from app.casework.desk import Desk
from app.casework.errors import Refused, Throttled
from app.casework.people import arrival, throttle
from app.casework.people.arrival import Browser, SignedIn
from app.casework.people.proof import apps, passkeys


def step(desk: Desk, ticket: str, at: datetime) -> arrival.HalfWay:
    """Who is asked, and what they have. Raises `Refused` where the ticket serves no more."""
    with desk.store.reading() as unit:
        return arrival.half_way(desk, unit, ticket, at)


def by_code(
    desk: Desk, ticket: str, code: str, at: datetime, address: str, browser: Browser
) -> SignedIn:
    """With a code of the app, or a recovery code. Raises `Refused`, `Throttled`."""
    attempt, person = _admitted(desk, ticket, at)
    with desk.store.writing() as unit:
        half = arrival.half_way(desk, unit, ticket, at)
        if apps.taken(desk, unit, half.row, code, at):
            throttle.succeeded(unit, attempt)
            arrival.spend(unit, ticket, at)
            return arrival.signed(
                arrival.arrive(desk, unit, half.row, at, half.way(address, browser))
            )
    log.refused(desk.store, log.SECOND, log.of_person(person), at)
    raise Refused(apps.WRONG, {"code": apps.WRONG})


def _admitted(desk: Desk, ticket: str, at: datetime) -> tuple[throttle.Try, str]:
    rules = replace(
        desk.settings.sign_in, longest_wait=timedelta(minutes=15), forgives=timedelta(hours=1)
    )
    with desk.store.writing() as unit:
        person = arrival.half_way(desk, unit, ticket, at).row.id
        attempt = throttle.of_session(desk.store.keys, person, "second step")
        wait = throttle.admit(unit, rules, attempt, at)
    try:
        throttle.stop(wait)
    except Throttled:
        log.refused(desk.store, log.THROTTLED, log.of_person(person), at)
        raise
    return attempt, person


def by_passkey(
    desk: Desk,
    site: passkeys.Site,
    ticket: str,
    asked: str,
    answer: str,
    at: datetime,
    address: str,
    browser: Browser,
) -> SignedIn:
    """Raises `Refused`."""
    with desk.store.writing() as unit:
        half = arrival.half_way(desk, unit, ticket, at)
        passkeys.checked(desk, unit, site, asked, answer, at, half.row.id)
        arrival.spend(unit, ticket, at)
        return arrival.signed(arrival.arrive(desk, unit, half.row, at, half.way(address, browser)))


def set_up(
    desk: Desk, ticket: str, sealed: str, code: str, at: datetime, address: str, browser: Browser
) -> tuple[SignedIn, list[str]]:
    """The first code of a new app; gives recovery codes too. Raises `Refused`, `Throttled`."""
    _admitted(desk, ticket, at)
    with desk.store.writing() as unit:
        half = arrival.half_way(desk, unit, ticket, at)
        if half.factors.any:
            raise Refused("You have a second factor already. Start again.")
        codes = apps.set_up(desk, unit, half.row, sealed, code, at)
        arrival.spend(unit, ticket, at)
        throttle.succeeded(unit, throttle.of_session(desk.store.keys, half.row.id, "second step"))
        arrived = arrival.arrive(desk, unit, half.row, at, half.way(address, browser))
        return arrival.signed(arrived), codes


def by_passkey_alone(
    desk: Desk,
    site: passkeys.Site,
    asked: str,
    answer: str,
    at: datetime,
    address: str,
    browser: Browser,
) -> SignedIn:
    """Instead of a password: the device has made sure who holds it, so it is two things at once.
    Raises `Refused`."""
    try:
        with desk.store.writing() as unit:
            person = passkeys.checked(desk, unit, site, asked, answer, at, None)
            row = store.people.accounts.find(unit, person)
            if row is None or row.disabled:
                raise Refused(passkeys.UNKNOWN)
            way = arrival.Way("passkey", address, browser, second=True)
            return arrival.signed(arrival.arrive(desk, unit, row, at, way))
    except Refused:
        log.refused(desk.store, log.FAILED, log.of_address(address), at)
        raise
