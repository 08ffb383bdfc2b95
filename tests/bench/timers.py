"""Many cases at once: waiting ones, due ones, and a full work list."""

from __future__ import annotations

import time
from datetime import timedelta

from app.casework.views import work_list
from app.engine.events import TimerFired
from app.store import Store
from tests.bench.limits import milliseconds, p50
from tests.kit import PEOPLE, Kit, diagram


def drawn() -> dict[str, bytes]:
    return diagram(
        "start > task:wait > end; boundary:late > end:told",
        wait={"groups": "clerk", "due": "=working_days_after(today(), 5)"},
        late={"on": "wait", "timer": "P1D", "interrupting": "false"},
    )


def many(store: Store, count: int) -> Kit:
    """`count` cases, each with an open task and a timer a day ahead."""
    kit = Kit(store)
    kit.deploy(drawn())
    for _ in range(count):
        kit.start("ann")
    return kit


def idle_tick(kit: Kit, times: int = 50) -> float:
    """Median milliseconds of a tick when nothing is due."""
    return p50([milliseconds(lambda: kit.desk.wake_due(kit.at, 1000)) for _ in range(times)])


def listing(kit: Kit, times: int = 20) -> float:
    """Median milliseconds of the first page of a list of all open tasks."""
    return p50([milliseconds(lambda: work_list(kit.desk, PEOPLE["ben"], kit.at, "groups"))
                for _ in range(times)])  # fmt: skip


def due_per_second(kit: Kit, count: int) -> float:
    """All timers come due at once; how many fire a second, each exactly once."""
    at = kit.at + timedelta(days=2)
    begin = time.perf_counter()
    done = kit.desk.wake_due(at, count + 10)
    took = time.perf_counter() - begin
    fired = [e for one in done for e in one.events if isinstance(e, TimerFired)]
    cases = {one.case for one in done}
    if len(fired) != count or len(cases) != count:
        raise SystemExit(f"{len(fired)} timers fired in {len(cases)} cases, not {count} in {count}")
    if kit.desk.wake_due(at, 10):
        raise SystemExit("a timer fired twice")
    return count / took
