"""A letter as casework handles it: who it is to, in words, and its being sent once more."""

from __future__ import annotations

from datetime import datetime

from app import store
from app.casework.errors import Conflict
from app.store import LetterRow, Unit
from app.store.work import daily as daily_mails

letters = store.work.letters
#: instead of a name: of a guest, and of what came to nobody
A_GUEST, NOBODY = "a guest", "those it is for"


def once_more(unit: Unit, letter: LetterRow, at: datetime) -> None:
    """It waits again, as if it were new: to whom it may go, and what it says, is asked when it is
    sent. With a daily mail go those that went with it; one of them goes by itself. Raises Conflict
    while it is being sent."""
    daily = letters.find(unit, letters.NO_CASE, letter.daily) if letter.daily else None
    if any(row is not None and _is_sent_now(row, at) for row in (letter, daily)):
        raise Conflict("This mail is being sent at this moment. Look again in a while.")
    if letter.kind == letters.EFFECT:
        store.work.messages.do_again(unit, letter.case_id, letter.source, at)
        letters.drop(unit, letter)
    else:
        if letter.kind == letters.DAILY:
            daily_mails.together_again(unit, letter)
        letters.once_more(unit, letter, at)


def _is_sent_now(letter: LetterRow, at: datetime) -> bool:
    return letter.claim is not None and letter.next_at is not None and letter.next_at > at


def addressee(unit: Unit, letter: LetterRow) -> str:
    """A name for people; never an address."""
    if letter.person is not None:
        row = store.people.accounts.find(unit, letter.person)
        return row.name if row is not None else letter.person
    if letter.kind != letters.GUEST:
        return NOBODY
    guest = store.people.guests.newest_of(unit, letter.case_id, letter.about or "")
    return guest.name if guest is not None else A_GUEST
