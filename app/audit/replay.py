"""Gives a case's orders once more to a fresh engine and compares what follows, order by order.

Same program, calendar and instants must give the same facts and the same state hash. Whether the
history itself is the one that was written is `chain`'s question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.audit.entries import Entry
from app.casework.merging import LET_GO, TOOK_IN
from app.engine.drawing.program import Program
from app.engine.errors import Fault
from app.engine.events import Event, MessageUnbuffered, to_dict
from app.engine.feel import Calendar, codec
from app.engine.run import Case

#: digest → program, version → calendar; None when it is not kept
Programs = Callable[[str], Program | None]
Calendars = Callable[[str], Calendar | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What running a history again found."""

    case: str
    #: orders that the engine was given again
    orders: int
    wrong_seq: int | None = None
    sentence: str = ""

    @property
    def good(self) -> bool:
        return self.wrong_seq is None


class _Differs(Exception):
    def __init__(self, sentence: str) -> None:
        self.sentence = sentence


def reexecute(
    case: str,
    history: Iterable[Entry],
    programs: Programs,
    calendars: Calendars,
    *,
    states: Mapping[str, bytes] | None = None,
) -> Replayed:
    """Runs the whole history again. `states`: what is stored now, compared at the end."""
    run = _Run(case, programs, calendars)
    for entry in history:
        if entry.sealed:
            # Destroying a case's key on purpose is no fault; the chain still holds without it.
            said = "The content of this case was destroyed, so it cannot be run again."
            return Replayed(case=case, orders=run.orders, sentence=said)
        try:
            run.take(entry)
        except _Differs as difference:
            said = f"Entry {entry.seq} ({entry.kind}): {difference.sentence}"
            return Replayed(case=case, orders=run.orders, wrong_seq=entry.seq, sentence=said)
    if states is not None and not run.rests_in(states):
        said = "The state stored now is not the one the history leads to."
        return Replayed(case=case, orders=run.orders, wrong_seq=run.seq, sentence=said)
    said = f"All {run.orders} orders led to the same facts and the same state again."
    return Replayed(case=case, orders=run.orders, sentence=said)


class _Run:
    def __init__(self, case: str, programs: Programs, calendars: Calendars) -> None:
        self._case, self._programs, self._calendars = case, programs, calendars
        self._engine: Case | None = None
        self._pinned = ("", "")
        self._states: dict[str, bytes] = {}
        self.orders = 0
        self.seq = 0
        self.state = ""

    def take(self, entry: Entry) -> None:
        """Gives the entry's order to the engine, where it was one for the engine. _Differs."""
        self.seq = entry.seq
        order = _ORDERS.get(entry.kind)
        if order is not None:
            engine = self._ready(entry)
            try:
                events = order(engine, entry)
            except (Fault, KeyError) as error:
                raise _Differs(f"this time it was refused: {error}") from error
            self.orders += 1
            _compare(entry, events)
            self.state = engine.state_hash()
        if entry.state != self.state:
            raise _Differs("the state hash it left is not the one this run gives.")

    def rests_in(self, states: Mapping[str, bytes]) -> bool:
        program, calendar = self._programs(self._pinned[0]), self._calendars(self._pinned[1])
        if program is None or calendar is None:
            return False
        stored = Case(program, case_id=self._case, calendar=calendar, states=states)
        return stored.state_hash() == self.state

    def _ready(self, entry: Entry) -> Case:
        """The engine on the entry's deployment and calendar; a change of either goes on from the
        state reached so far."""
        pinned = (entry.definition, entry.calendar)
        if self._engine is not None and pinned == self._pinned:
            return self._engine
        program, calendar = self._programs(pinned[0]), self._calendars(pinned[1])
        if program is None:
            raise _Differs("the deployment it ran on is not kept here.")
        if calendar is None:
            raise _Differs("the calendar it was planned by is not kept here.")
        if self._engine is not None:
            self._states |= {name: one.state for name, one in self._engine.snapshots().items()}
        self._engine = Case(program, case_id=self._case, calendar=calendar, states=self._states)
        self._pinned = pinned
        return self._engine


def _compare(entry: Entry, now: Sequence[Event]) -> None:
    then = list(entry.events)
    if entry.kind == "DeliverMessage":
        then = _without_dead_letters(then, len(now))
    for number, (was, is_now) in enumerate(zip(then, now, strict=False), 1):
        if _sealed(was) != _sealed(is_now):
            names = type(was).__name__, type(is_now).__name__
            what = names[0] if names[0] == names[1] else f"{names[0]}, this time {names[1]}"
            raise _Differs(f"its event {number} ({what}) is not the same this time.")
    if len(then) != len(now):
        raise _Differs(f"it led to {len(then)} events, this time to {len(now)}.")


def _without_dead_letters(events: list[Event], count: int) -> list[Event]:
    """A message to an ended case becomes a dead letter at once, which is no fact of the engine."""
    rest = events[count:]
    dead = all(isinstance(one, MessageUnbuffered) and one.how == "dead" for one in rest)
    return events[:count] if dead else events


def _sealed(event: Event) -> bytes:
    return codec.dumps(to_dict(event))


def _start(engine: Case, entry: Entry) -> list[Event]:
    return engine.start(entry.command["process"], entry.command["answers"], entry.at)


def _complete(engine: Case, entry: Entry) -> list[Event]:
    return engine.complete(entry.command["task"], entry.command["answers"], entry.at)


def _message(engine: Case, entry: Entry) -> list[Event]:
    return engine.message(entry.command["message"], entry.command["payload"], entry.at)


def _signal(engine: Case, entry: Entry) -> list[Event]:
    command = entry.command
    return engine.signal(command["signal"], entry.at, command["payload"], starts=False)


def _wake(engine: Case, entry: Entry) -> list[Event]:
    return engine.wake(entry.at)


def _move(engine: Case, entry: Entry) -> list[Event]:
    command = entry.command
    return engine.move_deadline(command["task"], command["due"], command["reason"], entry.at)


def _replan(engine: Case, entry: Entry) -> list[Event]:
    return engine.replan(entry.at)


def _rest(engine: Case, entry: Entry) -> list[Event]:
    return engine.rest(entry.at)


def _go_on(engine: Case, entry: Entry) -> list[Event]:
    return engine.go_on(entry.at)


def _tell(engine: Case, entry: Entry) -> list[Event]:
    return engine.tell(entry.command["message"], entry.command["payload"], entry.at)


def _cancel(engine: Case, entry: Entry) -> list[Event]:
    return engine.cancel(entry.at, by=entry.actor or None)


_ORDERS: dict[str, Callable[[Case, Entry], Any]] = {
    "StartCase": _start,
    "CompleteTask": _complete,
    "DeliverMessage": _message,
    "DeliverSignal": _signal,
    "WakeCase": _wake,
    "MoveDeadline": _move,
    "ReplanCase": _replan,
    "Merge": _rest,
    "Unmerge": _go_on,
    TOOK_IN: _tell,
    LET_GO: _tell,
    "Cancel": _cancel,
}
