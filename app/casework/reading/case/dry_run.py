"""What would follow, if something were recorded in a case: found by a dry run.

The engine takes the message in a copy that is thrown away, so nothing is written and nobody is
told. What comes of it in words is the page's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.casework.commands import DeliverMessage
from app.casework.desk import Desk
from app.casework.orders import events, refusal
from app.casework.orders.events import Before, Happening
from app.casework.reading.answer_words import Answer, answers_told
from app.casework.reading.case.foreseen import TaskTold, foreseen
from app.casework.reading.case.recording_page import about_message
from app.casework.reading.look import look


@dataclass(frozen=True, slots=True, kw_only=True)
class Follows:
    """What would come of it."""

    #: reference of the case
    case: str
    about: Happening
    answers: tuple[Answer, ...]
    #: names of the processes that begin
    begins: tuple[str, ...]
    opens: tuple[TaskTold, ...]
    withdraws: tuple[TaskTold, ...]
    moves: tuple[TaskTold, ...]
    #: names of those to whom mail goes
    mails: tuple[str, ...]
    status: str | None
    #: nothing waits for it: it is kept
    kept: bool
    #: until when it can be taken back; None: it cannot
    until: datetime | None
    #: why it cannot
    fixed: str
    #: the same was recorded before
    before: Before | None


def dry_run(desk: Desk, command: DeliverMessage) -> Follows:
    """Raises `Refused` as the order would, but for what was recorded before: that is told."""
    person, at = command.actor, command.at
    with look(desk, person, command.case, at, None) as seen:
        locked, about = seen.locked, about_message(seen, command.message)
        against = refusal(locked, DeliverMessage, person, message=command.message)
        if against is not None:
            raise against
        told = events.reading(locked, command)
        same = events.before(locked, told)
        came = events.dry(locked, command, told)
        far = events.reach(locked.loaded, came)
        answers = answers_told(seen, told.said(command), at, {}) if told.asked is not None else ()
        return Follows(
            case=seen.row.reference,
            about=about,
            answers=answers,
            until=None if far.fixed else events.until(locked, locked.at(at)),
            fixed=far.fixed,
            before=same,
            **foreseen(seen, came),
        )
