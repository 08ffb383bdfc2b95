"""Mails to guests: the request with its link, made at the moment of sending and kept nowhere.

It names nobody of the case, and neither the case nor the task. Codes never go by mail.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import EmailMessage

from app import store
from app.casework import SYSTEM, Desk, Person
from app.casework.people import guests
from app.config import Mail
from app.documents import BREAK, NoLetter, enveloped
from app.engine import feel, moment
from app.store import OutboxRow

_TEXT = """{organisation} is asked for information by {title}. Please open the request here:

{link}

The link opens one request, once, until {until}. You are asked for a code of eight digits. {way} \
It is never sent by e-mail, and nobody will ask you for it.

{ring}If you did not expect this, do nothing and tell them. If the link opens nothing any more, \
its page can send you a new one, to this address only.
"""
_SMS = "We send it by text message to the telephone number that we hold for you."
_READ = "Somebody of the team reads it out to you, on the telephone number that we hold for you."


def address(mail: Mail, secret: str) -> str:
    """Where the link leads."""
    return f"{mail.address.rstrip('/')}/guest-link/{secret}"


def invitations(
    desk: Desk, mail: Mail, title: str, row: OutboxRow, at: datetime
) -> list[EmailMessage]:
    """A mail with a new link for each task that the row means and that still asks a guest."""
    with desk.store.reading() as unit:
        told = feel.codec.loads(row.content(store.cases.key_of(unit, row.case_id)))
    by = Person(told["by"], told["by_name"]) if "by" in told else SYSTEM
    letters = []
    for task in guests.waiting_for(desk, row.case_id, told):
        made = guests.invite(desk, row.case_id, task, at, timedelta(days=mail.guest_days), by)
        if made is not None:
            letters.append(_letter(mail, title, row, made, at))
    return letters


def _letter(
    mail: Mail, title: str, row: OutboxRow, made: guests.Invitation, at: datetime
) -> EmailMessage:
    if BREAK.search(f"{made.contact.address}{mail.sender}"):
        raise NoLetter("An address would hold a line break.")
    text = _TEXT.format(
        organisation=made.contact.organisation or made.contact.name,
        title=title,
        link=address(mail, made.secret),
        until=moment(made.until),
        way=_SMS if mail.sms else _READ,
        ring=f"Questions? {mail.ring}\n\n" if mail.ring else "",
    )
    id = f"{row.id}.{row.attempts}.{made.guest.replace(':', '.')}"
    return enveloped(mail.sender, made.contact.address, f"{title}: a request", text, at, id)
