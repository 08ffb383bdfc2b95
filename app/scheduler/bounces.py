"""Reads what a mailbox sends back (a delivery status notification, RFC 3464) and marks the letter
that it is about.

Anybody can send such a message: it is believed only where it gives back the Message-ID of a letter
that was sent, which none but its recipient was told. Nothing of it but a status and a cleaned
sentence about an address is kept; how it reaches us is the mail server's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from typing import Any

from app import store
from app.casework.letters import addressee
from app.scheduler.letters import message_id
from app.scheduler.way.door import cleaned
from app.store import LetterRow, Store, Unit

letters = store.work.letters
#: what is longer is no bounce of a mail of ours
MOST_BYTES = 1024 * 1024
_ID = re.compile(r"<([^<>@\s]{1,300})@[^<>\s]{1,300}>")
_STATUS = re.compile(r"[245]\.(\d{1,3})\.\d{1,3}")
#: kinds whose Message-ID has more behind it at each try: another link, another mail
_ANEW = frozenset({letters.GUEST, letters.LINK})
_ADDRESS, _MAILBOX = "1", "2"
#: the second number of a status (RFC 3463) → what it is about
_SUBJECTS = {
    _ADDRESS: "the address", _MAILBOX: "the mailbox", "3": "the mail system there",
    "4": "the way there", "5": "the mail servers' talk", "6": "what the mail holds",
    "7": "a rule of theirs",
}  # fmt: skip


class NoBounce(Exception):
    """It marks nothing; the sentence says why."""


def take_in(at: Store, content: bytes, now: datetime) -> str:
    """Marks the letter that came back, and says which. NoBounce: nothing was changed."""
    id, why = _read(content)
    with at.writing() as unit:
        row = _sent_as(unit, id)
        if row is None:
            raise NoBounce("It is about no mail that is known here. Nothing is changed.")
        to = f"a mail to {addressee(unit, row)}"
        if row.state == letters.BOUNCED:
            raise NoBounce(f"That {to} came back is known. Nothing is changed.")
        if row.state != letters.SENT:
            raise NoBounce(f"Since then {to} was sent again, or ended. Nothing is changed.")
        letters.bounced(unit, row, now, why)
    return f"Marked as come back: {to}. {why}"


def _read(content: bytes) -> tuple[str, str]:
    """(left half of the Message-ID it gives back, why it came back)."""
    if len(content) > MOST_BYTES:
        raise NoBounce("It is too long to be a mail that came back. Nothing is changed.")
    try:
        report = message_from_bytes(content)
        parts = [part for part in report.get_payload() if isinstance(part, Message)]
        if report.get_content_type() != "multipart/report":
            parts = []
        recipients = [fields for part in parts for fields in _of_recipients(part)]
        ids = [id for part in parts for id in _returned(part)]
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError) as fault:
        raise NoBounce("It cannot be read. Nothing is changed.") from fault
    if not recipients:
        raise NoBounce("It is no report of delivery (RFC 3464). Nothing is changed.")
    failed = [fields for fields in recipients if _said(fields, "Action").lower() == "failed"]
    if not failed:
        raise NoBounce("It tells of no mail that was given up. Nothing is changed.")
    if len(set(ids)) != 1:
        raise NoBounce("It gives back no Message-ID. Nothing is changed.")
    return ids[0], _why(failed[0])


def _of_recipients(part: Message) -> Iterator[Message]:
    if part.get_content_type() == "message/delivery-status":
        blocks = part.get_payload()
        yield from (one for one in blocks if isinstance(one, Message) and one["Action"])


def _returned(part: Message) -> Iterator[str]:
    """The Message-ID of the mail that comes back, of its whole or of its headers."""
    mail: Any = None
    if part.get_content_type() == "message/rfc822":
        whole: Any = part.get_payload()
        (mail,) = whole
    elif part.get_content_type() == "text/rfc822-headers":
        headers: Any = part.get_payload(decode=True)
        mail = message_from_bytes(headers or b"")
    found = _ID.fullmatch(_said(mail, "Message-ID")) if isinstance(mail, Message) else None
    if found is not None:
        yield found[1]


def _said(fields: Message, name: str) -> str:
    return " ".join(str(fields.get(name, "")).split())


def _why(fields: Message) -> str:
    """The status, what it is about, and the server's sentence where that is about the address: any
    other may repeat what the mail says."""
    status = _STATUS.match(_said(fields, "Status"))
    about = _SUBJECTS.get(status[1], "") if status else ""
    code = ", ".join(part for part in (status[0] if status else "", about) if part)
    why = f"It came back ({code})." if code else "It came back."
    if status and status[1] in (_ADDRESS, _MAILBOX):
        told = cleaned(_said(fields, "Diagnostic-Code").partition(";")[2])
        return f"{why} {told}".strip()
    return why


def _sent_as(unit: Unit, id: str) -> LetterRow | None:
    """The letter whose newest Message-ID begins so: of a case, else of none."""
    parts = id.split(".")
    for end in range(len(parts), 0, -1):
        for case, name in ((parts[0], parts[1:end]), (letters.NO_CASE, parts[:end])):
            row = letters.find(unit, case, ".".join(name)) if name else None
            if row is not None and _is(row, id):
                return row
    return None


def _is(row: LetterRow, id: str) -> bool:
    if row.kind in _ANEW:
        begins = f"{message_id(row)}.{row.attempts}"
        return id == begins or id.startswith(f"{begins}.")
    return id == message_id(row)
