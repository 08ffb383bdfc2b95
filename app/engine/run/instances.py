"""Owns the running instances of a case: loaded when touched, saved when changed.

The case's own small state, under the id "", says which instances there are, which are open, and
which messages are kept. What happens inside an instance is `elements`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any

from app.engine.errors import Incident, NotOpen
from app.engine.feel import Calendar
from app.engine.program import Program
from app.engine.run.graph import spec_of
from app.engine.run.snapshot import FORM, Snapshot, dump, load, seal, unseal
from app.engine.run.stalling import Stall as Stall
from app.engine.run.stalling import stalls
from app.engine.run.tokens import Instance, Post, Turn

#: running instances of one case; more is taken for a loop without an end
MOST_OPEN = 500


class Instances:
    """`turn`: the command under way; `post`: who carries messages between them (`mailbox`)."""

    turn: Turn
    post: Post

    def __init__(
        self, program: Program, calendar: Calendar, states: Mapping[str, bytes], meaning: int
    ) -> None:
        self.program = program
        self._calendar = calendar
        self._meaning = meaning
        self._states = dict(states)
        own = unseal(states[""]) if "" in states else {}
        self.count: int = own.get("count", 0)
        self.open: list[str] = own.get("open", [])
        #: how each ended instance ended
        self.ended: dict[str, str] = own.get("ended", {})
        #: kept messages and how many there ever were
        self.kept: list[list[Any]] = own.get("kept", [])
        self.messages: int = own.get("messages", 0)
        #: instances at which time stands still (see `Case.rest`)
        self.asleep: list[str] = own.get("asleep", [])
        self._loaded: dict[str, Instance] = {}
        self.begin_turn(datetime.min.replace(tzinfo=UTC))

    def begin_turn(self, at: datetime) -> Turn:
        """What follows is of one command, at that aware instant."""
        spec_of_process = partial(spec_of, self.program)
        at = at.astimezone(UTC)
        turn = Turn(self.program, self._calendar, spec_of_process, at, meaning=self._meaning)
        self.turn = turn
        for run in self.loaded():
            run.turn = turn
        return turn

    def loaded(self) -> list[Instance]:
        """Those still running, oldest first, in whatever order they were touched."""
        runs = [run for run in self._loaded.values() if run.how is None]
        return sorted(runs, key=lambda run: int(run.id))

    def running(self) -> Iterator[Instance]:
        """The open instances, oldest first."""
        return self._of(list(self.open))

    def awake(self) -> Iterator[Instance]:
        """Those that time passes for, oldest first."""
        return self._of([id for id in self.open if id not in self.asleep])

    def stalls(self) -> list[Stall]:
        """What will never move, of what is awake."""
        return stalls(self.program, self.awake())

    def sleeping(self) -> Iterator[Instance]:
        return self._of(list(self.asleep))

    def _of(self, ids: list[str]) -> Iterator[Instance]:
        for id in ids:
            run = self.one(id)
            if run.how is None:
                yield run

    def one(self, id: str) -> Instance:
        """An open instance; NotOpen when it has ended or never was."""
        run = self._loaded.get(id)
        if run is None:
            if id not in self.open or id not in self._states:
                raise NotOpen()
            facts = unseal(self._states[id])
            spec = spec_of(self.program, facts["process"])
            run = load(id, facts, spec, self.turn, self.post, self.turn.spec_of)
            self._loaded[id] = run
        run.turn, run.post = self.turn, self.post
        return run

    def holding(self, task: str, *, awake: bool = False) -> Instance:
        """The instance a task or activity belongs to. NotOpen; if `awake`, also while it sleeps."""
        run = self.one(task.rpartition("-")[0])
        if awake and run.id in self.asleep:
            raise NotOpen("The process of this task rests.")
        return run

    def new(self, process: str) -> Instance:
        spec = spec_of(self.program, process)
        if len(self.open) >= MOST_OPEN:
            raise Incident(
                f"There are already {MOST_OPEN} running instances.",
                element_id=process,
                process=process,
            )
        self.count += 1
        id = str(self.count)
        run = self._loaded[id] = Instance(id, spec, self.turn, self.post)
        assert spec.root is not None
        run.task_tree = run.token(spec.root, None)
        self.open.append(id)
        return run

    def close_ended(self) -> None:
        self.ended |= {run.id: run.how for run in self._loaded.values() if run.how is not None}
        self.open = [id for id in self.open if id not in self.ended]
        self.asleep = [id for id in self.asleep if id not in self.ended]

    def saved(self) -> dict[str, Snapshot]:
        """The case's own state and every loaded instance, as they are now."""
        own = {
            "form": FORM,
            "count": self.count,
            "open": self.open,
            "ended": self.ended,
            "kept": self.kept,
            "messages": self.messages,
        }
        if self.asleep:
            own["asleep"] = self.asleep
        return {"": seal(own), **{id: dump(run) for id, run in self._loaded.items()}}

    def changed(self) -> dict[str, Snapshot]:
        return {id: s for id, s in self.saved().items() if s.state != self._states.get(id)}

    def fingerprint(self) -> str:
        """SHA-256 over the hashes of the case's own state (which names the ended instances) and
        of every open instance; the same whether ended ones are still stored or not."""
        hashes = {
            id: hashlib.sha256(self._states[id]).hexdigest()
            for id in self.open
            if id not in self._loaded
        }
        saved = self.saved()
        hashes.update((id, saved[id].sha256) for id in ("", *self.open) if id in saved)
        text = "\n".join(f"{id} {hashes[id]}" for id in sorted(hashes))
        return hashlib.sha256(text.encode()).hexdigest()
