"""What was mailed, what waits and what failed: over all cases that somebody sees in whole, of one
case, and of what is about no case.

No word of a mail and no address is read here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app import store
from app.casework import policy
from app.casework.access import Person, Roles
from app.casework.desk import Desk
from app.casework.errors import NotFound
from app.casework.letters import addressee
from app.casework.reading.look import look
from app.store import LetterRow, MailStanding, Unit

letters = store.work.letters
_LOST = (letters.FAILED, letters.BOUNCED)
#: what is asked for → the states that are listed
STATES = {
    "open": (letters.WAITING, *_LOST),
    "sent": (letters.SENT, letters.DROPPED),
    "all": (letters.WAITING, *_LOST, letters.SENT, letters.DROPPED),
}
#: more than that nobody reads; the newest are listed
_MOST = 500
_KINDS = {
    letters.MAIL: "Mail",
    letters.GUEST: "Link for a guest",
    letters.NOTICE: "Notice",
    letters.LINK: "Link to set a password",
    letters.RESET: "Second factor was reset",
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


@dataclass(frozen=True, slots=True, kw_only=True)
class MailPage:
    #: what began to wait last stands first
    lines: tuple[MailLine, ...]
    #: mails of cases, for who sees none by role; else 0
    hidden: int
    #: of all mail for them; of what is theirs to see for who works on cases
    stands: MailStanding


def mail_page(
    desk: Desk, person: Person, at: datetime, late: timedelta | None, which: str = "open"
) -> MailPage:
    """`which`: of `STATES`. NotFound for who may not."""
    if not policy.rule("mail page").allows(lambda power: desk.roles.may(person, power)):
        raise NotFound
    with desk.store.reading() as unit:
        rows = letters.in_state(unit, STATES[which], _MOST)
        seen = _references(unit, desk.roles, person, {row.case_id for row in rows})
        shown = [row for row in rows if row.case_id in seen]
        # Who is shut out of a case must learn nothing of it, not even by a number.
        counts_all = not desk.roles.hands(person)
        if counts_all:
            stands = store.queries.mail.standing(unit, at, late)
        else:
            open_ = shown if which == "open" else _open(unit, desk.roles, person)
            stands = _standing_of(open_, at, late)
        return MailPage(
            lines=tuple(_line(unit, row, seen[row.case_id]) for row in shown),
            hidden=len(rows) - len(shown) if counts_all else 0,
            stands=stands,
        )


def _open(unit: Unit, roles: Roles, person: Person) -> list[LetterRow]:
    """What waits or failed, of which they may know."""
    rows = letters.in_state(unit, STATES["open"], _MOST)
    seen = _references(unit, roles, person, {row.case_id for row in rows})
    return [row for row in rows if row.case_id in seen]


def _standing_of(rows: Sequence[LetterRow], at: datetime, late: timedelta | None) -> MailStanding:
    """How the mail stands where these wait or failed."""
    waits = [row for row in rows if row.state == letters.WAITING]
    lately = at - store.queries.mail.ALARMS
    failed = [row for row in rows if row.state in _LOST and (row.ended_at or at) > lately]
    return MailStanding(
        waiting=len(waits),
        late=sum(row.since < at - late for row in waits) if late is not None else 0,
        oldest=min((row.since for row in waits), default=None),
        failed=len(failed),
    )


def every_line(desk: Desk, which: str = "open") -> Sequence[MailLine]:
    """Of all cases: for whoever runs the program."""
    with desk.store.reading() as unit:
        rows = letters.in_state(unit, STATES[which], _MOST)
        references = _references(unit, None, None, {row.case_id for row in rows})
        return [_line(unit, row, references[row.case_id]) for row in rows]


def case_mail(desk: Desk, person: Person, case: str, at: datetime) -> tuple[MailLine, ...]:
    """Everything the case mailed. NotFound for who may not; it is written down as a look."""
    with look(desk, person, case, at, "mail", by="case mail") as seen:
        rows = letters.of_case(seen.unit, seen.row.id)
        return tuple(_line(seen.unit, row, seen.row.reference) for row in rows)


def mail_stands(desk: Desk, at: datetime, late: timedelta | None) -> MailStanding:
    with desk.store.reading() as unit:
        return store.queries.mail.standing(unit, at, late)


def _references(
    unit: Unit, roles: Roles | None, person: Person | None, cases: Iterable[str]
) -> dict[str, str | None]:
    """Id → reference of those that are seen in whole; `roles` None: of all."""
    seen: dict[str, str | None] = {}
    for id in cases:
        row = store.cases.find(unit, id) if id else None
        if not id:
            seen[id] = None
        elif row is not None and (
            roles is None
            or person is None
            or roles.sees_whole(person, store.cases.members(unit, id))
        ):
            seen[id] = row.reference
    return seen


def _line(unit: Unit, row: LetterRow, reference: str | None) -> MailLine:
    return MailLine(
        case=reference, letter=row.id, what=_KINDS.get(row.kind, row.kind),
        to=addressee(unit, row), state=row.state, since=row.since, tries=row.attempts,
        next_at=row.next_at, ended_at=row.ended_at, fault=row.fault,
    )  # fmt: skip
