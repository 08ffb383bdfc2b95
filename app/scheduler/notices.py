"""Sends what people are told of what concerns themselves; each row is claimed before it is tried.

What it says is casework's `notices`', how a server is reached the outbox's.
"""

from __future__ import annotations

import logging
import smtplib
from datetime import datetime
from email.message import EmailMessage

from app import store
from app.casework import Desk
from app.config import Mail
from app.documents import BREAK, NoLetter, enveloped
from app.scheduler.outbox import CLAIM, Send, next_try
from app.store import NoticeRow, Sealed

_LOG = logging.getLogger(__name__)


def send_notices(desk: Desk, mail: Mail, send: Send | None, at: datetime, limit: int = 50) -> int:
    """Sends what is due; gives how many rows were dealt with."""
    for count in range(limit):
        with desk.store.reading() as unit:
            if not store.people.notices.waiting(unit, at):
                return count
        with desk.store.writing() as unit:
            row = store.people.notices.claim(unit, at, at + CLAIM)
        if row is None:
            return count
        until, why = _sent(desk, mail, send, row, at)
        with desk.store.writing() as unit:
            if why is None:
                store.people.notices.sent(unit, row.id, at)
            else:
                store.people.notices.failed(unit, row.id, until, why)
    return limit


def _sent(
    desk: Desk, mail: Mail, send: Send | None, row: NoticeRow, at: datetime
) -> tuple[datetime | None, str | None]:
    """When it is tried again and why it was not sent; (None, None) when it was."""
    try:
        message = _message(desk, mail, row)
        if send is None:
            return None, "Not sent: no mail server is configured."
        send([message])
        return None, None
    except (NoLetter, Sealed) as fault:
        return None, str(fault)
    except (OSError, smtplib.SMTPException) as fault:
        _LOG.warning("a notice could not be sent: %s", type(fault).__name__)
        why = f"The mail server did not take it ({type(fault).__name__})."
        return next_try(row.attempts, at), why


def _message(desk: Desk, mail: Mail, row: NoticeRow) -> EmailMessage:
    with desk.store.reading() as unit:
        person = store.people.accounts.find(unit, row.person)
    if person is None or person.disabled or not person.email:
        raise NoLetter("Nobody with an address is there to be told.")
    if any(BREAK.search(text) for text in (person.email, mail.sender, row.subject)):
        raise NoLetter("A header would hold a line break.")
    return enveloped(mail.sender, person.email, row.subject, row.text, row.at, f"notice.{row.id}")
