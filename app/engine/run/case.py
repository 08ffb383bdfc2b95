"""Owns a running case: commands in, events out, snapshots to keep.

Knows nothing of people, storing or the clock. Any exception leaves a Case unusable: throw it away
and keep nothing of the command. Faults are `engine.errors`; they name the element.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from app.engine.errors import Incident
from app.engine.run import beginning, deadlines, stepping, waiting
from app.engine.run.standing import Standing

if TYPE_CHECKING:
    from app.engine.events import Event
    from app.engine.run.snapshot import Snapshot


class Case(Standing):
    """One case on one deployment; how it stands may be asked between commands."""

    def start(self, process: str, answers: Mapping[str, Any], at: datetime) -> list[Event]:
        """A new instance by hand. Incident when there is no such process or it cannot begin."""
        with self._command(at) as events:
            run = self._instances.new(process)
            beginning.by_hand(run, answers)
        return events

    def complete(
        self,
        task: str,
        answers: Mapping[str, Any],
        at: datetime,
        tells: Iterable[tuple[str, Mapping[str, Any]]] = (),
    ) -> list[Event]:
        """Complete an open user task. NotOpen when it is not open (any more).

        `tells`: (name, payload) of what the answers tell the case; told as by `tell`, when what
        the task led to has come to rest.
        """
        with self._command(at) as events:
            token = waiting.open_task(self._instances.holding(task, awake=True), task)
            token.outcome = dict(answers)
            stepping.complete(token)
            for name, payload in tells:
                self._come_to_rest()
                self._mailbox.tell(name, payload)
        return events

    def message(self, name: str, payload: Mapping[str, Any], at: datetime) -> list[Event]:
        """A message from outside: delivered, starting an instance, or kept for later."""
        with self._command(at) as events:
            self._mailbox.message(name, payload)
        return events

    def tell(self, name: str, payload: Mapping[str, Any], at: datetime) -> list[Event]:
        """A message of the case to itself: to everybody who waits for it now; kept by nobody."""
        with self._command(at) as events:
            self._mailbox.tell(name, payload)
        return events

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
        with self._command(at) as events:
            self._mailbox.signal(name, payload or {}, starts=starts)
        return events

    def wake(self, at: datetime) -> list[Event]:
        """Fire the earliest timer that is due, and only that one; [] when none is."""
        with self._command(at) as events:
            stepping.fire_next(list(self._instances.awake()), at)
        return events

    def stop_timer(
        self,
        timer: str,
        at: datetime,
        *,
        sentence: str,
        element: str | None = None,
        process: str = "",
        until: datetime | None = None,
    ) -> list[Event]:
        """What came of this timer failed: it alone is held, until then or for a person (None).

        `element`, `process`: where it failed. NotOpen when there is no such timer any more.
        """
        with self._command(at) as events:
            run = self._instances.holding(timer)
            stepping.hold(run, timer, stepping.Failed(sentence, element, process), until)
        return events

    def release_timer(self, timer: str, at: datetime) -> list[Event]:
        """A held timer is tried again with the next `wake`. NotOpen when it is not held (any
        more), or sleeps."""
        with self._command(at) as events:
            stepping.release(self._instances.holding(timer, awake=True), timer)
        return events

    def move_deadline(
        self, task: str, due: date | datetime, reason: str, at: datetime
    ) -> list[Event]:
        """Set another due date by hand. NotOpen when the task is not open or has no deadline."""
        with self._command(at) as events:
            run = self._instances.holding(task, awake=True)
            deadlines.move(waiting.begun(run, task), due, reason)
        return events

    def replan(self, at: datetime) -> list[Event]:
        """Work running deadlines and timers out again, after a change of the calendar."""
        with self._command(at) as events:
            stepping.follow_calendar(list(self._instances.running()))
        return events

    def rest(self, at: datetime) -> list[Event]:
        """Put what runs to sleep: no task of it can be done and no timer fires until it goes on.

        Processes with the property `goes_on_when_merged` stay awake, and so does what begins later.
        """
        with self._command(at) as events:
            self._instances.asleep = [
                run.id
                for run in self._instances.running()
                if not run.spec.process.rules.goes_on_when_merged
            ]
        return events

    def go_on(self, at: datetime) -> list[Event]:
        """Wake what sleeps, where it was; timers that passed meanwhile are due now."""
        with self._command(at) as events:
            self._instances.asleep = []
        return events

    def cancel(self, at: datetime, by: str | None = None) -> list[Event]:
        """End all instances; what still runs is withdrawn."""
        with self._command(at) as events:
            for run in list(self._instances.running()):
                run.end("cancelled", by=by)
        return events

    def take_back(
        self, begun: Mapping[str, Any], at: datetime, by: str | None = None
    ) -> list[Event]:
        """End just what a message began (`taking_back.Begun.said`). NotOpen when nothing of it goes
        on any more."""
        with self._command(at) as events:
            self._mailbox.take_back(begun, by)
        return events

    def snapshots(self) -> Mapping[str, Snapshot]:
        """What changed since loading, by instance id."""
        return self._instances.changed()

    def state_hash(self) -> str:
        return self._instances.fingerprint()

    @contextmanager
    def _command(self, at: datetime) -> Iterator[list[Event]]:
        """A turn of its own, whose events are given; at its end everything has come to rest."""
        if at.tzinfo is None:
            raise ValueError("at must be aware")
        turn = self._instances.begin_turn(at)
        try:
            yield turn.events
            self._come_to_rest()
        except RecursionError:
            raise Incident("The process is nested too deeply.") from None
        self._instances.close_ended()
        if not self._instances.open:
            self._mailbox.give_up()

    def _come_to_rest(self) -> None:
        """What a step has all deadlines worked out again for may let conditions come true."""
        turn = self._instances.turn
        stepping.come_to_rest(self._instances.loaded, self._mailbox.offer_again)
        while turn.replans:
            turn.step(turn.replans[0])
            stepping.follow(list(self._instances.running()), turn)
            stepping.come_to_rest(self._instances.loaded, self._mailbox.offer_again)
