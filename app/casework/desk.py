"""The desk: takes a command, holds the case, lets what is due fire first, then calls its handler.

One transaction and one lock a command; an error leaves the case as it was. What is refused for
reasons an auditor wants to know, and what a loser typed, is kept in a transaction of its own.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from app.casework import deploying, starting
from app.casework.access import CLOCK, Person, Roles, is_system
from app.casework.commands import (
    Activate,
    CaseCommand,
    Command,
    CompleteTask,
    Deploy,
    Done,
    ReplanCase,
    SaveDraft,
    StartCase,
    WakeCase,
)
from app.casework.errors import Conflict, NotFound, Refused
from app.casework.handlers import RULES
from app.casework.held import Held, Room, request_print
from app.casework.incidents import parked
from app.casework.programs import Programs
from app.casework.settings import DeskSettings
from app.casework.tasks import FourEyes, put_draft
from app.casework.trail import Trails
from app.engine.errors import Fault
from app.engine.events import from_dict
from app.engine.feel import codec
from app.store import Clash, Store, StoreFault, Unit, cases, deployments, history, once

_LOG = logging.getLogger(__name__)
#: timers of one case that fire before somebody's command; more wait for the clock
_FIRST = 100


class Desk:
    """Where every order arrives, from pages, the API, the clock or a journey."""

    def __init__(self, store: Store, settings: DeskSettings) -> None:
        self.store = store
        self.settings = settings
        self.room = Room(settings, Programs(), Roles(settings.roles))
        self._kept: set[str] = set()
        #: (person, case, view) → when the last read was written down
        self.reads: dict[tuple[str, str, str], datetime] = {}
        self.lock = threading.Lock()
        self.trails = Trails()

    @property
    def roles(self) -> Roles:
        return self.room.roles

    def do(self, command: Command) -> Done:
        """Carries out the command. Raises `Refused`, `NotFound`, `Conflict`, or a `StoreFault`."""
        if command.at.utcoffset() is None:
            raise ValueError("a command's instant needs a time zone")
        self._keep_calendar(command.at)
        if isinstance(command, CaseCommand):
            return self._in_case(command)
        if isinstance(command, StartCase):
            return self._start(command)
        if isinstance(command, Deploy):
            result = deploying.checked(self.room, command)  # long: before the transaction
            return self._plainly(lambda unit: deploying.deploy(self.room, unit, command, result))
        if isinstance(command, Activate):
            return self._plainly(lambda unit: deploying.activate(self.room, unit, command))
        raise TypeError(f"nobody handles {type(command).__name__}")

    def _plainly(self, handle: Callable[[Unit], Done]) -> Done:
        with self.store.writing() as unit:
            return handle(unit)

    def _start(self, command: StartCase) -> Done:
        for attempt in (1, 2):
            try:
                with self.store.writing() as unit:
                    return self._again(unit, command) or starting.start(self.room, unit, command)
            except Clash:  # the same key at the same moment: the other one's answer is ours
                if attempt == 2:
                    raise
            except Fault as error:
                raise Refused(error.sentence, given=command.given) from error
        raise AssertionError

    def _in_case(self, command: CaseCommand) -> Done:
        try:
            for left in reversed(range(_FIRST)):
                with self.store.writing() as unit:
                    held = self._hold(unit, command)
                    if not (left and self._first_fires(held, command)):
                        return self._handled(held, command)
                self.wake(held.row.id, command.at)
        except FourEyes as refusal:
            self._keep_refusal(command, refusal)
            raise
        except Conflict as conflict:
            raise self._with_draft(command, conflict) from conflict.__cause__
        raise AssertionError

    def _first_fires(self, held: Held, command: CaseCommand) -> bool:
        """What is due fires before what somebody orders, each as a command of its own."""
        return not isinstance(command, WakeCase) and held.overdue(command.at)

    def _hold(self, unit: Unit, command: CaseCommand) -> Held:
        """The case, locked. A case the person may not see does not exist."""
        found = cases.lock(unit, command.case)
        if found is None:
            raise NotFound
        held = Held(self.room, unit, *found)
        rule = RULES[type(command)]
        sight = self.roles.sight(command.actor, held.members)
        if sight == "none" or (sight == "own" and not rule.own):
            raise NotFound
        return held

    def _handled(self, held: Held, command: CaseCommand) -> Done:
        again = self._again(held.unit, command)
        if again is not None:
            return again
        rule = RULES[type(command)]
        if held.row.suspended and not rule.suspended:
            raise Refused("This case is suspended. Nothing can be done in it until it is resumed.")
        try:
            return rule.handle(held, command)
        except Fault as error:
            if is_system(command.actor):
                raise
            given = getattr(command, "given", None)
            raise Refused(error.sentence, given=given) from error

    def _again(self, unit: Unit, command: Command) -> Done | None:
        """The first answer, when this key was used before."""
        if command.key is None:
            return None
        was = once.find(unit, command.actor.id, command.key)
        if was is None:
            return None
        if was.request != request_print(unit, command):
            raise Refused("This form was already sent with other answers.")
        row = cases.find(unit, was.case)
        assert row is not None
        entry = history.some(unit, was.case, [was.seq])[0]
        body = codec.loads(history.content(entry, cases.key_of(unit, was.case)))
        events = tuple(from_dict(one) for one in body["events"])
        return Done(case=row.id, reference=row.reference, seq=was.seq, events=events, replayed=True)

    def _keep_refusal(self, command: CaseCommand, refusal: FourEyes) -> None:
        with self.store.writing() as unit:
            held = self._hold(unit, command)
            said = {"refused": type(command).__name__, "sentence": refusal.sentence}
            task = {"task": command.task} if isinstance(command, CompleteTask) else {}
            held.record(_unkeyed(command), kind="refused", said=said | task)

    def _with_draft(self, command: CaseCommand, conflict: Conflict) -> Conflict:
        """Keeps every word the loser typed, as their draft, and gives it back."""
        if isinstance(command, (CompleteTask, SaveDraft)):
            with self.store.writing() as unit:
                put_draft(self._hold(unit, command), command, command.task, command.given)
            conflict.given = command.given
        return conflict

    def wake(self, case: str, at: datetime) -> Done | None:
        """Fires the case's earliest due timer; a fault stops this case's clock, not the others'."""
        try:
            with self.store.writing() as unit:
                command = WakeCase(actor=CLOCK, at=at, case=case)
                return self._handled(self._hold(unit, command), command)
        except (StoreFault, NotFound, Refused):
            raise
        except Exception as error:
            _LOG.exception("waking a case failed")
            with self.store.writing() as unit:
                command = WakeCase(actor=CLOCK, at=at, case=case)
                return parked(self._hold(unit, command), command, error)

    def wake_due(self, at: datetime, limit: int = 1000) -> list[Done]:
        """Fires what is due anywhere, in due order, each in a transaction of its own."""
        fired: list[Done] = []
        while len(fired) < limit:
            done = self._wake_next(at)
            if done is None:
                break
            fired.append(done)
        return fired

    def _wake_next(self, at: datetime) -> Done | None:
        case: str | None = None
        try:
            with self.store.reading() as unit:
                if not cases.due(unit, at):
                    return None
            with self.store.writing() as unit:
                case = cases.claim_due(unit, at)
                if case is None:
                    return None
                command = WakeCase(actor=CLOCK, at=at, case=case)
                return self._handled(self._hold(unit, command), command)
        except StoreFault:
            raise
        except Exception:
            if case is None:
                raise
            return self.wake(case, at)  # again under the lock, and parked when it fails again

    def replan_outdated(self, at: datetime) -> list[Done]:
        """After a change of the calendar: plans every open case again."""
        self._keep_calendar(at)
        with self.store.reading() as unit:
            found = cases.outdated(unit, self.settings.calendar.version)
        return [self.do(ReplanCase(actor=CLOCK, at=at, case=case)) for case in found]

    def note_read(self, case: str, person: Person, view: str, at: datetime) -> None:
        """Writes down who read what; once a person, case and view in a while."""
        where = (person.id, case, view)
        last = self.reads.get(where)
        again = self.settings.read_again_after
        if is_system(person) or (last is not None and timedelta() <= at - last < again):
            return
        with self.store.writing() as unit:
            found = cases.lock(unit, case)
            if found is not None:
                command = Command(actor=person, at=at)
                Held(self.room, unit, *found).record(command, kind="read", said={"view": view})
        with self.lock:
            if len(self.reads) > 10_000:
                self.reads.clear()
            self.reads[where] = at

    def _keep_calendar(self, at: datetime) -> None:
        """Every calendar a case was ever planned by is kept, for those who check the sums."""
        calendar = self.settings.calendar
        if calendar.version in self._kept:
            return
        content = codec.dumps(dict(calendar.to_dict())).decode()
        with self.store.writing() as unit:
            deployments.put_calendar(unit, calendar.version, content, at)
        self._kept.add(calendar.version)


def _unkeyed(command: CaseCommand) -> Command:
    """A refusal is no answer: the key stays free for a second try."""
    return Command(actor=command.actor, at=command.at)
