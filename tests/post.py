"""The post of a test: what a mail server would have got, and a sender at the instant of a test."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from email.message import EmailMessage

from app.casework.desk import Desk
from app.config import Mail
from app.scheduler.outbox import Outbox, Spread
from app.scheduler.sending import Sender
from app.scheduler.way import Unreachable, Way
from app.store import LetterRow
from app.store.work import letters
from tests.kit import Kit

MAIL = Mail(sender="cases@example.org", host="127.0.0.1", address="http://here:8000")


class Letterbox:
    """Takes every message, or is not there as often as it is told."""

    def __init__(self, away: int = 0) -> None:
        self.got: list[EmailMessage] = []
        self.away = away

    def reach(self) -> None:
        if self.away:
            self.away -= 1
            raise Unreachable("The mail server cannot be reached (gone).")

    def send(self, message: EmailMessage) -> None:
        self.reach()
        self.got.append(message)


class Post:
    """Hands on what the outbox holds, then sends it."""

    def __init__(
        self, desk: Desk, way: Way | None, mail: Mail = MAIL, spread: Spread | None = None
    ) -> None:
        self.desk, self.way, self.mail, self.spread = desk, way, mail, spread

    def deliver(self, at: datetime) -> int:
        """How many letters were dealt with."""
        Outbox(self.desk, self.mail, self.spread).deliver(at, 500)
        return Sender(self.desk, self.mail, self.way, lambda: at).send_due()


def told(messages: Sequence[EmailMessage]) -> list[str]:
    """To whom, by the name in their address."""
    return sorted(str(message["To"]).split("@")[0] for message in messages)


def letters_of(kit: Kit, case: str = letters.NO_CASE) -> dict[str, LetterRow]:
    """By the person, or by its id where it is for nobody known."""
    with kit.store.reading() as unit:
        return {row.person or row.id: row for row in letters.of_case(unit, case)}
