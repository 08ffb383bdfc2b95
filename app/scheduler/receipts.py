"""Asks the service that took a letter whether it was delivered, until it says so.

A mail server tells that by a message back (`bounces`); a service that sends for us only when asked.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from app import store
from app.scheduler.way import Telling, Unreachable
from app.store import LetterRow, Store

letters = store.work.letters
#: after it was sent; then as long again as has gone by, at most so long
FIRST_ASKED, LONGEST = timedelta(minutes=2), timedelta(hours=4)
#: nobody tells anything new of it after that: they try for three days, and forget after seven
ASKED_FOR = timedelta(days=6)
#: at a time, so that what waits to be sent does not wait for it
_MOST = 20


def next_asked(sent: datetime, at: datetime) -> datetime | None:
    """When a letter that was sent then is asked about again; None: no more."""
    gone = at - sent
    return None if gone >= ASKED_FOR else at + min(max(gone, FIRST_ASKED), LONGEST)


def ask_due(kept: Store, way: Telling, at: datetime) -> bool:
    """False: nobody answers at present. What was asked for is asked again later."""
    with kept.reading() as unit:
        due = letters.to_ask(unit, at, _MOST)
    for letter in due:
        _put_off(kept, letter, next_asked(letter.ended_at or at, at))  # first: nobody else asks
        try:
            became = way.became(letter.receipt or "")
        except Unreachable:
            return False
        if became is None:
            continue
        with kept.writing() as unit:
            letters.ask_at(unit, letter, None)
            if became:
                letters.bounced(unit, letter, at, became)
    return True


def _put_off(kept: Store, letter: LetterRow, until: datetime | None) -> None:
    with kept.writing() as unit:
        letters.ask_at(unit, letter, until)
