"""The letters of a mail: one for each person that it is for, and when each goes.

Most go at once. What the drawing says may wait goes with the daily mail of whoever chose one; what
it says is for working days alone is held until the hour of the next one. The rules of the hours are
`hours`', what a daily mail says `daily`'s.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from app import store
from app.casework import Installation
from app.config import Mail
from app.documents import (
    MAY_WAIT,
    MEETING_NEEDS,
    REMINDS,
    WORKING_DAYS_ONLY,
    NoLetter,
    says_yes,
)
from app.engine import feel
from app.scheduler import hours
from app.scheduler.letters import NO_ADDRESS, words
from app.store import LetterRow, OutboxRow, PersonRow, Unit
from app.store.work import daily

letters = store.work.letters
#: what brings a meeting, or a guest their link, stands alone and at once
_ALONE = MEETING_NEEDS | {REMINDS}


def letters_of(
    unit: Unit, row: OutboxRow, installation: Installation, mail: Mail, at: datetime
) -> Sequence[LetterRow]:
    """Of a mail's row of the outbox, for who sees the case now. NoLetter, Sealed."""
    case = store.cases.find(unit, row.case_id)
    if case is None:
        raise NoLetter("The case does not exist.")
    people = words(unit, row, case, mail, installation, at)[0]
    headers = feel.codec.loads(row.content(store.cases.key_of(unit, row.case_id)))
    waits = _Waits(unit, installation, mail, headers, at)
    wanting = set(daily.wanting(unit, [person.id for person in people]))
    # In order: two that lock the daily mails of several people must not wait for each other.
    ordered = sorted(people, key=lambda person: person.id)
    return [waits.placed(_letter(row, person, at), person.id in wanting) for person in ordered]


class _Waits:
    """When a letter of one mail goes."""

    def __init__(
        self, unit: Unit, installation: Installation, mail: Mail, headers: Mapping[str, Any],
        at: datetime,
    ) -> None:  # fmt: skip
        self.unit, self.clock, self.at = unit, mail.digest_at, at
        self.calendar = installation.settings.calendar
        near = bool(_ALONE & headers.keys()) or hours.is_near(self.calendar, headers.values(), at)
        self.may_wait = says_yes(headers.get(MAY_WAIT)) and not near
        quiet = says_yes(headers.get(WORKING_DAYS_ONLY)) and not near
        self.quiet = quiet and not hours.works(self.calendar, at)

    def placed(self, letter: LetterRow, wants_daily: bool) -> LetterRow:
        if letter.state != letters.WAITING:
            return letter
        if self.may_wait and wants_daily:
            return self._with_daily(letter)
        if self.quiet:
            until = hours.next_opening(self.calendar, self.clock, self.at)
            return replace(letter, next_at=until, held_until=until)
        return letter

    def _with_daily(self, letter: LetterRow) -> LetterRow:
        """With the next one that nobody has begun to send."""
        until, which = self.at, None
        while which is None:
            until = hours.next_opening(self.calendar, self.clock, until)
            which = daily.opened(self.unit, letter.person or "", until, self.at)
        return replace(letter, next_at=None, held_until=until, daily=which)


def _letter(row: OutboxRow, person: PersonRow, at: datetime) -> LetterRow:
    """Without an address it has failed, and can be sent again once there is one."""
    letter = letters.asked(
        letters.MAIL, f"{row.id}.{person.id}", row.id, person.id, at, case=row.case_id
    )
    if person.email:
        return letter
    failed = letters.FAILED
    return replace(letter, state=failed, next_at=None, ended_at=at, fault=NO_ADDRESS)
