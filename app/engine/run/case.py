"""Owns a running case: commands in, events out, snapshots to keep.

Knows nothing of people, storing or the clock. Any exception leaves a Case unusable: throw it away
and keep nothing of the command. Faults are `engine.errors`; they name the element.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from app.engine.errors import Incident, NotOpen
from app.engine.meaning import TODAY
from app.engine.run import around, beginning, catching, deadlines, graph, stepping, waiting
from app.engine.run.mailbox import Mailbox
from app.engine.run.turn import Turn

if TYPE_CHECKING:
    from app.engine.events import Event
    from app.engine.feel import Calendar
    from app.engine.program import Program
    from app.engine.run.elements.base import Instance
    from app.engine.run.elements.tokens import Token
    from app.engine.run.snapshot import Snapshot


class Case:
    """One case on one deployment.

    `states`: instance id → stored state, "" the case's own; states of ended instances may be left
    out. Every `at` is aware. `meaning`: an older one, to run an old history again as it was meant.
    """

    def __init__(
        self,
        program: Program,
        *,
        case_id: str,
        calendar: Calendar,
        states: Mapping[str, bytes] | None = None,
        meaning: int = TODAY,
    ) -> None:
        self.case_id = case_id
        self._meaning = meaning
        self._program = program
        self._calendar = calendar
        self._turn = self._turn_at(datetime.min.replace(tzinfo=UTC))
        self._mailbox = Mailbox.of(program, states or {}, self._turn)
        self._instances = self._mailbox.instances

    # commands

    def start(self, process: str, answers: Mapping[str, Any], at: datetime) -> list[Event]:
        """A new instance by hand. Incident when there is no such process or it cannot begin."""
        with self._command(at) as turn:
            run = self._instances.new(process, turn, self._mailbox)
            beginning.by_hand(run, answers)
        return turn.events

    def complete(self, task: str, answers: Mapping[str, Any], at: datetime) -> list[Event]:
        """Complete an open user task. NotOpen when it is not open (any more)."""
        with self._command(at) as turn:
            token = waiting.open_task(self._awake_holding(task), task)
            token.outcome = dict(answers)
            token.complete()
        return turn.events

    def message(self, name: str, payload: Mapping[str, Any], at: datetime) -> list[Event]:
        """A message from outside: delivered, starting an instance, or kept for later."""
        with self._command(at) as turn:
            self._mailbox.message(name, payload)
        return turn.events

    def tell(self, name: str, payload: Mapping[str, Any], at: datetime) -> list[Event]:
        """A message of the case to itself: to everybody who waits for it now; kept by nobody."""
        with self._command(at) as turn:
            self._mailbox.tell(name, payload)
        return turn.events

    def signal(
        self,
        name: str,
        at: datetime,
        payload: Mapping[str, Any] | None = None,
        *,
        starts: bool = True,
    ) -> list[Event]:
        """A signal from outside, to everybody who waits for it.

        `starts`: it also starts the processes that begin with it; one that another case sent has
        done so there.
        """
        with self._command(at) as turn:
            self._mailbox.signal(name, payload or {}, starts=starts)
        return turn.events

    def wake(self, at: datetime) -> list[Event]:
        """Fire the earliest timer that is due, and only that one; [] when none is."""
        with self._command(at) as turn:
            stepping.fire_next(self._awake(), turn.at)
        return turn.events

    def move_deadline(
        self, task: str, due: date | datetime, reason: str, at: datetime
    ) -> list[Event]:
        """Set another due date by hand. NotOpen when the task is not open or has no deadline."""
        with self._command(at) as turn:
            deadlines.move(waiting.begun(self._awake_holding(task), task), due, reason)
        return turn.events

    def replan(self, at: datetime) -> list[Event]:
        """Work running deadlines and timers out again, after a change of the calendar."""
        with self._command(at) as turn:
            for run in self._running():
                deadlines.replan_all(run, "calendar")
        return turn.events

    def rest(self, at: datetime) -> list[Event]:
        """Put what runs to sleep: no task of it can be done and no timer fires until it goes on.

        Processes with the property `goes_on_when_merged` stay awake, and so does what begins later.
        """
        with self._command(at) as turn:
            self._instances.asleep = [
                run.id for run in self._running() if not run.spec.process.rules.goes_on_when_merged
            ]
        return turn.events

    def go_on(self, at: datetime) -> list[Event]:
        """Wake what sleeps, where it was; timers that passed meanwhile are due now."""
        with self._command(at) as turn:
            self._instances.asleep = []
        return turn.events

    def cancel(self, at: datetime, by: str | None = None) -> list[Event]:
        """End all instances; what still runs is withdrawn."""
        with self._command(at) as turn:
            for run in self._running():
                run.end("cancelled", by=by)
        return turn.events

    # reads

    def next_due(self) -> datetime | None:
        """The earliest instant at which `wake` has something to do, in UTC."""
        return stepping.next_due(self._awake())

    def snapshots(self) -> Mapping[str, Snapshot]:
        """What changed since loading, by instance id."""
        return self._instances.changed()

    def state_hash(self) -> str:
        return self._instances.fingerprint()

    def waiting(self) -> list[waiting.Waiting]:
        return [wait for run in self._running() for wait in waiting.told(run)]

    def open_tasks(self) -> list[str]:
        """Ids of the user tasks that can be completed now."""
        return [wait.name for wait in self.waiting() if wait.kind == "task" and wait.name]

    def asleep(self) -> frozenset[str]:
        """Ids of the instances that sleep."""
        return frozenset(self._instances.asleep)

    def hears(self, message: str) -> bool:
        """Whether something awake waits for it."""
        return any(
            wait for run in self._awake() for wait in catching.all_waits(run, "message", message)
        )

    def declared(self) -> list[dict[str, Any]]:
        """What the running processes, called ones too, hold: {"process": id, "variables": …}."""
        return [process for run in self._running() for process in waiting.declared(run)]

    def around(self, task: str) -> tuple[around.Level, ...]:
        """Where the open task lies: its own scope first, then each around it. NotOpen."""
        return around.levels(self._begun(task))

    def lies_in(self, task: str) -> str:
        """The runs around the open task; see `around`. "" once it is not open any more."""
        try:
            return around.lies_in(self._begun(task))
        except NotOpen:
            return ""

    def variables(self, task: str) -> dict[str, Any]:
        """The workflow variables as that task sees them. NotOpen."""
        return waiting.seen_by(self._begun(task))

    # inside

    @contextmanager
    def _command(self, at: datetime) -> Iterator[Turn]:
        """A turn of its own; at its end everything has come to rest."""
        if at.tzinfo is None:
            raise ValueError("at must be aware")
        turn = self._turn = self._mailbox.turn = self._turn_at(at.astimezone(UTC))
        for run in self._instances.loaded():
            run.turn = turn
        try:
            yield turn
            self._come_to_rest(turn)
        except RecursionError:
            raise Incident("The process is nested too deeply.") from None
        self._instances.close_ended()
        if not self._instances.open:
            self._mailbox.give_up()

    def _turn_at(self, at: datetime) -> Turn:
        spec_of = partial(graph.spec_of, self._program)
        return Turn(self._program, self._calendar, spec_of, at, meaning=self._meaning)

    def _come_to_rest(self, turn: Turn) -> None:
        """What a step has all deadlines worked out again for may let conditions come true."""
        stepping.come_to_rest(self._instances.loaded, self._mailbox.offer_again)
        while turn.replans:
            turn.step(turn.replans[0])
            stepping.follow(self._running(), turn)
            stepping.come_to_rest(self._instances.loaded, self._mailbox.offer_again)

    def _running(self) -> list[Instance]:
        return list(self._instances.running(self._turn, self._mailbox))

    def _awake(self) -> list[Instance]:
        return list(self._instances.awake(self._turn, self._mailbox))

    def _awake_holding(self, task: str) -> Instance:
        """The instance a task belongs to. NotOpen, also while it sleeps."""
        run = self._holding(task)
        if run.id in self._instances.asleep:
            raise NotOpen("The process of this task rests.")
        return run

    def _holding(self, task: str) -> Instance:
        """The instance a task or activity belongs to. NotOpen."""
        return self._instances.one(task.rpartition("-")[0], self._turn, self._mailbox)

    def _begun(self, task: str) -> Token:
        """The token of an open task or activity. NotOpen."""
        return waiting.begun(self._holding(task), task)
