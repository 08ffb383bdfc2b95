"""Sessions of guests: begun by a link and a code, for one task, ended with it.

A guest's session is none of an account's: its own table, its own cookie, its own pages.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from app import store
from app.casework.access import Person
from app.casework.cases import LogKind, log_entry
from app.casework.desk import Desk
from app.casework.errors import NotFound, Refused
from app.casework.people.guests import codes, contacts, inviting
from app.casework.people.guests.contacts import Standing
from app.store import Unit

_SLIDE = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Arrived:
    #: the session's secret; only its hash is kept
    token: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Present:
    """A guest whose session runs."""

    person: Person
    #: the case's reference
    case: str
    task: str
    #: by what people call them
    name: str
    until: datetime


def enter(desk: Desk, secret: str, code: str, at: datetime) -> Arrived:
    """By a link and the code for it; the link is used up. NotFound, Refused."""
    row = codes.checked(desk, secret, code, at)
    token, until = secrets.token_urlsafe(32), at + desk.settings.sign_in.absolute
    with desk.store.writing() as unit:
        there = inviting.opened_by(desk.installation, unit, secret, at, lock=True)
        newest = store.people.guests.open_code(unit, there.guest.id, at)
        if newest is None or newest.id != row.id:
            raise Refused(codes.WRONG, {"code": codes.WRONG})
        id = there.guest.id
        store.people.guests.end_links(unit, id, at, contacts.USED)
        store.people.guests.end_codes(unit, id, at, contacts.USED)
        store.people.guests.end_sessions(unit, id)
        store.people.guests.sweep(unit, at)
        store.people.guests.add_session(unit, contacts.kept_as(token), id, row.id, at, until)
        person = _person(unit, there, row.by)
        said = {"guest": id, "case": there.guest.case_id}
        rows = contacts.rows_of(id)
        log_entry(desk.installation, unit, LogKind.GUEST_IN, person, at, said, rows=rows)
    return Arrived(token, until)


def _person(unit: Unit, there: Standing, by: str) -> Person:
    """The guest as histories name them: who, how they came, and by whose code."""
    name = store.people.accounts.names(unit, [by]).get(by, by)
    how = "code by SMS" if codes.by_sms(by) else f"code read out by {name}"
    link = f"by link to {contacts.masked(there.contact.address)}"
    whole = f"{there.guest.name}, as guest, {link}, {how},"
    task = (there.guest.case_id, there.guest.task)
    return Person(there.guest.id, whole, guest=task)


def holder(
    desk: Desk, token: str, at: datetime, *, late: bool = False, quiet: bool = False
) -> Present | None:
    """Who holds this session; None once it is idle too long, too old, or the task no longer theirs.

    `late`: also after its time, so that what they typed is kept for them. `quiet`: no sign of life.
    """
    which = contacts.kept_as(token)
    with desk.store.reading() as unit:
        found = store.people.guests.session_of(unit, which)
        if found is None:
            return None
        id, seen_at, until, by = found
        guest = store.people.guests.find(unit, id)
        there = contacts.standing(desk.installation, unit, guest, at)
        person = _person(unit, there, by) if there is not None else None
    idle = at - seen_at
    over = at >= until or idle >= desk.settings.sign_in.idle
    if over and not late:
        return None
    if there is None or person is None:
        return None
    if idle >= _SLIDE and not over and not quiet:
        with desk.store.writing() as unit:
            store.people.guests.seen(unit, which, at)
    reference = there.locked.row.reference
    return Present(person, reference, there.task.task, there.guest.name, until)


def leave(desk: Desk, token: str, at: datetime) -> None:
    """They sign out."""
    held = holder(desk, token, at)
    if held is not None:
        with desk.store.writing() as unit:
            store.people.guests.end_session(unit, contacts.kept_as(token))
            said, rows = {"guest": held.person.id}, contacts.rows_of(held.person.id)
            log_entry(desk.installation, unit, LogKind.GUEST_OUT, held.person, at, said, rows=rows)


def sent(desk: Desk, person: Person, at: datetime) -> None:
    """What they were asked is done: nothing of theirs opens anything any more."""
    with desk.store.writing() as unit:
        guest = store.people.guests.lock(unit, person.id)
        if guest is None:
            raise NotFound
        contacts.ended(desk.installation, unit, guest, person, at, contacts.DONE)
