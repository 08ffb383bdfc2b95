"""What is done every half second is done also after somebody has set the machine's clock."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest

from app.scheduler.clock import SteadyScheduler, now
from tests.limits import until


@pytest.mark.parametrize(
    "jump",
    [
        pytest.param(timedelta(days=3), id="it was set back by three days"),
        pytest.param(timedelta(days=-36_500), id="it was set forward by a hundred years"),
    ],
)
def test_knocks_go_on_after_a_jump_of_the_clock(jump: timedelta) -> None:
    knocks: list[object] = []
    scheduler = SteadyScheduler(timezone=UTC)
    job = scheduler.add_job(
        lambda: knocks.append(None), "interval", seconds=0.05, coalesce=True,
        misfire_grace_time=None,
    )  # fmt: skip
    scheduler.start(paused=True)
    # as it is after the jump: what was seen and what is planned lie on the other side of it
    scheduler._seen = now() + jump
    job.modify(next_run_time=now() + jump)
    scheduler.resume()
    try:
        until(lambda: len(knocks) > 2)
    finally:
        scheduler.shutdown()


def test_without_a_jump_a_job_runs_when_it_is_due_and_the_clock_is_looked_at_each_second() -> None:
    scheduler = SteadyScheduler(timezone=UTC)
    scheduler.start()
    try:
        job = scheduler.add_job(lambda: None, "interval", hours=1)
        planned = job.next_run_time
        assert [scheduler._process_jobs() for _ in range(2)] == [1, 1]
        assert job.next_run_time == planned
        scheduler.add_job(lambda: None, "interval", seconds=0.5)
        assert scheduler._process_jobs() <= 0.5, "what is due sooner is not late"
    finally:
        scheduler.shutdown()
