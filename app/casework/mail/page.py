"""What was mailed, what waits and what failed: over all cases that somebody sees in whole, of one
case, and of what is about no case.

No word of a mail and no address is read here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from app import store
from app.casework import policy
from app.casework.access import Person
from app.casework.desk import Desk
from app.casework.errors import NotFound
from app.casework.letters import addressee
from app.casework.mail.walk import Sight, everything, walk
from app.casework.reading.counted import Counted, told
from app.store import LetterRow, MailStanding, Unit

letters = store.work.letters
#: beyond it a list is said to have more
MOST_COUNTED = store.queries.walks.MOST_COUNTED
_LOST = (letters.FAILED, letters.BOUNCED)
#: what is asked for → the states that are listed
STATES = {
    "open": (letters.WAITING, *_LOST),
    "sent": (letters.SENT, letters.DROPPED),
    "all": (letters.WAITING, *_LOST, letters.SENT, letters.DROPPED),
}
_KINDS = {
    letters.MAIL: "Mail",
    letters.GUEST: "Link for a guest",
    letters.NOTICE: "Notice",
    letters.LINK: "Link to set a password",
    letters.RESET: "Second factor was reset",
    letters.DAILY: "Mail of the day",
    letters.EFFECT: "Mail to nobody yet",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MailLine:
    #: reference; None: it is about no case
    case: str | None
    letter: str
    what: str
    #: a name, never an address
    to: str
    #: "waiting", "sent", "failed", "bounced" or "dropped"
    state: str
    since: datetime
    tries: int
    #: when it is tried next
    next_at: datetime | None
    #: when it was sent, came back, was given up or dropped
    ended_at: datetime | None
    fault: str | None
    #: it does not go before then
    held_until: datetime | None = None
    #: it goes, or went, with the mail of the day
    daily: bool = False


class EveryLine(NamedTuple):
    lines: tuple[MailLine, ...]
    #: there are more, which are not among them
    more: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MailPage:
    #: what began to wait last stands first
    lines: tuple[MailLine, ...]
    #: how many there are of those asked for; with its `more`, more than that
    listed: Counted
    #: mails of cases, for who sees none by role; else 0. With its `more`, more than that
    hidden: Counted
    #: of all mail for them; of what is theirs to see for who works on cases
    stands: MailStanding


def mail_page(
    desk: Desk, person: Person, at: datetime, late: timedelta | None, which: str = "open",
    number: int = 1, size: int = 50, most: int = MOST_COUNTED,
) -> MailPage:  # fmt: skip
    """`which`: of `STATES`; `number`: of the page, from 1 on; they are counted up to `most`.
    NotFound for who may not."""
    if not policy.rule("mail page").allows(lambda power: desk.roles.may(person, power)):
        raise NotFound
    skip = (number - 1) * size
    with desk.store.reading() as unit:
        sight = Sight(unit, desk.roles, person)
        walked = walk(unit, sight, STATES[which], skip, size, most)
        # Who is shut out of a case must learn nothing of it, not even by a number.
        counts_all = not desk.roles.hands(person)
        if counts_all:
            stands = store.queries.mail.standing(unit, at, late)
        else:
            stands = _standing_of(everything(unit, sight, STATES["open"]), at, late)
        return MailPage(
            lines=tuple(line_of(unit, row, sight.of(row)) for row in walked.rows),
            listed=told(walked.total, skip, len(walked.rows), size),
            hidden=walked.hidden if counts_all else Counted(0),
            stands=stands,
        )


def _standing_of(rows: Iterable[LetterRow], at: datetime, late: timedelta | None) -> MailStanding:
    """How the mail stands where these wait or failed."""
    several = list(rows)
    waits = [row for row in several if row.state == letters.WAITING]
    lately = at - store.queries.mail.ALARMS
    failed = [row for row in several if row.state in _LOST and (row.ended_at or at) > lately]
    return MailStanding(
        waiting=len(waits),
        late=sum((row.held_until or row.since) < at - late for row in waits) if late else 0,
        oldest=min((row.since for row in waits), default=None),
        failed=len(failed),
    )


def every_line(desk: Desk, which: str = "open", most: int = MOST_COUNTED) -> EveryLine:
    """Of all cases: for whoever runs the program."""
    with desk.store.reading() as unit:
        sight = Sight(unit, None, None)
        walked = walk(unit, sight, STATES[which], 0, most, most)
        lines = tuple(line_of(unit, row, sight.of(row)) for row in walked.rows)
        return EveryLine(lines, walked.total.more)


def mail_stands(desk: Desk, at: datetime, late: timedelta | None) -> MailStanding:
    with desk.store.reading() as unit:
        return store.queries.mail.standing(unit, at, late)


def line_of(unit: Unit, row: LetterRow, reference: str | None) -> MailLine:
    return MailLine(
        case=reference, letter=row.id, what=_KINDS.get(row.kind, row.kind),
        to=addressee(unit, row), state=row.state, since=row.since, tries=row.attempts,
        next_at=row.next_at, ended_at=row.ended_at, fault=row.fault,
        held_until=row.held_until if row.state == letters.WAITING else None,
        daily=row.daily is not None,
    )  # fmt: skip
