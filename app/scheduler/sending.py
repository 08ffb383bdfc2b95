"""Sends letters one by one, apart from the clock: each is claimed, worded at that moment, sent,
and what became of it is written down.

- A letter that is not taken is tried again after a minute, then twice as long each time, at most
  four hours, for five days (RFC 5321 4.5.4.1 asks for four to five). What can never be sent ends.
- A server that cannot be reached is nobody's fault: all that is due waits together, at most a
  quarter of an hour between two tries, so that it all goes soon after the server is back.
- Without a way out nothing is tried, and nothing is given up.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from threading import Event

from app import store
from app.casework import Desk
from app.config import Mail
from app.engine import Fault, day_in_london
from app.scheduler import receipts
from app.scheduler.daily_asked import ask_daily
from app.scheduler.way import Never, NotNow, Telling, Unreachable, Way, way_out
from app.scheduler.writing import NoLetter, NotMeant, written
from app.store import LetterRow, MailStanding, Sealed, StoreFault

letters = store.work.letters
_LOG = logging.getLogger(__name__)
#: how long a claimed letter is ours; longer than any way takes over one message
CLAIM = timedelta(minutes=5)
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=4)
#: between two tries of a server that cannot be reached
LONGEST_OUTAGE_WAIT = timedelta(minutes=15)
GIVEN_UP = timedelta(days=5)
_OVER = f"Given up after {GIVEN_UP.days} days."
#: how often it is looked whether mail stands badly
_LOOKS = timedelta(minutes=1)


def wait(tries: int, most: timedelta = LONGEST_WAIT) -> timedelta:
    """After so many tries; 1, 2, 4 … minutes."""
    return min(most, FIRST_WAIT * int(2 ** min(max(tries - 1, 0), 20)))


class Sender:
    """`way` None: nothing is sent, and everything stays visible. `stopping`: nothing more is
    begun."""

    def __init__(
        self,
        desk: Desk,
        mail: Mail,
        way: Way | None,
        clock: Callable[[], datetime],
        title: str = "Rapid Review",
        stopping: Event | None = None,
    ) -> None:
        self.desk, self.store = desk, desk.store
        self.mail, self.way, self.clock, self.title = mail, way, clock, title
        self.stopping = stopping or Event()
        self._looked: datetime | None = None
        self._daily_on: date | None = None
        self._asks_from = datetime.min.replace(tzinfo=UTC)
        self._alarming = False

    def knock(self) -> None:
        """What happens at each knock; a fault is written to the log and the next tries again."""
        try:
            self.begin_day()
            self.send_due()
            self.ask()
            self.look()
        except StoreFault as error:  # no news of ours, and said often: without its trace
            _LOG.warning("sending failed: %s It is tried again.", error.sentence)
        except Exception:
            _LOG.exception("sending failed; the next knock tries again")

    def begin_day(self) -> None:
        """Once a working day: the daily mails of people whose work alone is reason for one."""
        at = self.clock()
        day = day_in_london(at)
        if self.way is None or day == self._daily_on or not ask_daily(self.desk, self.mail, at):
            return
        self._daily_on = day

    def send_due(self, limit: int = 1000) -> int:
        """Tries what is due; gives how many letters were dealt with."""
        for count in range(limit):
            if self.way is None or self.stopping.is_set():
                return count
            at = self.clock()
            with self.store.reading() as unit:
                if not letters.waiting(unit, at):
                    return count
            with self.store.writing() as unit:
                letter = letters.claim(unit, at, at + CLAIM, secrets.token_hex(8))
            if letter is None or not self._try(self.way, letter, at):
                return count
        return limit

    def _try(self, way: Way, letter: LetterRow, at: datetime) -> bool:
        """False: nothing can be sent at present."""
        try:
            if letter.kind in (letters.GUEST, letters.LINK):
                way.reach()
            message = written(self.desk, self.mail, self.title, letter, at)
            with self.store.writing() as unit:
                if not letters.renew(unit, letter, self.clock() + CLAIM):
                    return True
            receipt = way.send(message)
        except Unreachable as fault:
            self._all_later(letter, fault.sentence)
            return False
        except NotNow as fault:
            self._later(letter, fault.sentence)
        except Never as fault:
            self._end(letter, letters.FAILED, fault.sentence)
        except NotMeant as fault:
            self._end(letter, letters.DROPPED, str(fault))
        except (NoLetter, Sealed, Fault) as fault:
            self._end(letter, letters.FAILED, str(fault))
        except StoreFault:
            raise
        except Exception as fault:  # one letter must not keep the others from being sent
            name = type(fault).__name__
            _LOG.exception("a mail could not be made and is given up: %s", name)
            self._end(letter, letters.FAILED, f"This mail could not be made ({name}).")
        else:
            with self.store.writing() as unit:
                at = self.clock()
                letters.sent(
                    unit, letter, at, receipt, receipts.next_asked(at, at) if receipt else None
                )
        return True

    def _end(self, letter: LetterRow, state: str, why: str) -> None:
        with self.store.writing() as unit:
            letters.ended(unit, letter, state, self.clock(), why)

    def _later(self, letter: LetterRow, why: str) -> None:
        at = self.clock()
        with self.store.writing() as unit:
            if (letter.failing_since or at) <= at - GIVEN_UP:
                letters.ended(unit, letter, letters.FAILED, at, f"{why} {_OVER}")
            else:
                letters.later(unit, letter, at + wait(letter.attempts), at, why)

    def _all_later(self, letter: LetterRow, why: str) -> None:
        """This one, which was tried, and everything else that is due."""
        at = self.clock()
        until = at + wait(letter.attempts, LONGEST_OUTAGE_WAIT)
        over = f"{why} {_OVER}"
        with self.store.writing() as unit:
            if (letter.failing_since or at) <= at - GIVEN_UP:
                letters.ended(unit, letter, letters.FAILED, at, over)
            else:
                letters.later(unit, letter, until, at, why)
            letters.all_later(unit, at, until, at - GIVEN_UP, why, over)

    def ask(self) -> None:
        """What became of what was sent, where somebody can be asked."""
        at = self.clock()
        if not isinstance(self.way, Telling) or self.stopping.is_set() or at < self._asks_from:
            return
        if not receipts.ask_due(self.store, self.way, at):
            self._asks_from = at + LONGEST_OUTAGE_WAIT

    def look(self) -> MailStanding | None:
        """Once a minute: a line in the log when mail begins to stand badly, and when it is well
        again."""
        at = self.clock()
        if self._looked is not None and timedelta() <= at - self._looked < _LOOKS:
            return None
        self._looked = at
        with self.store.reading() as unit:
            stands = store.queries.mail.standing(unit, at, self.mail.alarms_after)
        if stands.alarming and not self._alarming:
            _LOG.warning(
                "mail stands badly: %d wait too long, %d failed or came back; the page “Mail” says"
                " which. %s",
                stands.late, stands.failed, self.mail.unsent,
            )  # fmt: skip
        elif self._alarming and not stands.alarming:
            _LOG.info("mail stands well again")
        self._alarming = stands.alarming
        return stands


def sender_of(
    desk: Desk, mail: Mail, clock: Callable[[], datetime], title: str, stopping: Event
) -> Sender:
    """One that sends as the settings say."""
    return Sender(desk, mail, way_out(mail, stopping), clock, title, stopping)
