"""Searching for a case, among those that somebody sees; each search is an entry of the log.

Names, dates of birth and numbers lie in the database as keyed hashes alone (`cases.likeness`), so
whole words are compared. They are searched for in cases that are seen in whole; a reference also in
those of which somebody sees a part. The log keeps the hashes, never what was typed.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime

from app.casework.access import Person
from app.casework.cases import LogKind, log_entry
from app.casework.desk import Desk
from app.casework.reading.case_list import CaseRow, case_rows
from app.casework.reading.eyes import eyes, whole_eyes
from app.casework.reading.sought import LONGEST, REFERENCE, Sought, sought
from app.store import CaseLine, Sealed, Unit
from app.store.queries.search import Term
from app.store.queries.search import search as cases_of

#: shown at once; more is no answer to who knows whom they look for
MOST = 25


@dataclass(frozen=True, slots=True)
class SearchPage:
    sought: tuple[Sought, ...]
    rows: tuple[CaseRow, ...]
    #: there are more than these
    more: bool

    @property
    def understood(self) -> tuple[str, ...]:
        """In words, each once."""
        return tuple(dict.fromkeys(one.said for one in self.sought))

    @property
    def by_reference(self) -> bool:
        """Somebody knew which case they wanted."""
        return [one.kind for one in self.sought] == [REFERENCE]


def sealed(desk: Desk, person: Person, typed: str) -> str:
    """What was typed, for an address: only this person can have it opened again."""
    with desk.store.reading() as unit:
        box = unit.keys.seal(typed[: LONGEST + 1].encode("utf-8", "replace"), _place(person))
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
    asked = sought(desk, typed)
    terms = tuple(one.term for one in asked)
    with desk.store.reading() as unit:
        lines = _seen(desk, unit, person, terms)
        rows = case_rows(desk, unit, person, lines[:MOST])
    _write_down(desk, person, asked, [row.case for row in rows], at)
    return SearchPage(asked, rows, len(lines) > MOST)


def _seen(desk: Desk, unit: Unit, person: Person, terms: tuple[Term, ...]) -> list[CaseLine]:
    """At most one more than are shown. A name tells of a case what only who sees it whole knows;
    its reference, who sees a part."""
    lines = cases_of(unit, whole_eyes(desk, person), terms, 0, MOST + 1)
    if all(term.references for term in terms):
        called = [Term(references=term.references) for term in terms]
        lines = list({*lines, *cases_of(unit, eyes(desk, person), called, 0, MOST + 1)})
    return sorted(lines, key=lambda line: (line.opened_at, line.id), reverse=True)[: MOST + 1]


def _write_down(
    desk: Desk, person: Person, asked: tuple[Sought, ...], shown: list[str], at: datetime
) -> None:
    with desk.store.writing() as unit:
        marks = [unit.keys.mark(one.term.sort, one.term.text).hex() for one in asked]
        said = {"kinds": [one.kind for one in asked], "marks": marks, "shown": shown}
        log_entry(desk.installation, unit, LogKind.SEARCH, person, at, said)
