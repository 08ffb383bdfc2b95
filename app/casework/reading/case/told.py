"""What somebody who sees only their own part of a case was told of the rest of it.

The mails that went to them, in the words that were sent, and the answers that a form shows to them
by the property `shown_to`. Who sees all of a case finds both in its history.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass
from datetime import datetime

from app.casework.access import Person
from app.casework.cases import contributors, mails_to, shown_answers, starters, step_name
from app.casework.cases.protected import Protected
from app.casework.desk import Desk
from app.casework.reading.answer_words import in_words
from app.casework.reading.look import Look, look
from app.documents import CONTRIBUTORS, STARTER


@dataclass(frozen=True, slots=True)
class ToldMail:
    at: datetime
    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class ToldAnswer:
    #: what the step is called whose form holds the answer
    step: str
    at: datetime
    question: str
    words: str


@dataclass(frozen=True, slots=True)
class Told:
    """Both the newest first."""

    answers: tuple[ToldAnswer, ...]
    mails: tuple[ToldMail, ...]


def told_page(desk: Desk, person: Person, case: str, at: datetime) -> Told:
    """Raises `NotFound`."""
    with look(desk, person, case, at, None) as seen:
        return told_of(seen)


def told_of(seen: Look) -> Told:
    """Empty for somebody who sees all of the case."""
    if seen.whole:
        return Told((), ())
    mine = _names(seen)
    protected = Protected(seen.locked)
    mails = [
        ToldMail(at, subject, text)
        for at, subject, text in mails_to(seen.locked, mine)
        if not protected.said([subject, text], lambda readers: not mine.isdisjoint(readers))
    ]  # what is left out was never sent
    return Told(tuple(_answers(seen, mine))[::-1], tuple(mails)[::-1])


def _answers(seen: Look, mine: Set[str]) -> Iterator[ToldAnswer]:
    """The answers that the forms show to the person."""
    for row, form, given in shown_answers(seen.locked, mine):
        step = step_name(seen.locked, row.process, row.element)
        for question, words in in_words(seen, form, given, row.at):
            yield ToldAnswer(step, row.at, question, words)


def _names(seen: Look) -> frozenset[str]:
    """Every name by which mails and forms may mean the person in this case."""
    unit, row = seen.unit, seen.row
    roles, members = seen.locked.installation.roles, seen.locked.members
    mine = {hand[2:] for hand in roles.hands_in(seen.person, members)}
    if seen.person.id in starters(unit, row):
        mine.add(STARTER)
    if not mine.isdisjoint(contributors(unit, row.id)):
        mine.add(CONTRIBUTORS)
    return frozenset(mine)
