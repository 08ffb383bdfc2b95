"""Does what waits in the outbox, at least once, each row claimed before it is done.

A signal goes to other cases (`signals`); a mail, or a link for a guest, becomes a letter for each
person that it is for (`handing_on`). Nothing here speaks to the network: that is `sending`'s.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from app import store
from app.casework import GUEST, SIGNAL, Desk
from app.casework.people import guests
from app.config import Mail
from app.documents import MAIL, NoLetter
from app.engine import Fault
from app.scheduler.handing_on import letters_of
from app.scheduler.signals import NotAll
from app.store import Clash, LetterRow, OutboxRow, Sealed, Unit

letters, messages = store.work.letters, store.work.messages
_LOG = logging.getLogger(__name__)
#: how long a claimed row is ours; then another process tries
CLAIM = timedelta(minutes=2)
_FIRST_WAIT, _LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=4)

#: brings a signal to the other cases; how many it moved
Spread = Callable[[OutboxRow, datetime], int]


class Outbox:
    def __init__(self, desk: Desk, mail: Mail, spread: Spread | None = None) -> None:
        self.desk = desk
        self.store = desk.store
        self.mail = mail
        self.spread = spread

    def deliver(self, at: datetime, limit: int = 50) -> int:
        """Does what is due; gives how many rows were dealt with."""
        for count in range(limit):
            with self.store.reading() as unit:
                if not messages.waiting(unit, at):
                    return count
            with self.store.writing() as unit:
                row = messages.claim_effect(unit, at, at + CLAIM)
            if row is None:
                return count
            self._do(row, at)
        return limit

    def _do(self, row: OutboxRow, at: datetime) -> None:
        try:
            if row.effect == SIGNAL and self.spread is not None:
                moved = self.spread(row, at)
                with self.store.writing() as unit:
                    messages.sent(unit, row, at, moved)
            else:
                self._hand_on(row, at)
        except (NoLetter, Sealed, Fault) as fault:
            self._given_up(row, at, str(fault))
        except NotAll as fault:
            wait = min(_LONGEST_WAIT, _FIRST_WAIT * int(2 ** min(row.attempts, 10)))
            with self.store.writing() as unit:
                messages.failed(unit, row, at + wait, str(fault))
        except store.StoreFault:
            raise
        except Exception as fault:  # one effect must not keep the others from being done
            name = type(fault).__name__
            _LOG.exception("an effect could not be done and is given up: %s", name)
            self._given_up(row, at, f"This could not be done ({name}).")

    def _hand_on(self, row: OutboxRow, at: datetime) -> None:
        """To a letter for each person who sees the case now, in one transaction. What somebody
        else handed on meanwhile is done."""
        try:
            with self.store.writing() as unit:
                several = self._letters(unit, row, at)
                letters.add(unit, several)
                messages.sent(unit, row, at, len(several))
        except Clash:
            _LOG.info("an effect was handed on by somebody else")

    def _letters(self, unit: Unit, row: OutboxRow, at: datetime) -> Sequence[LetterRow]:
        if row.effect == GUEST:
            return [
                letters.asked(
                    letters.GUEST, f"{row.id}.{task}", row.id, None, at, case=row.case_id,
                    about=task,
                )
                for task in guests.waiting_for(unit, row)
            ]  # fmt: skip
        if row.effect != MAIL:
            raise NoLetter(f"Nobody knows how to do “{row.effect}”.")
        return letters_of(unit, row, self.desk.installation, self.mail, at)

    def _given_up(self, row: OutboxRow, at: datetime, why: str) -> None:
        """It stays visible, as one letter to nobody."""
        failed = LetterRow(
            case_id=row.case_id, id=row.id, kind=letters.EFFECT, source=row.id, person=None,
            at=row.at, since=row.at, state=letters.FAILED, ended_at=at, fault=why,
        )  # fmt: skip
        with self.store.writing() as unit:
            messages.failed(unit, row, None, why)
            if letters.find(unit, row.case_id, row.id) is None:
                letters.add(unit, [failed])
