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
from app.audit.entries import Entry, of_case, opened, with_body
from app.audit.narrative.names import Words
from app.audit.narrative.sentences import Sentence, tell
from app.audit.narrative.story import Stale, Story
from app.audit.verification import Verdict, verify_case
from app.casework import Desk, Look, NotFound
from app.engine import events as fact
from app.store import chain

Answer = TypeVar("Answer")
#: rows among which `recent` looks at most, and how many of them it opens
_RECENT_ROWS, _OPENED = 40, 12
#: orders that are no news on a case's page
_QUIET = ("read", "record", "plan")
#: what these say of themselves is how many answers were known before; their facts tell the rest
_TOLD = ("StartCase", "CompleteTask")
#: facts that are news: what people were asked and did, what moved, what is missed or stands still.
#: How the drawing went on from there, its tables, timers, messages and outbox stand in the history
_NEWS = (
    fact.TaskOpened, fact.TaskOffered, fact.TaskCompleted, fact.TaskCancelled, fact.DeadlineMoved,
    fact.StatusSet, fact.DecisionWaits, fact.IncidentRaised, fact.IncidentEnded,
)  # fmt: skip


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
    return Told(seen.row.reference, entries, _words(seen, _actors(entries)))


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
        return Story(seen.past, program, lambda actors: _words(seen, actors))

    try:
        return question(story())
    except Stale:
        seen.past.forget()
        return question(story())


def recent(seen: Look, most: int = 8) -> list[Sentence]:
    """The newest sentences that are news, newest first; opens no more entries than it needs.

    Task names that were given earlier are asked of the diagram.
    """
    entries: dict[int, Entry] = {}
    there = 0
    for row, body in seen.past.backwards(_RECENT_ROWS, without=("read",)):
        entry = with_body(row, body)
        there += sum(_is_news(entry, event) for event in entry.events)
        entries[row.seq] = entry
        if there >= most or len(entries) == _OPENED:
            break
    oldest_first = [entries[seq] for seq in sorted(entries)]
    sentences = tell(oldest_first, _words(seen, _actors(oldest_first)), _is_news)
    news = [one for one in sentences if one.index >= 0 or _is_told(one, entries[one.seq])]
    return news[: -most - 1 : -1]


def _is_told(sentence: Sentence, entry: Entry) -> bool:
    """Of what is told of an order itself."""
    return sentence.topic == "trouble" or (sentence.topic not in _QUIET and entry.kind not in _TOLD)


def _is_news(entry: Entry, event: fact.Event) -> bool:
    if isinstance(event, fact.InstanceStarted):  # the case itself
        return entry.kind == "StartCase" and event is entry.events[0]
    return isinstance(event, _NEWS)


def verified(desk: Desk, case: str) -> Verdict:
    """Both checks of a case that somebody may see. NotFound."""
    return verify_case(desk.store, case, programs=desk.installation.programs)


def _actors(entries: Iterable[Entry]) -> frozenset[str]:
    return frozenset(entry.actor for entry in entries if entry.actor)


def _words(seen: Look, actors: frozenset[str]) -> Words:
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
