"""The stage of a journey: a desk, a clock turned by hand, and what its cases have been through.

Everything goes through the same commands as pages and the waker use. What a step means is
`player`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, time

from app import store
from app.casework import (
    SYSTEM,
    Command,
    Desk,
    Done,
    Merge,
    ReplanCase,
    StartCase,
    Unmerge,
)
from app.engine import LONDON, Fault, Program, nearest
from app.engine.feel import Calendar, World
from app.journeys.file import CalendarChange, JourneyFault
from app.journeys.stage.ledger import Ledger
from app.journeys.stage.questions import active_program
from app.scheduler.signals import spread_waiting

#: timers that may fire in one turn of the clock before we say that it does not end
_MOST_TIMERS = 20_000


class Stage:
    def __init__(self, desk: Desk, start: datetime, change: CalendarChange | None = None) -> None:
        self.desk = desk
        self.now = start
        self.timers = 0
        #: case id → what happened in it; names of the journey lead to ids in `names`
        self.ledgers: dict[str, Ledger] = {}
        self.names: dict[str, str] = {}
        self.last: str | None = None
        #: elements at which a case may stop; and where one did
        self.stops: set[str] = set()
        self.stopped: set[str] = set()
        #: called whenever a case has moved: for steps that nobody's journey does
        self.settle: Callable[[], None] = lambda: None
        #: a signal was sent that may be on its way to other cases
        self._signalled = False
        self._announced: tuple[datetime, Calendar] | None = None
        if change is not None:
            self._announce(change)
        self.program: Program = active_program(desk)

    @property
    def calendar(self) -> Calendar:
        return self.desk.settings.calendar

    def world(self) -> World:
        return World(now=self.now, calendar=self.calendar)

    def case(self, name: str | None) -> str:
        """The id of a case by its name in the journey; None: the last one. JourneyFault."""
        if name is None:
            if self.last is None:
                raise JourneyFault("No case was started yet.")
            return self.last
        if name not in self.names:
            near = nearest(name, self.names)
            hint = f" Did you mean “{near}”?" if near else ""
            raise JourneyFault(f"No case is called “{name}”.{hint}")
        return self.names[name]

    def ledger(self, name: str | None = None) -> Ledger:
        return self.ledgers[self.case(name)]

    def do(self, command: Command, name: str | None = None) -> Done:
        """Carries out the command and all that is due at once after it."""
        done = self.desk.do(command)
        if not done.case:  # about people, not about a case
            return done
        if isinstance(command, StartCase):
            self.ledgers[done.case] = Ledger(done.reference, self.program)
            self.last = done.case
            self.names[name or done.reference] = done.case
            self.names.setdefault(done.reference, done.case)
        about_two = isinstance(command, Merge | Unmerge)
        for case in list(self.ledgers) if about_two else [done.case]:
            self._read_on(case)
        self._spread()
        self.settle()
        self.turn(self.now)
        return done

    def _spread(self) -> None:
        """Signals on their way to other cases arrive; one may lead to others."""
        while self._signalled:
            self._signalled = False
            if spread_waiting(self.desk, self.now):
                for case in list(self.ledgers):
                    self._read_on(case)

    def turn(self, to: datetime) -> None:
        """Moves the clock; all that falls due on the way fires, in order, at its own instant."""
        for _ in range(_MOST_TIMERS):
            waits = self._next()
            change = self._announced
            if change is not None and change[0] <= to and (not waits or change[0] <= waits[0]):
                self._change(*change)
            elif waits and waits[0] <= to:
                self._wake(waits[1], waits[0])
            else:
                self.now = max(self.now, to)
                return
        raise JourneyFault("Timers fire again and again without an end.")

    def members(self, case: str) -> Mapping[str, bool]:
        with self.desk.store.reading() as unit:
            return store.cases.members(unit, case)

    def _next(self) -> tuple[datetime, str] | None:
        """The earliest instant one of our cases waits for."""
        with self.desk.store.reading() as unit:
            rows = [store.cases.find(unit, case) for case in self.ledgers]
        waits = [(row.wake_at, row.id) for row in rows if row and row.wake_at is not None]
        return min(waits, default=None)

    def _wake(self, case: str, due: datetime) -> None:
        self.now = max(self.now, due)
        self.timers += 1
        try:
            self.desk.wake(case, self.now)
        except Fault as error:
            raise JourneyFault(f"A timer could not fire: {error.sentence}") from error
        self._read_on(case)
        self._spread()
        self.settle()

    def _read_on(self, case: str) -> None:
        """Takes in what was written since. An incident stops the journey, unless it expects one."""
        with self.desk.store.reading() as unit:
            self._signalled |= self.ledgers[case].read_on(unit, case, self.stops, self.stopped)

    def _announce(self, change: CalendarChange) -> None:
        now = self.calendar
        region = change.region or now.region
        before = now
        if region != now.region:
            before = Calendar.of(region, now.closed, called=now.called, named=now.named)
        closed = {**before.closed, **dict.fromkeys(change.closed, "")}
        after = Calendar.from_dict(
            {**before.to_dict(), "closed": {day.isoformat(): why for day, why in closed.items()}}
        )
        if change.declared is None:
            self._use(after)
            return
        self._use(before)
        known = datetime.combine(change.declared, time(), LONDON).astimezone(UTC)
        self._announced = (known, after)

    def _use(self, calendar: Calendar) -> None:
        programs = self.desk.installation.programs
        self.desk = Desk(self.desk.store, replace(self.desk.settings, calendar=calendar))
        self.desk.installation = replace(self.desk.installation, programs=programs)

    def _change(self, at: datetime, calendar: Calendar) -> None:
        """The closures become known: running deadlines of our cases are planned again."""
        self._announced = None
        self.now = max(self.now, at)
        self._use(calendar)
        for case in list(self.ledgers):
            with self.desk.store.reading() as unit:
                row = store.cases.find(unit, case)
            if row is not None and row.ended_at is None:
                self.desk.do(ReplanCase(actor=SYSTEM, at=self.now, case=case))
                self._read_on(case)
