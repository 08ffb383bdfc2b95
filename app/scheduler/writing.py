"""Writes the message of a letter, as it is at the moment of sending.

Each kind is a module's of its own: mails of cases `letters`', notices `notices`', links to guests
`guest_mail`'s, what is mailed about accounts `account_mail`'s, what goes once a day `daily`'s.
"""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage

from app import store
from app.casework import Desk
from app.config import Mail
from app.scheduler.account_mail import link_to, reset_to
from app.scheduler.daily import daily_to
from app.scheduler.guest_mail import invitation
from app.scheduler.letters import NoLetter, NotMeant, mail_to
from app.scheduler.notices import notice_to
from app.store import LetterRow

#: `written`, and what it raises
__all__ = ["NoLetter", "NotMeant", "written"]
letters = store.work.letters


def written(desk: Desk, mail: Mail, title: str, letter: LetterRow, at: datetime) -> EmailMessage:
    """Raises NoLetter and Sealed for what can never be written, NotMeant for what is for nobody
    any more, StoreFault."""
    if letter.kind == letters.GUEST:
        return invitation(desk, mail, title, letter, at)
    if letter.kind == letters.LINK:
        return link_to(desk, mail, title, letter, at)
    if letter.kind == letters.RESET:
        return reset_to(desk, mail, title, letter)
    if letter.kind == letters.DAILY:
        return daily_to(desk, mail, letter, at)
    with desk.store.reading() as unit:
        if letter.kind == letters.NOTICE:
            return notice_to(unit, letter, mail)
        if letter.kind == letters.MAIL:
            return mail_to(unit, letter, mail, desk.installation, at)
    raise NoLetter(f"Nobody knows how to send “{letter.kind}”.")
