"""The daily mail of who chose one: what of theirs waited for it, and what of their work is late or
due today (`daily_work`). It names nobody; without anything to say there is none.

Which letters wait for it is `handing_on`'s; that all of them go together, the store's.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage

from app import store
from app.casework import Desk
from app.config import Mail
from app.documents import NoLetter, enveloped
from app.engine import Fault, day
from app.scheduler.daily_work import Work, work_of
from app.scheduler.letters import NO_ADDRESS, NotMeant, mail_to, message_id
from app.store import LetterRow, Sealed, StoreFault, Unit
from app.store.work import daily as rows

letters = store.work.letters
_LOG = logging.getLogger(__name__)
#: lines of work of each kind; beyond it they are counted
MOST_LINES = 20
_NOTHING = "Not sent: there was nothing to say that day."


def daily_to(desk: Desk, mail: Mail, letter: LetterRow, at: datetime) -> EmailMessage:
    """The message, as it is sent now. What of it is for nobody any more, or can never be written,
    ends by itself. NotMeant, NoLetter, StoreFault."""
    with desk.store.writing() as unit:
        person = store.people.accounts.find(unit, letter.person or "")
        if person is None or person.disabled:
            raise NotMeant("Not sent: they cannot sign in any more.")
        if not person.email:
            raise NoLetter(NO_ADDRESS)
        told = [_told(desk, unit, member, mail, at) for member in rows.members(unit, letter)]
    several = [text for text in told if text is not None]
    work = work_of(desk, person, at)
    if not several and not work:
        raise NotMeant(_NOTHING)
    subject = f"{day(at)}: {work.counted(len(several))}"
    said = subject, _text(several, work, mail.address.rstrip("/"))
    return enveloped(mail.sender, person.email, *said, letter.since, message_id(letter))


def _told(
    desk: Desk, unit: Unit, member: LetterRow, mail: Mail, at: datetime
) -> tuple[str, str] | None:
    """(subject, text) of one that goes with it; None: it has ended."""
    try:
        message = mail_to(unit, member, mail, desk.installation, at)
    except NotMeant as fault:
        rows.leave_out(unit, member, letters.DROPPED, at, str(fault))
    except (NoLetter, Sealed, Fault) as fault:
        rows.leave_out(unit, member, letters.FAILED, at, str(fault))
    except StoreFault:
        raise
    except Exception as fault:  # one letter must not keep the others from being sent
        name = type(fault).__name__
        _LOG.exception("a mail could not be made and is given up: %s", name)
        why = f"This mail could not be made ({name})."
        rows.leave_out(unit, member, letters.FAILED, at, why)
    else:
        return str(message["Subject"]), str(message.get_content()).strip()
    return None


def _text(several: Sequence[tuple[str, str]], work: Work, address: str) -> str:
    parts = [
        f"Message {number} of {len(several)}: {subject}\n\n{text}"
        for number, (subject, text) in enumerate(several, 1)
    ]
    for lines, said in ((work.late, "Late"), (work.today, "Due today")):
        if lines:
            parts.append(_listed(lines, said))
    if work:
        parts[-1] += f"\n\nYour tasks: {address}/tasks"
    parts.append(f"You chose one mail a day. To change that, open your account: {address}/account")
    return "\n\n---\n\n".join(parts) + "\n"


def _listed(lines: Sequence[str], said: str) -> str:
    shown = [f"* {line}" for line in lines[:MOST_LINES]]
    if len(lines) > MOST_LINES:
        shown.append(f"* and {len(lines) - MOST_LINES} more")
    return "\n".join([f"{said}:", "", *shown])
