"""Searching for a case, among those that somebody sees; each search is an entry of the log.

Names, dates of birth and numbers lie in the database as keyed hashes alone (`cases.likeness`), so
whole words are compared. They are searched for in cases that are seen in whole; a reference also in
those of which somebody sees a part. The log keeps the hashes, never what was typed.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from app import store
from app.casework.access import Person, as_group
from app.casework.cases import LogKind, log_entry
from app.casework.cases.likeness import BORN, CODE, LEAST_CODE, WORD
from app.casework.desk import Desk
from app.casework.errors import Refused
from app.casework.reading.case_list import CaseRow, case_rows, eyes
from app.engine import saying
from app.engine.forms import folded, typed_day, words_of_name
from app.store import CaseLine, Sealed, Term, Unit

#: shown at once; more is no answer to who knows whom they look for
MOST = 25
#: looked through for them, since of some only a part is seen
_LOOKED_THROUGH = 200
_LONGEST, _MOST_TERMS = 200, 8
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


@dataclass(frozen=True, slots=True)
class SearchPage:
    sought: tuple[Sought, ...]
    rows: tuple[CaseRow, ...]
    #: there are more than these
    more: bool

    @property
    def understood(self) -> tuple[str, ...]:
        """In words, each once."""
        said = [f"{_SAID[one.kind]} {one.words}" for one in self.sought]
        return tuple(dict.fromkeys(said))

    @property
    def by_reference(self) -> bool:
        """Somebody knew which case they wanted."""
        return [one.kind for one in self.sought] == [REFERENCE]


def sealed(desk: Desk, person: Person, typed: str) -> str:
    """What was typed, for an address: only this person can have it opened again."""
    with desk.store.reading() as unit:
        box = unit.keys.seal(typed[: _LONGEST + 1].encode("utf-8", "replace"), _place(person))
    return urlsafe_b64encode(box).decode()


def opened(desk: Desk, person: Person, box: str) -> str | None:
    """What was typed; None where it was by somebody else, or under another key."""
    try:
        with desk.store.reading() as unit:
            return unit.keys.open(urlsafe_b64decode(box), _place(person)).decode()
    except (Sealed, ValueError):
        return None


def _place(person: Person) -> str:
    return f"search {person.id}"


def search(desk: Desk, person: Person, typed: str, at: datetime) -> SearchPage:
    """The cases that meet all that was typed, newest first. Raises `Refused` where that is nothing
    to search for, and then writes nothing down."""
    sought = tuple(_sought(desk, typed))
    if not sought:
        said = "Enter a reference, a name, a date of birth or a number"
        raise Refused(f"{said}.", {"words": said})
    terms = tuple(one.term for one in sought)
    with desk.store.reading() as unit:
        lines = list(_seen(desk, unit, person, terms))
        rows = case_rows(desk, unit, person, lines[:MOST])
    _write_down(desk, person, sought, [row.case for row in rows], at)
    return SearchPage(sought, rows, len(lines) > MOST)


def _seen(desk: Desk, unit: Unit, person: Person, terms: tuple[Term, ...]) -> Iterator[CaseLine]:
    """At most one more than are shown. A name tells of a case what only who sees it whole knows."""
    look = partial(store.queries.search.search, unit, eyes(desk, person), terms)
    shown = 0
    for line in look(0, _LOOKED_THROUGH):
        by_reference = all(line.reference in term.references for term in terms)
        if by_reference or _whole(desk, unit, person, line):
            yield line
            shown += 1
            if shown > MOST:
                return


def _whole(desk: Desk, unit: Unit, person: Person, line: CaseLine) -> bool:
    return desk.roles.sees_whole(person, store.cases.members(unit, line.id))


def _write_down(
    desk: Desk, person: Person, sought: tuple[Sought, ...], shown: list[str], at: datetime
) -> None:
    with desk.store.writing() as unit:
        marks = [unit.keys.mark(one.term.sort, one.term.text).hex() for one in sought]
        said = {"kinds": [one.kind for one in sought], "marks": marks, "shown": shown}
        log_entry(desk.installation, unit, LogKind.SEARCH, person, at, said)


def _sought(desk: Desk, typed: str) -> Iterator[Sought]:
    """What a text asks for, at most so many things."""
    text = " ".join(typed.split())
    if len(text) > _LONGEST:
        said = f"Search for {_LONGEST} characters or fewer"
        raise Refused(f"{said}.", {"words": said})
    every = list(_things(desk, text))
    if len(every) > _MOST_TERMS:
        said = f"Search for {_MOST_TERMS} words or fewer"
        raise Refused(f"{said}.", {"words": said})
    yield from every


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
    parts = words_of_name(word) - ({folded(word)} if len(words_of_name(word)) > 1 else set())
    yield from (Sought(WORD, word, Term(WORD, part)) for part in sorted(parts) if len(part) > 1)


def _members(desk: Desk, text: str) -> tuple[str, ...]:
    """As whom those of an organisation stand in cases, where this is its name or short name."""
    names = desk.roles.successions.labels
    asked = folded(text)
    values = {v for v, label in names.items() if asked in (folded(v), folded(label)) and asked}
    return tuple(sorted(as_group(f"{role}:{v}") for v in values for role in desk.roles.known))
