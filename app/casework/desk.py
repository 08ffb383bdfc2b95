"""The desk: takes a command, holds the case, lets what is due fire first, then calls its handler.

One transaction and one lock a command; an error leaves the case as it was. What is refused for
reasons an auditor wants to know and what a loser typed is kept in a transaction of its own; who
read what is `reads`'.
"""

from __future__ import annotations

import logging
from datetime import datetime
from functools import partial

from app import store
from app.casework.access import CLOCK, SYSTEM, Person, Roles
from app.casework.cases import (
    Installation,
    LockedCase,
    LogKind,
    Programs,
    log_entry,
    put_draft,
)
from app.casework.commands import (
    CaseCommand,
    Command,
    CompleteTask,
    Done,
    ReplanCase,
    SaveDraft,
    WakeCase,
)
from app.casework.errors import CaseworkError, Conflict, Refused
from app.casework.orders import (
    ORDERS,
    FourEyes,
    Reads,
    again,
    answered,
    handled,
    hold,
    look_for_stalls,
    noted,
    wake,
    wake_due,
    with_print,
)
from app.casework.settings import DeskSettings
from app.engine import (
    DecisionFault,
    ExpressionFault,
    Fault,
    Incident,
    OutOfTime,
    Spent,
    budget,
    take,
)
from app.store import Clash, Look, Rows, Sealed, Store, Unit, WrongKey

_LOG = logging.getLogger(__name__)
#: timers of one case that fire before somebody's command; more wait for the clock
_FIRST = 100
#: causes of a refusal that lie in the drawing, not in what somebody ordered
UNCARRIED = (Incident, ExpressionFault, DecisionFault)


class Desk:
    """Where every order arrives, from pages, the API, the clock or a journey."""

    def __init__(self, store: Store, settings: DeskSettings) -> None:
        self.store = store
        self.installation = Installation.of(settings, Programs())
        self.reads = Reads()
        self._named: set[tuple[str, str]] = set()

    @property
    def settings(self) -> DeskSettings:
        return self.installation.settings

    @settings.setter
    def settings(self, settings: DeskSettings) -> None:
        """A changed calendar or changed roles; running deadlines follow by `replan_outdated`."""
        self.installation = Installation.of(settings, self.installation.programs)

    @property
    def roles(self) -> Roles:
        return self.installation.roles

    def do(self, command: Command, look: Look | None = None) -> Done:
        """Carries out the command. Raises `Refused`, `NotFound`, `Conflict`, or a `StoreFault`.

        `look`: in which it was seen who gives it, where that is an order about a case.
        """
        if command.at.utcoffset() is None:
            raise ValueError("a command's instant needs a time zone")
        self._keep_named(command.at)
        if isinstance(command, CaseCommand):
            return with_print(partial(self._in_case, look), command)
        if type(command) not in ORDERS:
            raise TypeError(f"nobody handles {type(command).__name__}")
        try:
            return self._at_once(command)
        except Fault as error:
            raise Refused(error.sentence, given=getattr(command, "given", None)) from error

    def _at_once(self, command: Command) -> Done:
        """An order about no case that is there yet."""
        order = ORDERS[type(command)]
        prepared = []
        if order.before is not None:  # long: before the transaction
            order.demand(self.roles, command)
            prepared = [order.before(self.installation, self.store, command)]

        def handle() -> Done:
            with self.store.writing() as unit, budget():
                first = again(unit, command)
                if first is not None:
                    return first
                order.demand(self.roles, command, self.installation, unit)
                done = order.handle(self.installation, unit, command, *prepared)
                take()
                return done

        try:
            return handle()
        except (Clash, OutOfTime):  # the same order at the same moment, or a machine that stood
            return handle()  # still: look again, and say what came of it

    def _in_case(self, look: Look | None, command: CaseCommand) -> Done:
        try:
            return self._held(look, command)
        except OutOfTime:  # a machine that stood still is no fault of the order
            return self._held(look, command, last=True)

    def _held(self, look: Look | None, command: CaseCommand, *, last: bool = False) -> Done:
        try:
            for left in reversed(range(_FIRST)):
                with self.store.writing(look) as unit, budget():
                    locked = hold(self.installation, unit, command)
                    first = _first_fires(locked, command) if left else None
                    if first is None:
                        return answered(unit, command, locked.once) or handled(locked, command)
                self.wake(first, command.at)
        except FourEyes as refusal:
            self._keep_refusal(command, refusal)
            raise
        except Spent as spent:
            if isinstance(spent, OutOfTime) and not last:
                raise
            if not spent.busy:
                with self.store.writing() as unit:
                    noted(hold(self.installation, unit, command), command, spent)
            raise Refused(spent.sentence, given=getattr(command, "given", None)) from spent
        except Refused as refusal:
            fault = refusal.__cause__
            if isinstance(fault, UNCARRIED):
                with self.store.writing() as unit:
                    locked = hold(self.installation, unit, command)
                    if locked.beside is None:  # of two cases it may lie in either
                        noted(locked, command, fault)
            raise
        except Conflict as conflict:
            raise self._with_draft(command, conflict) from conflict.__cause__
        raise AssertionError

    def _keep_refusal(self, command: CaseCommand, refusal: FourEyes) -> None:
        """A refusal is no answer to the key: it stays free for a second try."""
        said = {"refused": type(command).__name__, "sentence": refusal.sentence}
        task = {"task": command.task} if isinstance(command, CompleteTask) else {}
        unkeyed = Command(actor=command.actor, at=command.at)
        with self.store.writing() as unit:
            locked = hold(self.installation, unit, command)
            locked.acting_for = refusal.acting_for
            locked.record(unkeyed, kind="refused", said=said | task)

    def _with_draft(self, command: CaseCommand, conflict: Conflict) -> Conflict:
        """Keeps every word the loser typed, as their draft, and gives it back."""
        if isinstance(command, (CompleteTask, SaveDraft)):
            with self.store.writing() as unit:
                put_draft(hold(self.installation, unit, command), command)
            conflict.given = command.given
        return conflict

    def wake(self, case: str, at: datetime) -> Done:
        """Fires the case's earliest due timer."""
        self._keep_named(at)
        return wake(self.store, self.installation, case, at)

    def wake_due(self, at: datetime, limit: int = 1000) -> list[Done]:
        """Fires what is due anywhere, in due order, each in a transaction of its own."""
        self._keep_named(at)
        return wake_due(self.store, self.installation, at, limit)

    def look_for_stalls(self, at: datetime, most: int = 50) -> int:
        """Looks what stands for ever in cases of which nobody has looked yet, as after an upgrade;
        every other case says so itself. Gives how many it looked at."""
        return look_for_stalls(self.store, self.installation, at, most)

    def replan_outdated(self, at: datetime) -> list[Done]:
        """After a change of the calendar: plans every open case again, each by itself. One that
        cannot be opened, or run, stays as it was, and is tried again by who calls this again."""
        with self.store.reading() as unit:
            ids = store.cases.outdated(unit, self.settings.calendar.version)
        planned = []
        for case in ids:
            try:
                planned.append(self.do(ReplanCase(actor=CLOCK, at=at, case=case)))
            except (CaseworkError, Sealed, WrongKey) as error:
                _LOG.error("a case is not planned again: %s (%s)", case, type(error).__name__)
        return planned

    def note_read(self, case: str, person: Person, view: str, at: datetime) -> None:
        """Writes down who read what; once a person, case and view in a while."""
        self._keep_named(at)
        self.reads.note(self.store, self.installation, case, person, view, at)

    def take_in_reads(self, at: datetime) -> int:
        """Makes entries of reads that were kept beside a case while an order held it."""
        self._keep_named(at)
        return self.reads.take_in(self.store, self.installation)

    def _keep_named(self, at: datetime) -> None:
        """Keeps what histories will name by its hash: each calendar and all settings in force."""
        settings = self.settings
        if settings.digests in self._named:
            return
        calendar, in_force = settings.kept_calendar, settings.in_force
        with self.store.writing() as unit:
            store.deployments.put_calendar(unit, settings.calendar.version, calendar.text, at)
            if store.deployments.put_settings(unit, in_force.digest, in_force.text, at):
                self._told_settings(unit, in_force.digest, at)
        self._named.add(settings.digests)

    def _told_settings(self, unit: Unit, digest: str, at: datetime) -> None:
        """In the installation's log: other settings decide from here on."""
        rows = [Rows("settings", {"digest": digest})]
        said = {"settings": digest}
        log_entry(self.installation, unit, LogKind.SETTINGS, SYSTEM, at, said, rows=rows)


def _first_fires(locked: LockedCase, command: CaseCommand) -> str | None:
    """Id of the case, of those that the order is about, in which something is due already: that
    fires before what somebody orders, as a command of its own."""
    if isinstance(command, WakeCase):
        return None
    both = (locked, locked.beside)
    return next((case.row.id for case in both if case and case.overdue(command.at)), None)
