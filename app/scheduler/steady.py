"""Knocks go on when somebody sets the machine's clock: APScheduler reckons by it, and would sleep
for as long as it was set back, or count every knock of the days that it was set forward.

When the jobs run is said here; what they do, and what time it is for a case, elsewhere.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler

from app.scheduler.clock import now

#: seconds after which the clock is looked at again, whatever it said
_LOOK_AGAIN = 1.0
#: a clock that went by more between two looks was set, or the machine slept
_JUMP = timedelta(minutes=1)


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
