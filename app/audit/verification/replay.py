"""Gives a case's orders once more to a fresh engine and compares what follows, order by order.

Same program, calendar and instants must give the same facts and the same state hash. Whether the
history itself is the one that was written is `chain`'s question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from app.audit.entries import Entry
from app.casework import INCIDENT, Again, replayed
from app.engine import (
    TODAY,
    Event,
    Fault,
    MessageUnbuffered,
    Program,
    feel,
    of_engine,
    saying,
    told_since,
    unbounded,
)
from app.engine.feel import Calendar
from app.engine.run import Case
from app.engine.stored_events import as_in

#: digest → program, version or digest → calendar; None when it is not kept
Programs = Callable[[str], Program | None]
Calendars = Callable[[str], Calendar | None]
#: kind of entry → what the engine is given for it once more
_REPLAYED = replayed()
#: verdicts on running a history again
GOOD, TOLD, WRONG = "good", "told", "WRONG"


class Refused(Exception):
    """A deployment is kept as it was, but this release cannot run it; says why in a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What running a history again found."""

    case: str
    #: orders that the engine was given again
    orders: int
    wrong_seq: int | None = None
    sentence: str = ""
    #: what could not be compared as it was meant then, entry by entry; no fault of the history
    told: tuple[str, ...] = ()

    @property
    def good(self) -> bool:
        """Nothing is wrong; what is told is not."""
        return self.wrong_seq is None

    @property
    def word(self) -> str:
        if not self.good:
            return WRONG
        return TOLD if self.told else GOOD


class _Differs(Exception):
    def __init__(self, sentence: str) -> None:
        self.sentence = sentence


class _Told(Exception):
    """From here on the history cannot be run again, which is no fault of it."""

    def __init__(self, sentence: str) -> None:
        self.sentence = sentence


@unbounded()  # what was accepted runs, whoever asks and however much they have asked already
def reexecute(
    case: str,
    history: Iterable[Entry],
    programs: Programs,
    calendars: Calendars,
    *,
    states: Mapping[str, bytes] | None = None,
) -> Replayed:
    """Runs the whole history again. `states`: what is stored now, compared at the end.

    What an older entry means differently today is run as it was meant then; where that is not
    known any more, the entry and the reason are told, and what can be compared still is.
    """
    run = _Run(case, programs, calendars)
    for entry in history:
        if entry.sealed:
            return _destroyed(run, entry)
        try:
            run.take(entry)
        except _Told as told:
            said = f"Entry {entry.seq} ({entry.kind}): {told.sentence}"
            return _partly(run, (*run.told, said), f"From entry {entry.seq} on nothing was run.")
        except _Differs as difference:
            said = f"Entry {entry.seq} ({entry.kind}): {difference.sentence}"
            return Replayed(case=case, orders=run.orders, wrong_seq=entry.seq, sentence=said)
    if states is not None and not run.rests_in(states):
        said = "The state stored now is not the one the history leads to."
        return Replayed(case=case, orders=run.orders, wrong_seq=run.seq, sentence=said)
    if run.told:
        return _partly(run, tuple(run.told), "All others led to the same facts again.")
    all_ = "The one order" if run.orders == 1 else f"All {run.orders} orders"
    said = f"{all_} led to the same facts and the same state again."
    return Replayed(case=case, orders=run.orders, sentence=said)


def _partly(run: _Run, told: tuple[str, ...], rest: str) -> Replayed:
    were = "was" if run.orders == 1 else "were"
    said = f"{saying.count(run.orders, 'order')} {were} run again. {' '.join(told)} {rest}"
    return Replayed(case=run.case, orders=run.orders, sentence=said, told=told)


def _destroyed(run: _Run, entry: Entry) -> Replayed:
    """Destroying a case's key on purpose is no fault; the chain still holds without it. Whether it
    was on purpose is said elsewhere: this cannot know."""
    said = "The content of this case was destroyed, so it cannot be run again."
    return Replayed(case=run.case, orders=run.orders, sentence=said)


class _Run:
    def __init__(self, case: str, programs: Programs, calendars: Calendars) -> None:
        self.case, self._programs, self._calendars = case, programs, calendars
        self._engine: Case | None = None
        self._pinned = ("", "", TODAY)
        self._states: dict[str, bytes] = {}
        self.orders = 0
        self.seq = 0
        self.state = ""
        self.told: list[str] = []

    def take(self, entry: Entry) -> None:
        """Gives the entry's order to the engine, where it was one for the engine. _Differs."""
        self.seq = entry.seq
        if entry.unread and not _only_facts(entry):
            raise _Told(entry.unread[0])
        order = _REPLAYED.get(entry.kind)
        if order is not None and not _aside(entry):
            try:
                self._give(order, entry)
            except _Differs as difference:
                self._excused(entry, difference)
        if entry.state != self.state:
            why = "the state hash it left is not the one this run gives."
            raise _Told(_meant(entry, why)) if _old(entry) else _Differs(why)

    def _give(self, order: Again, entry: Entry) -> None:
        engine = self._ready(entry)
        try:
            events = order(engine, entry)
        except Fault as error:
            self._stopped(entry, f"this time it was refused: {error}")
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            self._stopped(entry, f"its order cannot be given again ({type(error).__name__}).")
        self.orders += 1
        self.state = engine.state_hash()
        if entry.unread:
            self.told.append(f"Entry {entry.seq} ({entry.kind}): {entry.unread[0]}")
        else:
            _compare(entry, events)

    def _stopped(self, entry: Entry, why: str) -> NoReturn:
        """An exception leaves the engine unusable."""
        raise _Told(_meant(entry, why)) if _old(entry) else _Differs(why)

    def _excused(self, entry: Entry, difference: _Differs) -> None:
        """Other facts of an older meaning are told; the state says whether it goes on from here."""
        if not _old(entry):
            raise difference
        said = f"Entry {entry.seq} ({entry.kind}): {_meant(entry, difference.sentence)}"
        self.told.append(said)

    def rests_in(self, states: Mapping[str, bytes]) -> bool:
        definition, calendar_name, meaning = self._pinned
        program, calendar = self._programs(definition), self._calendars(calendar_name)
        if program is None or calendar is None:
            return False
        try:
            stored = Case(
                program, case_id=self.case, calendar=calendar, states=states, meaning=meaning
            )
            return stored.state_hash() == self.state
        except (Fault, KeyError, TypeError, ValueError, AttributeError):
            return False  # a state that no engine has written

    def _ready(self, entry: Entry) -> Case:
        """The engine on the entry's deployment, calendar and meaning; a change of one of them goes
        on from the state reached so far."""
        pinned = (entry.definition, entry.calendar, of_engine(entry.engine))
        if self._engine is not None and pinned == self._pinned:
            return self._engine
        try:
            program, calendar = self._programs(pinned[0]), self._calendars(pinned[1])
        except Refused as error:
            raise _Told(f"this release cannot run its diagrams: {error}") from error
        if program is None:
            raise _Differs("the deployment it ran on is not kept here as it was.")
        if calendar is None:
            raise _Differs("the calendar it was planned by is not kept here as it was.")
        if self._engine is not None:
            self._states |= {
                name: snapshot.state for name, snapshot in self._engine.snapshots().items()
            }
        self._engine = Case(
            program, case_id=self.case, calendar=calendar, states=self._states, meaning=pinned[2]
        )
        self._pinned = pinned
        return self._engine


def _aside(entry: Entry) -> bool:
    """It stopped a whole case or an order, so that the engine never saw it; until timers were held
    one by one, every incident did."""
    return entry.kind == INCIDENT and "timer" not in entry.command


def _only_facts(entry: Entry) -> bool:
    """What cannot be read of it are facts alone: its order can be given again."""
    return entry.sound


def _old(entry: Entry) -> bool:
    """Something it may hang on means something else today, and is not followed."""
    return bool(told_since(of_engine(entry.engine)))


def _meant(entry: Entry, what: str) -> str:
    """What differs, and the changes of meaning since the entry that may be why."""
    since = " ".join(
        f"{change.name}: {change.sentence}" for change in told_since(of_engine(entry.engine))
    )
    return f"{what} It was written under an older meaning; since then changed {since}"


def _compare(entry: Entry, now: Sequence[Event]) -> None:
    then = list(entry.events)
    if entry.kind == "DeliverMessage":
        then = _without_dead_letters(then, len(now))
    for number, (was, is_now) in enumerate(zip(then, now, strict=False), 1):
        if _sealed(was, entry.form) != _sealed(is_now, entry.form):
            names = type(was).__name__, type(is_now).__name__
            what = names[0] if names[0] == names[1] else f"{names[0]}, this time {names[1]}"
            raise _Differs(f"its event {number} ({what}) is not the same this time.")
    if len(then) != len(now):
        raise _Differs(f"it led to {len(then)} events, this time to {len(now)}.")


def _without_dead_letters(events: list[Event], count: int) -> list[Event]:
    """A message to an ended case becomes a dead letter at once, which is no fact of the engine."""
    rest = events[count:]
    dead = all(isinstance(event, MessageUnbuffered) and event.how == "dead" for event in rest)
    return events[:count] if dead else events


def _sealed(event: Event, form: int) -> bytes:
    """The fact in the form that its entry has, so that what came to it later counts on no side."""
    return feel.codec.dumps(as_in(event, form))
