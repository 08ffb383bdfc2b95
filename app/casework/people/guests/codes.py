"""Codes for guests: eight digits, a quarter of an hour, five tries.

They go to the number that the case holds, by SMS, or somebody of the team reads one out. They never
go to a mailbox.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from app import store
from app.casework.access import SYSTEM, Person
from app.casework.cases import LogKind, log_entry
from app.casework.desk import Desk
from app.casework.errors import NotFound, Refused, Throttled
from app.casework.people.guests import contacts, inviting, team
from app.casework.people.guests.contacts import Contact, Standing
from app.store import CodeRow, Unit

LASTS, TRIES = timedelta(minutes=15), 5
#: texts that somebody with a link can have sent in an hour
TEXTS, HOUR = 3, timedelta(hours=1)
SMS = "sms"
WRONG = "This code is not the right one, or its time is over. Try again, or get a new one."
NO_LINK = "Their link is used up, or its time is over. Send a new one first."
NO_NUMBER = "The case holds no telephone number of theirs. Correct it in the case first."


@dataclass(frozen=True, slots=True)
class Texted:
    """A code to be sent by SMS."""

    contact: Contact
    code: str
    guest: str


def texted(desk: Desk, secret: str, at: datetime) -> Texted:
    """NotFound, Refused, Throttled."""
    with desk.store.writing() as unit:
        there = inviting.opened_by(desk.installation, unit, secret, at, lock=True)
        if store.people.guests.live_codes(unit, there.guest.id, SMS, at - HOUR) >= TEXTS:
            raise Throttled("Too many codes were sent. Wait an hour, or ring the team.")
        return Texted(there.contact, _made(desk, unit, there, SYSTEM, SMS, at), there.guest.id)


def serves(desk: Desk, texted: Texted, at: datetime) -> bool:
    """Whether it is still the one that is waited for: neither used, replaced nor over."""
    with desk.store.reading() as unit:
        row = store.people.guests.open_code(unit, texted.guest, at)
        if row is None:
            return False
        return hmac.compare_digest(_hashed(unit, row.id, row.guest, texted.code), row.hash)


def read_out(desk: Desk, person: Person, case: str, task: str, at: datetime) -> tuple[Contact, str]:
    """(who is rung, a code to be read out to them), for somebody who sees all of the case.
    NotFound, Refused."""
    shown = team.panel(desk, person, case, task, at)
    if shown is None:
        raise NotFound
    if not shown.guest:
        raise Refused("There is no link that a code would be for. Send a new one first.")
    with desk.store.writing() as unit:
        guest = store.people.guests.lock(unit, shown.guest)
        there = contacts.standing(desk.installation, unit, guest, at)
        if there is None:
            raise Refused("What the case says of them has changed. Send a new link first.")
        if not store.people.guests.has_link(unit, shown.guest, at):
            raise Refused(NO_LINK)
        return there.contact, _made(desk, unit, there, person, person.id, at)


def _made(desk: Desk, unit: Unit, there: Standing, by: Person, how: str, at: datetime) -> str:
    if not there.contact.telephone:
        raise Refused(NO_NUMBER)
    code, id, guest = f"{secrets.randbelow(10**8):08d}", secrets.token_hex(8), there.guest.id
    store.people.guests.end_codes(unit, guest, at, contacts.REPLACED)
    row = CodeRow(id, guest, _hashed(unit, id, guest, code), at, how, at + LASTS)
    store.people.guests.add_code(unit, row)
    number = contacts.masked_number(there.contact.telephone)
    said = {"guest": guest, "case": there.guest.case_id, "number": number, "how": how}
    rows = contacts.rows_of(guest)
    log_entry(desk.installation, unit, LogKind.GUEST_CODE, by, at, said, rows=rows)
    return code


def _hashed(unit: Unit, id: str, guest: str, code: str) -> bytes:
    return unit.keys.fingerprint(f"guest code\n{id}\n{guest}\n{code}".encode())


def checked(desk: Desk, secret: str, code: str, at: datetime) -> CodeRow:
    """The code row that this code is right for. Each try is counted before it is looked at, so that
    guesses made at once count too. NotFound, Refused."""
    typed = "".join(code.split())
    with desk.store.writing() as unit:
        there = inviting.opened_by(desk.installation, unit, secret, at)
        row = store.people.guests.open_code(unit, there.guest.id, at)
        counted = row is not None and store.people.guests.take_try(unit, row.id, TRIES)
        if row is not None and counted and typed.isascii() and typed.isdigit():
            right = _hashed(unit, row.id, row.guest, typed)
        else:
            right = b""
    if row is None or not counted or not hmac.compare_digest(right, row.hash):
        raise Refused(WRONG, {"code": WRONG})
    return row


def by_sms(row: str) -> bool:
    return row == SMS
