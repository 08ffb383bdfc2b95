"""By what a case is known: its people and references, kept as keyed hashes.

Known to other cases are only people whose owner has them looked for (`across_cases`); to somebody
who searches, everybody whom its answers name. What of it a person may see, and that a look is
written down, is `orders.looking`'s and `reading.search`'s.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app import store
from app.casework.access import Person
from app.casework.cases.in_lists import keep_in_lists
from app.casework.cases.locked_case import LockedCase
from app.casework.cases.persons import answers_about_people
from app.casework.cases.publishing import keep_published
from app.engine.forms import Given, PersonOfCase, folded, persons_of, references, words_of_name
from app.store import CaseRow

#: what two cases may share, the strongest first, and what a person reads of it
SORTS = {
    "number": "same number",
    "reference": "same reference",
    "name_born": "same name and date of birth",
    "name": "same name only",
}
#: by what somebody who searches finds it: a word of a name, a date of birth, a number or reference
WORD, BORN, CODE = "word", "born", "code"
#: shorter ones are typed for want of one
LEAST_CODE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Another case that may be about the same people, which the person may see."""

    row: CaseRow
    #: of `SORTS`, the strongest first
    sorts: tuple[str, ...]

    @property
    def why(self) -> tuple[str, ...]:
        return tuple(SORTS[sort] for sort in self.sorts)


def keep_known_by(locked: LockedCase, process: str, element: str) -> None:
    """After a step was answered, or its answer taken back: what the case is known by, what lists
    say of it and what it published, in the same transaction."""
    keep_published(locked, process, element)
    holder = locked.loaded.holder(process, element)
    if (holder, element) in locked.loaded.marked_steps:
        know_anew(locked)


def know_anew(locked: LockedCase) -> None:
    given = tuple(answers_about_people(locked))
    store.work.known_by.keep(locked.unit, locked.row.id, set(_marks(given)))
    keep_in_lists(locked, given)


def alike(locked: LockedCase, person: Person) -> tuple[Alike, ...]:
    """The other cases, the likeliest first; none that the person does not see the whole of."""
    shared = store.work.known_by.alike(locked.unit, locked.row.id, SORTS)
    mine = locked.row.reference
    known = []
    for id, sorts in shared.items():
        row = store.cases.find(locked.unit, id)
        if row is None or row.merged_into == mine or locked.row.merged_into == row.reference:
            continue
        members = store.cases.members(locked.unit, id)
        if locked.installation.roles.sees_whole(person, members):
            known.append(Alike(row=row, sorts=_told(sorts)))
    order = list(SORTS)
    return tuple(sorted(known, key=lambda one: (order.index(one.sorts[0]), one.row.reference)))


def shared_with(locked: LockedCase, other: str) -> tuple[str, ...]:
    """What the case of that id shares with this one, in words."""
    sorts = store.work.known_by.alike(locked.unit, locked.row.id, SORTS).get(other, set())
    return tuple(SORTS[sort] for sort in _told(sorts))


def _told(sorts: set[str]) -> tuple[str, ...]:
    """The strongest first; a name alone says nothing beside the name with its date of birth."""
    left_out = {"name"} if "name_born" in sorts else set()
    return tuple(sort for sort in SORTS if sort in sorts - left_out)


def _marks(given: Sequence[Given]) -> Iterator[tuple[str, str]]:
    for person in persons_of(given):
        if person.across_cases:
            yield from _of_person(person)
        yield from _searched(person)
    for answers in given:
        for reference in references(answers.form, answers.answers):
            if len(folded(reference)) >= LEAST_CODE:
                yield "reference", folded(reference)
                yield CODE, folded(reference)


def _of_person(person: PersonOfCase) -> Iterator[tuple[str, str]]:
    number = folded(person.number or "")
    if len(number) >= LEAST_CODE:
        yield "number", number
    for name in {folded(name) for name in person.names} - {""}:
        yield "name", name
        if person.born is not None and person.born_known in (None, "exact"):
            yield "name_born", f"{name} {person.born.isoformat()}"


def _searched(person: PersonOfCase) -> Iterator[tuple[str, str]]:
    number = folded(person.number or "")
    if len(number) >= LEAST_CODE:
        yield CODE, number
    for name in person.names:
        yield from ((WORD, word) for word in words_of_name(name))
    if person.born is not None:
        yield BORN, person.born.isoformat()
