"""Mails about accounts: a one-time link, made at the moment of sending and kept nowhere, since only
its hash is; a reset.

They name nobody. They wait as letters like every other mail.
"""

from __future__ import annotations

import base64
import os
from datetime import datetime, timedelta
from email.message import EmailMessage

from app import store
from app.casework import SYSTEM, Desk, NotFound, Person, Refused, accounts
from app.casework.people import links
from app.config import Mail
from app.documents import NoLetter, enveloped
from app.engine import moment
from app.scheduler.letters import NO_ADDRESS, NotMeant, message_id
from app.store import LetterRow, PersonRow

_TEXT = """Somebody who keeps accounts for {title} made a link for you to set your password:

{link}

It opens once, until {until}. Nobody will ask you for it. If you did not expect this, do nothing \
and tell them.
"""

_RESET = """Somebody who keeps accounts for {title} reset the second step of your sign-in on {at}: \
your authenticator app, recovery codes and passkeys open nothing there any more.

If you did not ask for this, tell whoever keeps the accounts at once.
"""


def address(mail: Mail, secret: str) -> str:
    """Where the link leads."""
    return f"{mail.address.rstrip('/')}/set-password/{secret}"


def sends(mail: Mail, to: str | None) -> bool:
    """Whether a mail can go to this address at all."""
    return mail.leaves and bool(to)


def ask_link(
    desk: Desk, by: Person, row: PersonRow, at: datetime, lasts: timedelta = links.LASTS
) -> None:
    """A link goes to this person, made when it is sent. NotFound, Refused."""
    with desk.store.writing() as unit:
        links.may_issue(desk, unit, by, row.id, at, lasts)
        letters, hours = store.work.letters, str(lasts // timedelta(hours=1))
        asked = letters.asked(letters.LINK, _id(letters.LINK), by.id, row.id, at, about=hours)
        letters.add(unit, [asked])


def tell_reset(desk: Desk, mail: Mail, row: PersonRow, at: datetime) -> bool:
    """That a second factor was reset. False: no mail can go to them."""
    if not sends(mail, row.email):
        return False
    with desk.store.writing() as unit:
        letters = store.work.letters
        asked = letters.asked(letters.RESET, _id(letters.RESET), row.id, row.id, at)
        letters.add(unit, [asked])
    return True


def _id(kind: str) -> str:
    return f"{kind}.{base64.b32encode(os.urandom(10)).decode().lower()}"


def link_to(desk: Desk, mail: Mail, title: str, letter: LetterRow, at: datetime) -> EmailMessage:
    """A mail with a new link. NoLetter; NotMeant where nobody may give one any more."""
    row = _person(desk, letter)
    lasts = timedelta(hours=int(letter.about or 24))
    try:
        secret, until = links.issue(desk, _by(desk, letter, at), row.id, at, lasts)
    except (NotFound, Refused) as refused:
        raise NotMeant(f"Not sent: {refused.sentence}") from None
    text = _TEXT.format(title=title, link=address(mail, secret), until=moment(until))
    id = f"{message_id(letter)}.{letter.attempts}"  # another link, another mail
    return enveloped(mail.sender, row.email or "", f"{title}: set your password", text, at, id)


def reset_to(desk: Desk, mail: Mail, title: str, letter: LetterRow) -> EmailMessage:
    """NoLetter, NotMeant."""
    row = _person(desk, letter)
    text = _RESET.format(title=title, at=moment(letter.at))
    subject = f"{title}: your second step was reset"
    return enveloped(mail.sender, row.email or "", subject, text, letter.at, message_id(letter))


def _person(desk: Desk, letter: LetterRow) -> PersonRow:
    with desk.store.reading() as unit:
        row = store.people.accounts.find(unit, letter.person or "")
    if row is None or row.disabled:
        raise NotMeant("Not sent: they cannot sign in any more.")
    if not row.email:
        raise NoLetter(NO_ADDRESS)
    return row


def _by(desk: Desk, letter: LetterRow, at: datetime) -> Person:
    """Who asked for the link, as they are now."""
    if letter.source == SYSTEM.id:
        return SYSTEM
    with desk.store.reading() as unit:
        row = store.people.accounts.find(unit, letter.source)
    if row is None or row.disabled:
        raise NotMeant("Not sent: who asked for it has left.")
    return accounts.as_seen(row, at)
