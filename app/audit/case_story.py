"""A case's history told to somebody who looks at it: entries, sentences and drawings together.

Owns putting the parts of this room together for a reader; who may look is casework's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from app.audit.entries import Entry, opened
from app.audit.frames import Frame, frame_at
from app.audit.names import Words
from app.audit.narrative import Sentence, tell
from app.audit.verification import Verdict, verify_case
from app.casework.desk import Desk
from app.casework.errors import NotFound
from app.casework.reading.look import Look
from app.engine.bpmn.model import Process
from app.engine.program import Program
from app.store import accounts
from app.store.chain import history

#: rows that `recent` reads at least: a row gives one or more sentences
_RECENT_ROWS = 20


@dataclass(frozen=True)
class Told:
    """The whole history of one case."""

    reference: str
    entries: tuple[Entry, ...]
    words: Words

    @cached_property
    def sentences(self) -> list[Sentence]:
        return tell(self.entries, self.words)

    @property
    def program(self) -> Program:
        assert self.words.program is not None
        return self.words.program

    def frame(self, step: int) -> Frame | None:
        """What the drawings looked like after sentence `step`, counted from 1."""
        sentence = self.sentences[step - 1]
        index = None if sentence.index < 0 else sentence.index
        return frame_at(self.entries, self.program, sentence.seq, index)

    def process(self, step: int) -> Process | None:
        """The process that sentence `step` is about, or the last one before it."""
        for sentence in reversed(self.sentences[:step]):
            if sentence.process is not None and sentence.process in self.program.processes:
                return self.program.processes[sentence.process]
        return next(iter(self.program.processes.values()), None)


def told(seen: Look) -> Told:
    """Reads and tells the whole history. NotFound for somebody who sees only a part."""
    if not seen.whole:
        raise NotFound
    program = seen.held.loaded.program
    entries = tuple(opened(history.rows(seen.unit, seen.row.id), seen.key, program))
    return Told(seen.row.reference, entries, _words(seen, entries))


def recent(seen: Look, most: int = 8) -> list[Sentence]:
    """The newest sentences, newest first, without readings; reads only the last rows.

    Task names that were given earlier are asked of the diagram.
    """
    after = max(0, seen.row.seq - _RECENT_ROWS)
    program = seen.held.loaded.program
    entries = tuple(opened(history.rows(seen.unit, seen.row.id, after), seen.key, program))
    quiet = ("read", "record", "plan")
    sentences = [
        sentence for sentence in tell(entries, _words(seen, entries)) if sentence.topic not in quiet
    ]
    return sentences[: -most - 1 : -1]


def verified(desk: Desk, case: str) -> Verdict:
    """Both checks of a case that somebody may see. NotFound."""
    return verify_case(desk.store, case, programs=desk.room.programs)


def _words(seen: Look, entries: Iterable[Entry]) -> Words:
    held = seen.held
    groups = {key: role.name for key, role in held.room.roles.known.items()}
    people = _people(seen, {entry.actor for entry in entries if entry.actor}, groups)
    return Words(held.loaded.program, people, groups, held.room.roles.name)


def _people(seen: Look, ids: set[str], groups: Mapping[str, str]) -> dict[str, str]:
    """Person id → "Priya Shah (Partnership team)"."""
    people = {}
    for row in (accounts.find(seen.unit, id) for id in sorted(ids)):
        if row is not None:
            roles = ", ".join(groups.get(role, role) for role in row.roles)
            people[row.id] = f"{row.name} ({roles})" if roles else row.name
    return people
