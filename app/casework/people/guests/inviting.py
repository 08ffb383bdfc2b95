"""Links of guests: made when they are sent, replaced by a newer one, withdrawn by the team.

A link is made by whoever is about to send it, so its secret stands in the mail alone: neither in
the outbox nor in a log nor in a history. One that could not be sent is replaced by the next try's.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from app import store
from app.casework.access import SYSTEM, Person
from app.casework.cases import Installation, LogKind, log_entry
from app.casework.desk import Desk
from app.casework.errors import NotFound
from app.casework.people.guests import asking, contacts
from app.casework.people.guests.contacts import Contact
from app.engine import feel
from app.store import GuestRow, InviteRow, OutboxRow, Unit

#: links that a guest can have sent anew by themselves: one in this time, so many a day
SPACE, DAY, MOST = timedelta(minutes=10), timedelta(days=1), 5


@dataclass(frozen=True, slots=True)
class Invitation:
    """What is mailed, once."""

    guest: str
    secret: str
    contact: Contact
    until: datetime


def invite(
    desk: Desk, case: str, task: str, at: datetime, lasts: timedelta, by: Person = SYSTEM
) -> Invitation | None:
    """A new link to this open task; None where nobody is asked so, or the team withdrew it. One
    made earlier opens nothing any more."""
    secret = secrets.token_urlsafe(32)
    with desk.store.writing() as unit:
        if store.cases.lock(unit, case) is None:
            return None
        found = contacts.asked_now(desk.installation, unit, case, task, at)
        guest = store.people.guests.newest_of(unit, case, task)
        if found is None:
            if guest is not None:
                contacts.ended(desk.installation, unit, guest, by, at, contacts.CLOSED)
            return None
        contact, same = found[2], contacts.print_of(unit, found[2])
        if guest is not None and guest.print == same and guest.how == contacts.WITHDRAWN:
            if by is SYSTEM:
                return None
            guest = None
        if guest is not None and (guest.print != same or guest.ended_at is not None):
            contacts.ended(desk.installation, unit, guest, by, at, contacts.CHANGED)
            guest = None
        if guest is None:
            id = store.people.guests.PREFIX + secrets.token_hex(8)
            body = found[0].key.seal(contact.kept, store.people.guests.place(id))
            guest = GuestRow(id, case, task, contact.called, at, same, body)
            store.people.guests.add(unit, guest)
        until = at + lasts
        store.people.guests.end_links(unit, guest.id, at, contacts.REPLACED)
        link = InviteRow(contacts.kept_as(secret), guest.id, at, by.id, until)
        store.people.guests.add_link(unit, link)
        said = {"guest": guest.id, "case": case, "to": contacts.masked(contact.address)}
        rows = contacts.rows_of(guest.id)
        log_entry(desk.installation, unit, LogKind.INVITE_GUEST, by, at, said, rows=rows)
    return Invitation(guest.id, secret, contact, until)


def told(unit: Unit, row: OutboxRow) -> Mapping[str, Any]:
    """What a row of the outbox says of whom it asks, and who asked for it. Sealed."""
    said: Mapping[str, Any] = feel.codec.loads(row.content(store.cases.key_of(unit, row.case_id)))
    return said


def waiting_for(unit: Unit, row: OutboxRow) -> list[str]:
    """The open tasks that it means: one, or those of a reminder. Sealed."""
    said = told(unit, row)
    if isinstance(said.get("task"), str):
        return [said["task"]]
    return [
        each.task
        for each in store.work.tasks.of_case(unit, row.case_id)
        if (each.element, each.instance) == (said.get("element"), said.get("instance"))
    ]


def again(desk: Desk, secret: str, at: datetime) -> None:
    """Has a new link sent to the mailbox that had this one, if there is still something to do. Says
    nothing, so that nobody learns whether there was such a link."""
    with desk.store.reading() as unit:
        link = store.people.guests.link_of(unit, contacts.kept_as(secret))
    if link is not None:
        again_for(desk, link.guest, at)


def again_for(desk: Desk, id: str, at: datetime) -> None:
    with desk.store.writing() as unit:
        guest = store.people.guests.lock(unit, id)
        there = contacts.standing(desk.installation, unit, guest, at)
        if there is None:
            return
        since = store.people.guests.invited_since
        if since(unit, id, at - SPACE) or since(unit, id, at - DAY) >= MOST:
            return
        asking.ask(unit, there.locked, there.task, at, {})


def demand(desk: Desk, secret: str, at: datetime) -> contacts.Standing:
    """Whose link it is, while it opens something. NotFound for any other, whatever is wrong."""
    with desk.store.reading() as unit:
        return opened_by(desk.installation, unit, secret, at)


def opened_by(
    installation: Installation, unit: Unit, secret: str, at: datetime, *, lock: bool = False
) -> contacts.Standing:
    link = store.people.guests.link_of(unit, contacts.kept_as(secret), lock=lock)
    guest = store.people.guests.find(unit, link.guest) if link and link.serves(at) else None
    there = contacts.standing(installation, unit, guest, at)
    if there is None:
        raise NotFound
    return there
