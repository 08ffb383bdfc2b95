"""Owns who the persons of a case are: what all its answers say of people, as one list.

Rows of one list are always different people; in other answers a row is somebody again when it was
known from theirs, has their number, or their name and no other date of birth. What one answer says
is `person_parts`'.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from app.engine.forms.fields import Form
from app.engine.forms.person_parts import CHOSEN, Mention, folded, mentions

#: answers by which one knows a person; what else a row takes from another says nothing of whom
_KNOWN_BY = ("name", "born", "expected", "number", "born_year", "aliases")
#: what is said of somebody without saying who they are
_OF_SOMEBODY = frozenset({CHOSEN, "died", "died_on", "address", "relation", "organisation"})


@dataclass(frozen=True, slots=True)
class Said:
    """Where something was said of a person."""

    #: of the history entry
    seq: int
    #: the step; the process's own id for what its start form asked
    step: str
    #: of the list's row, of the group or of the first question
    path: str


@dataclass(frozen=True, slots=True)
class Given:
    """One form as it was answered."""

    seq: int
    step: str
    form: Form
    #: typed
    answers: Mapping[str, Any]
    #: path → how it came about (`provenance`)
    provenance: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PersonOfCase:
    #: "p1" …, by first mention; never given to anybody else
    id: str
    #: what the person was first named as, in the owner's words
    kind: str
    name: str = ""
    #: other names, earlier spellings too
    aliases: tuple[str, ...] = ()
    born: date | None = None
    expected: date | None = None
    #: how well the date of birth is known: "exact", "estimated", "year" or "not_known"
    born_known: str | None = None
    born_year: int | None = None
    number: str | None = None
    address: str | None = None
    relation: str | None = None
    organisation: str | None = None
    #: None: nobody said
    died: bool | None = None
    died_on: date | None = None
    #: the owner has them looked for in other cases
    across_cases: bool = False
    #: the owner allows that lists say of whom the case is, without the name
    in_lists: bool = False
    #: all that they were named as
    kinds: tuple[str, ...] = ()
    #: where something was said of them, in order
    sources: tuple[Said, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """All names and spellings."""
        return tuple(dict.fromkeys(name for name in (self.name, *self.aliases) if name))


def persons_of(given: Iterable[Given]) -> tuple[PersonOfCase, ...]:
    """The persons of a case, from its answers in the order in which they were given."""
    case = _Case()
    for answers in given:
        case.take(answers)
    return tuple(case.persons.values())


class _Case:
    def __init__(self) -> None:
        self.persons: dict[str, PersonOfCase] = {}
        #: entry and path → who was named there
        self._named: dict[tuple[int, str], str] = {}

    def take(self, given: Given) -> None:
        """Who is known from an earlier row first, so that nobody of the same name is taken."""
        told = mentions(given.form, given.answers)
        taken: dict[int, str] = {}
        for ways in (self._chosen, self._known_from, self._alike, self._nameless):
            for number, mention in enumerate(told):
                if number not in taken:
                    free = self._free(mention, told, taken)
                    person = next(ways(mention, given, free), None)
                    if person is not None:
                        taken[number] = person
        for number, mention in enumerate(told):
            if number not in taken and mention.said.keys() <= _OF_SOMEBODY:
                continue  # nobody of this case
            if number not in taken:  # somebody whom this same answer has just named elsewhere
                free = self._free(mention, told, taken)
                new = f"p{len(self.persons) + 1}"
                taken[number] = next(self._alike(mention, given, free), new)
            id = taken[number]
            known = self.persons.get(id) or PersonOfCase(id, mention.kind)
            said = Said(given.seq, given.step, mention.path)
            self.persons[id] = _joined(known, mention, said)
            for path in (mention.path, *mention.paths.values()):
                self._named[given.seq, path] = id

    def _free(
        self, mention: Mention, told: list[Mention], taken: Mapping[int, str]
    ) -> list[PersonOfCase]:
        """Whom this row can be: nobody whom another row of its list is."""
        place = _place(mention)
        others = {
            person
            for number, person in taken.items()
            if mention.in_list and told[number].in_list and _place(told[number]) == place
        }
        return [person for person in self.persons.values() if person.id not in others]

    def _chosen(self, mention: Mention, given: Given, free: list[PersonOfCase]) -> Iterator[str]:
        """Who was chosen from this list: by id, or as “Child 2”, the second of their kind."""
        chosen = folded(mention.said.get(CHOSEN, ""))
        alike = [person for person in self.persons.values() if mention.kind in person.kinds]
        for number, person in enumerate(alike, 1):
            if chosen in (person.id, folded(f"{mention.kind}{number}")):
                yield person.id

    def _known_from(
        self, mention: Mention, given: Given, free: list[PersonOfCase]
    ) -> Iterator[str]:
        """The person of the row from which this one was known."""
        ids = {person.id for person in free}
        for part in _KNOWN_BY:
            how = given.provenance.get(mention.paths.get(part, ""), {})
            entry, question = how.get("entry"), str(how.get("question", ""))
            while entry is not None and question:
                person = self._named.get((int(entry), question))
                if person is not None and person in ids:
                    yield person
                question = question.rpartition(".")[0]

    def _alike(self, mention: Mention, given: Given, free: list[PersonOfCase]) -> Iterator[str]:
        number = mention.said.get("number")
        yield from (p.id for p in free if number and _digits(p.number) == _digits(number))
        mine = {folded(name) for name in _names(mention)} - {""}
        alike = [p for p in free if mine & {folded(name) for name in p.names}]
        yield from (p.id for p in alike if _may_be(p, mention))

    def _nameless(self, mention: Mention, given: Given, free: list[PersonOfCase]) -> Iterator[str]:
        """Somebody of whom nothing is known but when they are expected."""
        if not mention.said.get("name") and mention.said.get("expected"):
            yield from (
                person.id
                for person in free
                if not person.name
                and mention.kind in person.kinds
                and person.expected == mention.said["expected"]
            )


def _place(mention: Mention) -> str:
    return mention.path.rpartition(".")[0]


def _names(mention: Mention) -> tuple[str, ...]:
    return (mention.said.get("name", ""), *mention.said.get("aliases", ()))


def _digits(number: str | None) -> str:
    return folded(number or "")


def _may_be(person: PersonOfCase, mention: Mention) -> bool:
    """Somebody of the same name: who is named as something else (a father and his son), only
    where the dates of birth say so."""
    born = mention.said.get("born")
    if mention.kind not in person.kinds:
        return born is not None and born == person.born
    if born is not None and person.born is not None:
        return bool(born == person.born)
    mine = _year(born, mention.said.get("born_year"), mention.said.get("born_known"))
    theirs = _year(person.born, person.born_year, person.born_known)
    return mine is None or theirs is None or mine == theirs


def _year(born: date | None, year: int | None, known: str | None) -> int | None:
    """The year of birth, where it is no estimate."""
    if known == "estimated":
        return None
    return born.year if born is not None else year


def _joined(person: PersonOfCase, mention: Mention, where: Said) -> PersonOfCase:
    """What is said later stands; what it leaves out stays."""
    said = {part: value for part, value in mention.said.items() if part != CHOSEN}
    spellings = [*person.names, *said.pop("aliases", ())]
    name = said.get("name") or person.name
    if said.get("born_known") == "not_known" and (person.born or person.born_year):
        said.pop("born_known")  # who does not know it does not unsay it
    if _says_when(said):
        # One way of knowing a date of birth takes the place of the others.
        person = replace(person, born=None, born_year=None, born_known=None)
    if said.get("born") is not None:
        person = replace(person, expected=None)
        said.pop("expected", None)
    if said.get("died") is False:
        person = replace(person, died_on=None)
    return replace(
        person,
        **said,
        aliases=tuple(alias for alias in dict.fromkeys(spellings) if alias != name),
        across_cases=person.across_cases or mention.across_cases,
        in_lists=person.in_lists or mention.in_lists,
        kinds=tuple(dict.fromkeys([*person.kinds, mention.kind])),
        sources=(*person.sources, where),
    )


def _says_when(said: Mapping[str, Any]) -> bool:
    known = said.get("born_known")
    return said.get("born") is not None or known in ("estimated", "year") or "born_year" in said
