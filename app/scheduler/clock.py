"""The only place that asks what time it is.

With PostgreSQL the time is the database's: any number of hosts work beside it, and what is due or
late must not hang on which of them has a wrong clock. Between two looks the time passes by the
machine's steady clock, which nobody sets. SQLite lies on one machine, whose clock is its own.

Knocks go on when somebody sets the machine's clock: APScheduler reckons by it, and would sleep for
as long as it was set back, or count every knock of the days that it was set forward.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler

from app.store import Store, StoreFault
from app.store.queries import condition

#: seconds between two looks at the database's clock
_EVERY = 5.0
#: seconds after which the clock is looked at again, whatever it said
_LOOK_AGAIN = 1.0
#: a clock that went by more between two looks was set, or the machine slept
_JUMP = timedelta(minutes=1)


def now() -> datetime:
    """The present instant by this machine's clock, aware, UTC."""
    return datetime.now(UTC)


def present(store: Store) -> datetime:
    """The present instant by the database's clock, aware, UTC. Raises a `StoreFault`."""
    with store.reading() as unit:
        return condition.database_clock(unit) or now()


class Clock:
    """Gives the present, aware, UTC; asks the database anew after a while. Shared by threads."""

    def __init__(self, store: Store, steady: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._steady = steady
        self._lock = threading.Lock()
        #: what the database said, and when that was by the steady clock
        self._looked: tuple[datetime, float] | None = None

    def __call__(self) -> datetime:
        """Raises a `StoreFault` while the database could never be asked."""
        if self._store.dialect == "sqlite":
            return now()
        with self._lock:
            if self._looked is None or self._steady() - self._looked[1] > _EVERY:
                self._look()
            assert self._looked is not None
            said, at = self._looked
            return said + timedelta(seconds=self._steady() - at)

    def _look(self) -> None:
        before = self._steady()
        try:
            said = present(self._store)
        except StoreFault:
            if self._looked is None:
                raise
            return  # it went on at its own pace since
        # Asked and answered on the way there and back: in the middle of both.
        self._looked = (said, (before + self._steady()) / 2)


class SteadyScheduler(BackgroundScheduler):
    """As APScheduler's; after a jump of the clock every job runs now and then as before."""

    _seen: datetime | None = None

    def _process_jobs(self) -> float:
        at = now()
        if self._seen is not None and not timedelta() <= at - self._seen < _JUMP:
            for job in self.get_jobs():
                job.modify(next_run_time=at)
        self._seen = at
        wait: float | None = super()._process_jobs()
        return _LOOK_AGAIN if wait is None else min(wait, _LOOK_AGAIN)
