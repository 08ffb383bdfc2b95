"""What somebody who searches for a case means by what they typed.

Which case meets it, and who may be shown it, is `search`'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from app.casework.access import as_group
from app.casework.cases.likeness import BORN, CODE, LEAST_CODE, WORD
from app.casework.desk import Desk
from app.casework.errors import Refused
from app.engine import saying
from app.engine.forms import folded, typed_day, words_of_name
from app.store.queries.search import Term

LONGEST, _MOST_TERMS = 200, 8
_REFERENCE = re.compile(r"(?:[a-z]+[- ]?)?(\d{4})[-/ ](\d{1,6})", re.ASCII | re.IGNORECASE)
#: what may be a date, as forms read it
_DATE = re.compile(
    r"\d{1,2}[/.\-]\d{1,2}[/.\-]\d{4}|\d{4}-\d{2}-\d{2}|\d{1,2} \d{1,2} (?:19|20)\d\d"
    r"|\d{1,2}(?:st|nd|rd|th)? (?:of )?[a-z]{3,9} \d{4}",
    re.ASCII | re.IGNORECASE,
)
#: a number that is written in groups
_GROUPS = re.compile(r"(?<![^\W_])\d+(?:[ -]\d+)+(?![^\W_])", re.ASCII)
#: what a text was taken for, in the words of a page
REFERENCE, GROUP = "reference", "group"
_SAID = {
    REFERENCE: "the case",
    GROUP: "the organisation",
    WORD: "the name",
    BORN: "the date of birth",
    CODE: "the number",
}


@dataclass(frozen=True, slots=True)
class Sought:
    """One thing that was searched for."""

    #: `REFERENCE`, `GROUP`, `WORD`, `BORN` or `CODE`
    kind: str
    #: as it was understood
    words: str
    term: Term

    @property
    def said(self) -> str:
        return f"{_SAID[self.kind]} {self.words}"


def sought(desk: Desk, typed: str) -> tuple[Sought, ...]:
    """What a text asks for; a case must meet each. Raises `Refused` where that is nothing."""
    text = " ".join(typed.split())
    if len(text) > LONGEST:
        raise _refused(f"Search for {LONGEST} characters or fewer")
    every = list(_things(desk, text))
    if len(every) > _MOST_TERMS:
        raise _refused(f"Search for {_MOST_TERMS} words or fewer")
    if not every:
        raise _refused("Enter a reference, a name, a date of birth or a number")
    return tuple(every)


def _refused(said: str) -> Refused:
    return Refused(f"{said}.", {"words": said})


def _things(desk: Desk, text: str) -> Iterator[Sought]:
    if whole := _REFERENCE.fullmatch(text):
        reference = f"{desk.settings.reference}-{whole[1]}-{int(whole[2]):04d}"
        code = folded(text)
        yield Sought(REFERENCE, reference, Term(CODE, code, references=(reference,)))
        return
    members = _members(desk, text)
    if members:
        yield Sought(GROUP, text, Term(GROUP, folded(text), members=members))
        return
    left = text
    for written in _DATE.findall(text):
        day = typed_day(written)
        if day is not None:
            yield Sought(BORN, saying.short_day(day), Term(BORN, day.isoformat()))
            left = left.replace(written, " ", 1)
    for number in _GROUPS.findall(left):
        if len(folded(number)) >= LEAST_CODE:
            yield Sought(CODE, number, Term(CODE, folded(number)))
            left = left.replace(number, " ", 1)
    for word in re.split(r"[\s,;]+", left):
        yield from _of_word(word)


def _of_word(word: str) -> Iterator[Sought]:
    """A number, or the parts of a name. What is shorter than two letters says nothing."""
    if any(char.isdigit() for char in word):
        if len(folded(word)) >= LEAST_CODE:
            yield Sought(CODE, word, Term(CODE, folded(word), references=(word.upper(),)))
        return
    parts = words_of_name(word)
    if len(parts) > 1:
        parts -= {folded(word)}
    yield from (Sought(WORD, word, Term(WORD, part)) for part in sorted(parts) if len(part) > 1)


def _members(desk: Desk, text: str) -> tuple[str, ...]:
    """As whom those of an organisation stand in cases, where this is its name or short name."""
    names = desk.roles.successions.labels
    asked = folded(text)
    values = {v for v, label in names.items() if asked in (folded(v), folded(label)) and asked}
    return tuple(sorted(as_group(f"{role}:{v}") for v in values for role in desk.roles.known))
