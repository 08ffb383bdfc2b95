"""One ticking job: wakes what is due, then sends what waits. APScheduler only knocks.

Any number of processes may tick at once; the database decides who does what.
"""

from __future__ import annotations

import logging
import os
import secrets
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial

from apscheduler.schedulers.background import BackgroundScheduler

from app import store
from app.casework import Desk
from app.casework.cases.installation_log import begin
from app.config import Mail
from app.scheduler.clock import Clock, now
from app.scheduler.notices import send_notices
from app.scheduler.outbox import Outbox, by_smtp
from app.scheduler.signals import spread
from app.store import StoreFault

_LOG = logging.getLogger(__name__)
_EVERY_SECONDS = 0.5
#: how long a repeated request gets its first answer
_KEYS_LAST = timedelta(days=30)
#: longer than any failure to sign in counts
_FAILURES_LAST = timedelta(days=7)
_HOUR = timedelta(hours=1)
#: how often a process that works says so
_SAY_THERE = timedelta(seconds=10)


class Ticker:
    """What happens at each knock; a fault is written to the log and the next knock tries again."""

    def __init__(self, desk: Desk, outbox: Outbox, clock: Callable[[], datetime] = now) -> None:
        self.desk = desk
        self.outbox = outbox
        self.clock = clock
        self._kept_up: datetime | None = None
        self._name = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"
        self._there: datetime | None = None

    def begin(self) -> None:
        """What a change of the calendar while we were away made of running deadlines."""
        self._safely("planning again", lambda: self.desk.replan_outdated(self.clock()))
        self._safely("keeping up", self._keep_up)

    def _keep_up(self) -> None:
        """Once an hour: keys and failures that count no more go; the log takes in what was
        refused."""
        at = self.clock()
        if self._kept_up is not None and timedelta() <= at - self._kept_up < _HOUR:
            return
        with self.desk.store.writing() as unit:
            store.chain.idempotency.forget(unit, at - _KEYS_LAST)
            store.people.accounts.sweep(unit, at - _FAILURES_LAST)
        begin(self.desk.installation, self.desk.store, at)
        self._kept_up = at.replace(minute=0, second=0, microsecond=0)

    def _say_there(self) -> None:
        """For who watches: this process works."""
        at = self.clock()
        if self._there is None or abs(at - self._there) >= _SAY_THERE:
            with self.desk.store.writing() as unit:
                store.queries.condition.works(unit, self._name, at)
            self._there = at

    def tick(self) -> None:
        self._safely("saying that it works", self._say_there)
        self._safely("keeping up", self._keep_up)
        self._safely("waking", lambda: self.desk.wake_due(self.clock()))
        self._safely("looking for stalls", lambda: self.desk.look_for_stalls(self.clock()))
        self._safely("sending", lambda: self.outbox.deliver(self.clock()))
        self._safely("telling people", self._tell)

    def _tell(self) -> int:
        box = self.outbox
        return send_notices(self.desk, box.mail, box.send, self.clock())

    def _safely(self, what: str, do: Callable[[], object]) -> None:
        try:
            do()
        except StoreFault as error:  # no news of ours, and said often: without its trace
            _LOG.warning("%s failed: %s It is tried again.", what, error.sentence)
        except Exception:
            _LOG.exception("%s failed; the next tick tries again", what)


@contextmanager
def ticking(desk: Desk, mail: Mail, title: str = "Rapid Review") -> Iterator[Ticker]:
    """Ticks in the background until the block ends; what it is doing then, it finishes."""
    send = None
    if mail.host:
        send = by_smtp(mail, os.environ.get("RAPID_REVIEW_MAIL_PASSWORD"))
    outbox = Outbox(desk, mail, send, partial(spread, desk), title)
    ticker = Ticker(desk, outbox, Clock(desk.store))
    scheduler = BackgroundScheduler(timezone=UTC)
    scheduler.add_job(
        ticker.tick,
        "interval",
        seconds=_EVERY_SECONDS,
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
        scheduler.shutdown(wait=True)
