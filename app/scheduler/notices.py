"""The message of a notice: what somebody is told of what concerns themselves.

What it says is casework's `notices`'; when it is sent, `sending`'s.
"""

from __future__ import annotations

from email.message import EmailMessage

from app import store
from app.config import Mail
from app.documents import NoLetter, enveloped
from app.scheduler.letters import NO_ADDRESS, NotMeant, message_id
from app.store import LetterRow, Unit


def notice_to(unit: Unit, letter: LetterRow, mail: Mail) -> EmailMessage:
    """NoLetter, NotMeant, Sealed."""
    row = store.people.notices.find(unit, letter.source)
    person = store.people.accounts.find(unit, letter.person or "")
    if row is None:
        raise NoLetter("What it should say is not there any more.")
    if person is None or person.disabled:
        raise NotMeant("Not sent: they cannot sign in any more.")
    if not person.email:
        raise NoLetter(NO_ADDRESS)
    return enveloped(mail.sender, person.email, row.subject, row.text, row.at, message_id(letter))
