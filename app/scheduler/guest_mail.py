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
from app.documents import NoLetter, enveloped
from app.engine import day_in_london, moment, saying
from app.scheduler.letters import NotMeant, message_id
from app.store import LetterRow

_TEXT = """{house} asks {organisation} for information. {by}Please open the request here:

{link}

The link opens one request, once, until {until}. You are asked for a code of eight digits. {way} \
It is never sent by e-mail, and nobody will ask you for it.

{ring}If you did not expect this, do nothing and tell them. If the link opens nothing any more, \
its page can send you a new one, to this address only.
"""
_SMS = "We send it by text message to the telephone number that we hold for you."
_READ = "Somebody of the team rings you on the number that we hold for you, and reads it out."


def address(mail: Mail, secret: str) -> str:
    """Where the link leads."""
    return f"{mail.address.rstrip('/')}/guest-link/{secret}"


def invitation(desk: Desk, mail: Mail, title: str, letter: LetterRow, at: datetime) -> EmailMessage:
    """A mail with a new link to the task of this letter. NoLetter, Sealed; NotMeant where nobody
    is asked so any more."""
    with desk.store.reading() as unit:
        row = store.work.messages.find_effect(unit, letter.case_id, letter.source)
        if row is None:
            raise NoLetter("What it should say is not there any more.")
        told = guests.told(unit, row)
    by = Person(told["by"], told["by_name"]) if "by" in told else SYSTEM
    task, lasts = letter.about or "", timedelta(days=mail.guest_days)
    made = guests.invite(desk, letter.case_id, task, at, lasts, by)
    if made is None:
        raise NotMeant("Not sent: nobody is asked this by a link any more.")
    due = _due(desk, letter.case_id, task)
    text = _TEXT.format(
        organisation=made.contact.organisation or made.contact.name,
        house=mail.asks_as(day_in_london(at), title),
        by=f"It is asked for by {saying.due(*due)}. " if due and due[0] > at else "",
        link=address(mail, made.secret),
        until=moment(made.until),
        way=_SMS if mail.sms else _READ,
        ring=f"Questions? {mail.ring}\n\n" if mail.ring else "",
    )
    # another link, another mail: none may be taken for the one before
    id = f"{message_id(letter)}.{letter.attempts}.{made.guest.replace(':', '.')}"
    return enveloped(mail.sender, made.contact.address, f"{title}: a request", text, at, id)


def _due(desk: Desk, case: str, task: str) -> tuple[datetime, bool] | None:
    """When it is due, and whether that is a whole day."""
    with desk.store.reading() as unit:
        row = store.work.deadlines.find(unit, case, task)
    return (row.due, row.whole_day) if row is not None else None
