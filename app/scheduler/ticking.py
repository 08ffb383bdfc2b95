"""Two jobs: the clock wakes what is due and does what waits in the outbox, the sender sends mail.
APScheduler only knocks.

A mail server that is slow or hangs holds up the sender and no timer. Any number of processes may do
both at once; the database decides who does what.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial

from app import store
from app.casework import Desk, begin_log
from app.config import Mail
from app.scheduler.clock import Clock, SteadyScheduler, now
from app.scheduler.outbox import Outbox
from app.scheduler.sending import sender_of
from app.scheduler.signals import spread
from app.scheduler.sweeping import Sweeper
from app.store import StoreFault

_LOG = logging.getLogger(__name__)
_EVERY_SECONDS = 0.5
_SENDS_EVERY_SECONDS = 1
_HOUR = timedelta(hours=1)
#: how often a process that works says so
_SAY_THERE = timedelta(seconds=10)
#: how soon it is looked again whether anything has to be counted
_COUNTS = timedelta(seconds=2)


class Ticker:
    """What happens at each knock; a fault is written to the log and the next knock tries again."""

    def __init__(
        self,
        desk: Desk,
        outbox: Outbox,
        clock: Callable[[], datetime] = now,
        keep_up: Callable[[], int] | None = None,
    ) -> None:
        self.desk = desk
        self._keep_figures = keep_up
        self.outbox = outbox
        self.clock = clock
        self.sweeper = Sweeper(desk)
        self._kept_up: datetime | None = None
        self._name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
        self._there: datetime | None = None
        self._counted: datetime | None = None

    def begin(self) -> None:
        """What a change of the calendar while we were away made of running deadlines."""
        self._safely("planning again", lambda: self.desk.replan_outdated(self.clock()))
        self._safely("keeping up", self._keep_up)

    def _keep_up(self) -> None:
        """Once an hour: what is needed no more goes; the log takes in what was refused."""
        at = self.clock()
        if self._kept_up is not None and timedelta() <= at - self._kept_up < _HOUR:
            return
        self.sweeper.sweep_leftovers(at)
        begin_log(self.desk.installation, self.desk.store, at)
        self._kept_up = at.replace(minute=0, second=0, microsecond=0)

    def _say_there(self) -> None:
        """For who watches: this process works."""
        at = self.clock()
        if self._there is None or abs(at - self._there) >= _SAY_THERE:
            with self.desk.store.writing() as unit:
                store.queries.condition.works(unit, self._name, at)
            self._there = at

    def _count(self) -> None:
        """The figures follow what has changed, as long as it takes, a little at each knock."""
        at = self.clock()
        if self._keep_figures is None or (
            self._counted is not None and timedelta() <= at - self._counted < _COUNTS
        ):
            return
        self._counted = None if self._keep_figures() else at

    def tick(self) -> None:
        self._safely("saying that it works", self._say_there)
        self._safely("keeping up", self._keep_up)
        self._safely("waking", lambda: self.desk.wake_due(self.clock()))
        self._safely("taking in reads", lambda: self.desk.take_in_reads(self.clock()))
        self._safely("looking for stalls", lambda: self.desk.look_for_stalls(self.clock()))
        self._safely("indexing", self.sweeper.index)
        self._safely("the outbox", lambda: self.outbox.deliver(self.clock()))
        self._safely("sweeping", lambda: self.sweeper.sweep(self.clock()))
        self._safely("the figures", self._count)

    def _safely(self, what: str, do: Callable[[], object]) -> None:
        try:
            do()
        except StoreFault as error:  # no news of ours, and said often: without its trace
            _LOG.warning("%s failed: %s It is tried again.", what, error.sentence)
        except Exception:
            _LOG.exception("%s failed; the next tick tries again", what)


@contextmanager
def ticking(
    desk: Desk, mail: Mail, title: str = "Rapid Review", keep_up: Callable[[], int] | None = None
) -> Iterator[Ticker]:
    """Ticks and sends in the background until the block ends; what is under way then comes to an
    end, or is cut off where a mail server hangs."""
    stopping, clock = threading.Event(), Clock(desk.store)
    ticker = Ticker(desk, Outbox(desk, mail, partial(spread, desk)), clock, keep_up)
    sender = sender_of(desk, mail, clock, title, stopping)
    scheduler = SteadyScheduler(timezone=UTC)
    for knock, seconds in ((ticker.tick, _EVERY_SECONDS), (sender.knock, _SENDS_EVERY_SECONDS)):
        scheduler.add_job(
            knock,
            "interval",
            seconds=seconds,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
        )
    # A tick that takes longer than half a second is no news: the next one does the rest.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    ticker.begin()
    scheduler.start()
    try:
        yield ticker
    finally:
        stopping.set()
        scheduler.shutdown(wait=True)
