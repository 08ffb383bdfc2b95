"""Does what waits in the outbox, at least once, each row claimed before it is tried.

Without a mail server no mail is sent and the rows stay visible. What a mail says is `letters`', how
a signal reaches other cases `signals`'.
"""

from __future__ import annotations

import logging
import smtplib
import ssl
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage

from app.casework import GUEST, SIGNAL, Desk
from app.config import Mail
from app.documents import NoLetter
from app.scheduler.guest_mail import invitations
from app.scheduler.letters import letters
from app.scheduler.signals import NotAll
from app.store import OutboxRow, Sealed
from app.store.work import messages

_LOG = logging.getLogger(__name__)
#: how long a claimed row is ours; then another process tries
CLAIM = timedelta(minutes=2)
_FIRST_WAIT = timedelta(minutes=1)
TRIES = 8

Send = Callable[[Sequence[EmailMessage]], None]
#: brings a signal to the other cases; how many it moved
Spread = Callable[[OutboxRow, datetime], int]


def by_smtp(mail: Mail, password: str | None = None) -> Send:
    """A way to send over the configured server."""

    def send(several: Sequence[EmailMessage]) -> None:
        with smtplib.SMTP(str(mail.host), mail.port, timeout=20) as server:
            if mail.starttls:
                server.starttls(context=ssl.create_default_context())
            if mail.user:
                server.login(mail.user, password or "")
            for message in several:
                server.send_message(message)

    return send


class Outbox:
    """`send` None: there is no mail server; what would be sent stays visible."""

    def __init__(
        self,
        desk: Desk,
        mail: Mail,
        send: Send | None,
        spread: Spread | None = None,
        title: str = "Rapid Review",
    ) -> None:
        self.desk = desk
        self.store = desk.store
        self.mail = mail
        self.send = send
        self.spread = spread
        self.title = title

    def deliver(self, at: datetime, limit: int = 50) -> int:
        """Sends what is due; gives how many rows were dealt with."""
        for count in range(limit):
            with self.store.reading() as unit:
                if not messages.waiting(unit, at):
                    return count
            with self.store.writing() as unit:
                row = messages.claim_effect(unit, at, at + CLAIM)
            if row is None:
                return count
            self._deliver(row, at)
        return limit

    def _deliver(self, row: OutboxRow, at: datetime) -> None:
        try:
            if row.effect == SIGNAL and self.spread is not None:
                self._done(row, at, self.spread(row, at))
                return
            if row.effect == GUEST:
                self._done(row, at, self._invite(row, at))
                return
            if row.effect != "mail":
                raise NoLetter(f"Nobody knows how to do “{row.effect}”.")
            with self.store.reading() as unit:
                post = letters(unit, row, self.mail, self.desk.installation, at)
            if self.send is None:
                raise NoLetter(
                    f"Not sent: no mail server is configured. It is for {len(post)} people."
                )
            if post:
                self.send([letter.message for letter in post])
            self._done(row, at, len(post))
        except (NoLetter, Sealed) as fault:
            self._failed(row, None, str(fault))
        except NotAll as fault:
            self._failed(row, next_try(row.attempts, at), str(fault))
        except (OSError, smtplib.SMTPException) as fault:
            _LOG.warning("a mail could not be sent: %s", type(fault).__name__)
            why = f"The mail server did not take it ({type(fault).__name__})."
            self._failed(row, next_try(row.attempts, at), why)

    def _invite(self, row: OutboxRow, at: datetime) -> int:
        """Nothing is made where it could not be sent: what waits stays visible."""
        if self.send is None:
            raise NoLetter("Not sent: no mail server is configured. It is for a guest.")
        post = invitations(self.desk, self.mail, self.title, row, at)
        if post:
            self.send(post)
        return len(post)

    def _done(self, row: OutboxRow, at: datetime, count: int) -> None:
        with self.store.writing() as unit:
            messages.sent(unit, row, at, count)

    def _failed(self, row: OutboxRow, until: datetime | None, why: str) -> None:
        with self.store.writing() as unit:
            messages.failed(unit, row, until, why)


def next_try(failed: int, at: datetime) -> datetime | None:
    """When it is tried again that had failed so often before it did now; None: given up."""
    return None if failed + 1 >= TRIES else at + _FIRST_WAIT * int(2**failed)
