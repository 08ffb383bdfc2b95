"""The persons of a case as its page lists them, in words."""

from __future__ import annotations

from dataclasses import dataclass

from app.casework.cases import LockedCase, persons
from app.engine.forms import PersonOfCase, born_in_words, called, life_in_words
from app.engine.forms.person_words import NOT_SAID


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    #: of the person in this case: "p1"
    id: str
    name: str
    aliases: tuple[str, ...]
    #: what they were named as: “child”
    kinds: tuple[str, ...]
    #: to the others, or what they do, and where
    relation: str
    born: str
    address: str
    life: str

    @property
    def born_said(self) -> bool:
        return self.born != NOT_SAID

    @property
    def life_said(self) -> bool:
        return self.life != NOT_SAID


def person_lines(locked: LockedCase) -> tuple[PersonLine, ...]:
    """Everybody whom the case's answers name."""
    return tuple(map(_line, persons(locked)))


def _line(person: PersonOfCase) -> PersonLine:
    does = (part for part in (person.relation, person.organisation) if part)
    return PersonLine(
        id=person.id,
        name=called(person),
        aliases=person.aliases,
        kinds=person.kinds,
        relation=", ".join(does) or NOT_SAID,
        born=born_in_words(person),
        address=person.address or NOT_SAID,
        life=life_in_words(person),
    )
