"""A mail: its words, from a template filled with fields, and its headers.

A template is a file of the case's deployment: "Subject: …", a blank line, the text; {name} stands
for a field. No field can bring a new header or line into the subject. To whom a mail goes is the
scheduler's. Some of a mail's headers may say of a meeting when it is held.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from app.engine import LONDON
from app.engine.addresses import is_address
from app.engine.characters import TURNING

_FIELD = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
#: type of the effect that sends one
MAIL = "mail"
#: instead of a group or person: who began the case, and who began one that was merged into it
STARTER = "starter"
#: header of a mail: the task whose guest is reminded at the same moment, with a new link
REMINDS = "guest_of"
#: instead of a group: those of single organisations ("role:value") who were ever asked in the case
CONTRIBUTORS = "contributors"
#: names that stand for no group or person of their own
STANDING_FOR = frozenset({STARTER, CONTRIBUTORS})
#: headers of a mail that is about no limit that is near: it may wait for the daily mail of whoever
#: chose one; on no working day it goes to nobody
MAY_WAIT, WORKING_DAYS_ONLY = "may_wait", "working_days_only"
WAITS = frozenset({MAY_WAIT, WORKING_DAYS_ONLY})
#: headers that say how it goes, and that no text shows
HOW = WAITS | {"to", "template"}
#: what would begin a new line or header
BREAK = re.compile(r"[\r\n\x00-\x1f\x7f]")

#: headers of a mail that calls, moves or calls off a meeting: which of the case's it is; what it is
#: called; its day or instant (null: it is called off); how long it lasts; where it is
_ID, _NAME, _AT = "meeting_id", "meeting_name", "meeting_at"
_MINUTES, _PLACE = "meeting_minutes", "meeting_place"
#: and what of the case belongs to it: the steps that set and record it, and its documents, by id
MEETING_STEPS, MEETING_PAPERS = "meeting_steps", "meeting_papers"
MEETING_NEEDS = frozenset({_ID, _NAME, _AT})
MEETING_HEADERS = MEETING_NEEDS | {_MINUTES, _PLACE, MEETING_STEPS, MEETING_PAPERS}
#: how long one lasts that does not say it
_AN_HOUR = 60


class NoLetter(Exception):
    """This mail can never be written; trying again would not help."""


def worded(template: str, fields: Mapping[str, str]) -> tuple[str, str]:
    """(subject, text). A field that is not known stays visible as it is drawn."""
    head, _, text = template.replace("\r\n", "\n").partition("\n\n")
    if not head.lower().startswith("subject:"):
        raise NoLetter("The template does not begin with “Subject:”.")
    plain = {name: _in_a_line(text) for name, text in fields.items()}
    subject = _filled(head[len("subject:") :].strip(), plain)
    if BREAK.search(subject):
        raise NoLetter("The subject would hold a line break.")
    return subject, _filled(text, fields)


def _in_a_line(text: str) -> str:
    """A value as it can stand in a header: no break, and nothing that turns the rest round."""
    return BREAK.sub(" ", TURNING.sub("", text))


def _filled(text: str, fields: Mapping[str, str]) -> str:
    return _FIELD.sub(lambda match: fields.get(match[1], match[0]), text)


def addressees(to: Any) -> list[str]:
    """The groups and people that a mail's header `to` names: several with commas, or a list."""
    names = to if isinstance(to, list) else str(to or "").split(",")
    return [name for name in (str(name).strip() for name in names) if name]


def says_yes(header: Any) -> bool:
    """Whether a header of `WAITS` says it: `true`, or an expression that gives it."""
    return header is True or str(header or "").strip().lower() == "true"


def enveloped(sender: str, to: str, subject: str, text: str, at: datetime, id: str) -> EmailMessage:
    """One message to one person, with the headers that every mail about cases and people has.

    `id`: the same for the same mail for ever, so that a second delivery is known. NoLetter for what
    would smuggle something into a header, or is no address."""
    if any(BREAK.search(part) for part in (to, sender, subject)):
        raise NoLetter("A header would hold a line break.")
    if not is_address(to):
        raise NoLetter("The address is none that a mail can be sent to.")
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Date"] = format_datetime(at)
    host = sender.rpartition("@")[2].strip("> ") or "localhost"
    message["Message-ID"] = f"<{id}@{host}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    return message


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """What a mail says of a meeting."""

    #: tells it apart from the others of its case
    id: str
    #: names nobody
    name: str
    #: aware, or a day; None: it is called off
    begins: datetime | date | None
    minutes: int
    place: str


def meeting_in(headers: Mapping[str, Any]) -> Meeting | None:
    """None where the mail is about no meeting, or its time is none."""
    id, name, begins = (headers.get(header) for header in (_ID, _NAME, _AT))
    if not id or not name or not (begins is None or isinstance(begins, date)):
        return None
    if isinstance(begins, datetime) and begins.tzinfo is None:
        begins = begins.replace(tzinfo=LONDON)
    return Meeting(
        id=str(id), name=_line(name), begins=begins, minutes=_minutes(headers.get(_MINUTES)),
        place=_line(headers.get(_PLACE) or ""),
    )  # fmt: skip


def _line(text: object) -> str:
    return " ".join(str(text).split())


def _minutes(stated: Any) -> int:
    try:
        minutes = int(stated)
    except (TypeError, ValueError):
        return _AN_HOUR
    return minutes if 0 < minutes <= 24 * 60 else _AN_HOUR
