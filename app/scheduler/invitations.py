"""Puts the invitation to a meeting into the mail that tells of it, as the meeting stands when it is
sent: one that was moved meanwhile is told with its new time.

How an entry is written is `documents.calendar`'s; what the mail says in words, its template's.
"""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from email.utils import parseaddr

from app import store
from app.config import Mail
from app.documents import meeting_in
from app.documents.calendar import CalendarEntry, invitation, unique
from app.engine import day_in_london, feel
from app.store import CaseRow, OutboxRow, Unit
from app.store.work import meetings


def invite(
    unit: Unit, message: EmailMessage, effect: OutboxRow, case: CaseRow, mail: Mail, at: datetime
) -> None:
    """Nothing, where the mail is about no meeting. Sealed."""
    headers = feel.codec.loads(effect.content(store.cases.key_of(unit, effect.case_id)))
    told = meeting_in(headers)
    row = meetings.find(unit, case.id, told.id) if told is not None else None
    if told is None or row is None:
        return
    if told.begins is None and not row.off:  # it had begun before this could call it off
        return
    entry = CalendarEntry(
        uid=unique("meeting", case.id, row.id),
        title=f"{case.reference}: {row.name}",
        begins=day_in_london(row.begins_at) if row.whole_day else row.begins_at,
        minutes=row.minutes,
        sequence=row.sequence,
        off=row.off,
        place=told.place,
        link=f"{mail.address.rstrip('/')}/cases/{case.reference}",
        changed=at,
    )
    method, text = invitation(entry, parseaddr(mail.sender)[1], str(message["To"]))
    message.add_alternative(text, subtype="calendar", params={"method": method})
