"""What somebody who sees only their own part of a case was told of the rest of it.

The mails that went to them, in the words that were sent, and the answers that a form shows to them
by the property `shown_to`. Who sees all of a case finds both in its history.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from app import store
from app.casework.access import Person
from app.casework.cases import shown_answers, starters, step_name
from app.casework.desk import Desk
from app.casework.reading.answer_words import in_words
from app.casework.reading.look import Look, look
from app.documents import MAIL, STARTER, NoLetter, addressees, worded
from app.engine import feel, value


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
    """Empty for somebody who sees all of the case. Raises `NotFound`."""
    with look(desk, person, case, at, None) as seen:
        if seen.whole:
            return Told((), ())
        return Told(tuple(_answers(seen))[::-1], tuple(_mails(seen))[::-1])


def _mails(seen: Look) -> Iterator[ToldMail]:
    """The mails of the case that were meant for the person."""
    mine = _names(seen)
    rows = store.work.messages.outbox_of(seen.unit, seen.row.id)
    files = store.deployments.files(seen.unit, seen.row.deployment) if rows else {}
    for row in rows:
        headers = feel.codec.loads(row.content(seen.key)) if row.effect == MAIL else {}
        if mine.isdisjoint(addressees(headers.get("to"))):
            continue
        template = files.get(f"forms/mail/{headers.get('template')}.txt", b"")
        fields = {name: value(header) for name, header in headers.items()}
        fields |= {"reference": seen.row.reference, "link": ""}
        with suppress(NoLetter):  # such a mail was never sent
            yield ToldMail(row.at, *worded(template.decode(errors="replace"), fields))


def _answers(seen: Look) -> Iterator[ToldAnswer]:
    """The answers that the forms show to the person."""
    for row, form, given in shown_answers(seen.locked, _names(seen)):
        step = step_name(seen.locked, row.process, row.element)
        for question, words in in_words(seen, form, given, row.at):
            yield ToldAnswer(step, row.at, question, words)


def _names(seen: Look) -> frozenset[str]:
    """Every name by which the case may mean the person."""
    hands = seen.locked.installation.roles.hands(seen.person)
    began = seen.person.id in starters(seen.unit, seen.row)
    return frozenset({hand[2:] for hand in hands} | ({STARTER} if began else set()))
