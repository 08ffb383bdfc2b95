"""Owns how a person of the case is told in words: when born, and whether living.

Nothing is made a date that nobody gave: an estimate stays “about 2019”, what is not known “not
known”.
"""

from __future__ import annotations

from app.engine import saying
from app.engine.forms.persons import PersonOfCase

#: nobody was asked, or nobody answered
NOT_SAID = "Not said"


def called(person: PersonOfCase) -> str:
    kind = f"{person.kind[:1].upper()}{person.kind[1:]}"
    return person.name or f"{kind} without a name"


def born_in_words(person: PersonOfCase) -> str:
    """“1 May 2019”, “about 2019”, “2019”, “expected 3 May 2027”, “not known”."""
    about = "about " if person.born_known == "estimated" else ""
    if person.born is not None:
        return f"about {person.born.year}" if about else saying.short_day(person.born)
    if person.born_year is not None:
        return f"{about}{person.born_year}"
    if person.expected is not None:
        return f"expected {saying.short_day(person.expected)}"
    return "not known" if person.born_known else NOT_SAID


def life_in_words(person: PersonOfCase) -> str:
    if person.died:
        return f"Died on {saying.short_day(person.died_on)}" if person.died_on else "Died"
    return NOT_SAID if person.died is None else "Living"


def label_of(person: PersonOfCase) -> str:
    """“J.E., child, born 2017”: who is meant, for a place where a name would be too much."""
    initials = "".join(f"{word[0].upper()}." for word in person.name.split()[:4])
    about = "about " if person.born_known == "estimated" else ""
    year = person.born.year if person.born is not None else person.born_year
    known = (initials, person.kind, f"born {about}{year}" if year is not None else "")
    return ", ".join(part for part in known if part)
