"""People on the page of a case: the persons whom its answers name, and who belongs to it."""

from __future__ import annotations

from dataclasses import dataclass

from app.casework.cases import LockedCase, persons
from app.casework.reading.look import Look
from app.engine.forms import PersonOfCase, born_in_words, called, label_of, life_in_words
from app.engine.forms.person_words import NOT_SAID


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLine:
    #: of the person in this case: "p1"
    id: str
    name: str
    #: tells who is meant without the name: “J.E., child, born 2017”
    label: str
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
        label=label_of(person),
        aliases=person.aliases,
        kinds=person.kinds,
        relation=", ".join(does) or NOT_SAID,
        born=born_in_words(person),
        address=person.address or NOT_SAID,
        life=life_in_words(person),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLine:
    id: str
    name: str
    #: a group rather than a person
    group: bool
    excluded: bool


def member_lines(seen: Look) -> tuple[MemberLine, ...]:
    if not seen.whole:
        return ()
    people = seen.names([who[2:] for who in seen.locked.members if who.startswith("p:")])
    members = []
    for who, excluded in sorted(seen.locked.members.items()):
        id, group = who[2:], who.startswith("g:")
        name = seen.locked.group_name(id, seen.at) if group else people.get(id, id)
        members.append(MemberLine(id=id, name=name, group=group, excluded=excluded))
    return tuple(members)
