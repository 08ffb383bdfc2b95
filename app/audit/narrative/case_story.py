"""A case's history for somebody who looks at it: who is named how, and what of it is read.

`told` reads all of it, for files; `ask` opens a `Story`, which reads no more than what is shown.
Who may look is casework's; `whole` asks nobody, and is for whoever runs the installation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from app import store
from app.audit.entries import Entry, of_case, opened
from app.audit.narrative.names import Words
from app.audit.narrative.sentences import Sentence, tell
from app.audit.narrative.story import Stale, Story
from app.audit.verification import Verdict, verify_case
from app.casework import Desk, Look, NotFound
from app.store import chain

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Told:
    """The whole history of one case."""

    reference: str
    entries: tuple[Entry, ...]
    words: Words

    @cached_property
    def sentences(self) -> list[Sentence]:
        return tell(self.entries, self.words)


def told(seen: Look) -> Told:
    """Reads and tells the whole history. NotFound for somebody who sees only a part."""
    if not seen.whole:
        raise NotFound
    program = seen.locked.loaded.program
    entries = tuple(opened(chain.history.rows(seen.unit, seen.row.id), seen.key, program))
    return Told(seen.row.reference, entries, words_of(seen, actors_of(entries)))


def whole(desk: Desk, case: str) -> Told:
    """Reads and tells the whole history of a case, by id or reference. NotFound."""
    with desk.store.reading() as unit:
        row = store.cases.find(unit, case)
        if row is None:
            raise NotFound
        people = {account.id: account.name for account in store.people.accounts.everybody(unit)}
        program = desk.installation.programs.of(unit, row.deployment).program
        entries = tuple(of_case(unit, row.id, program=program))
    groups = {key: role.name for key, role in desk.settings.roles.items()}
    calendar = desk.settings.calendar
    words = Words(program=program, people=people, groups=groups, calendar=calendar)
    return Told(row.reference, entries, words)


def ask(seen: Look, question: Callable[[Story], Answer]) -> Answer:
    """What the question finds in the story. NotFound for somebody who sees only a part."""
    if not seen.whole:
        raise NotFound
    program = seen.locked.loaded.program

    def story() -> Story:
        return Story(seen.past, program, lambda actors: words_of(seen, actors))

    try:
        return question(story())
    except Stale:
        seen.past.forget()
        return question(story())


def verified(desk: Desk, case: str) -> Verdict:
    """Both checks of a case that somebody may see. NotFound."""
    return verify_case(desk.store, case, programs=desk.installation.programs)


def actors_of(entries: Iterable[Entry]) -> frozenset[str]:
    return frozenset(entry.actor for entry in entries if entry.actor)


def words_of(seen: Look, actors: frozenset[str]) -> Words:
    """Names for what the history names by id. `actors`: ids of who ordered something in it."""
    locked = seen.locked
    groups = {key: role.name for key, role in locked.installation.roles.known.items()}
    people = _people(seen, actors, groups)
    calendar = locked.installation.settings.calendar
    return Words(locked.loaded.program, people, groups, locked.group_name, calendar=calendar)


def _people(seen: Look, ids: Iterable[str], groups: Mapping[str, str]) -> dict[str, str]:
    """Person id → "Priya Shah (Partnership team)"."""
    people = {}
    for row in store.people.accounts.some(seen.unit, ids):
        roles = ", ".join(groups.get(role, role) for role in row.roles)
        people[row.id] = f"{row.name} ({roles})" if roles else row.name
    return people
