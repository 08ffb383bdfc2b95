"""The ticking job: fires and sends, survives faults, and works in the background."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

from app.casework.commands import Done, StartCase
from app.config.installation import Mail
from app.scheduler import clock
from app.scheduler.outbox import Outbox
from app.scheduler.ticking import Ticker, ticking
from tests.kit import Kit, diagram
from tests.limits import PATIENCE_S

GROUPS = {"groups": "clerk"}
FILES = diagram(
    "start > task:a > end; boundary:late > task:remind > end:done",
    a=GROUPS,
    late={"on": "a", "timer": "PT1H", "interrupting": "false"},
    remind=GROUPS,
)
MAIL = Mail(sender="cases@example.org")


def test_the_clock_is_aware_and_utc() -> None:
    assert clock.now().tzinfo is UTC


def test_a_tick_fires_what_is_due(kit: Kit) -> None:
    kit.deploy(FILES)
    case = kit.start("ann")
    Ticker(kit.desk, Outbox(kit.desk, MAIL), clock=lambda: kit.at).tick()
    assert kit.open(case) == ["a"]
    kit.later(hours=1)
    Ticker(kit.desk, Outbox(kit.desk, MAIL), clock=lambda: kit.at).tick()
    assert kit.open(case) == ["a", "remind"]


def test_a_beginning_forgets_old_keys_and_keeps_those_that_may_be_sent_again(kit: Kit) -> None:
    kit.deploy(FILES)

    def start(key: str) -> Done:
        return kit.do(StartCase, "ann", process="p", key=key)

    ticker = Ticker(kit.desk, Outbox(kit.desk, MAIL), clock=lambda: kit.at)
    first = {"old": start("old").case}
    kit.later(days=29)
    first["fresh"] = start("fresh").case
    ticker.begin()
    assert {key: start(key).case for key in first} == first
    kit.later(days=2)
    ticker.begin()
    assert start("fresh").case == first["fresh"] and start("fresh").replayed
    again = start("old")
    assert again.case != first["old"] and not again.replayed


def test_a_fault_in_one_part_does_not_stop_the_other(kit: Kit) -> None:
    kit.deploy(FILES)
    case = kit.start("ann")
    kit.later(hours=2)

    class Broken(Outbox):
        def deliver(self, at: datetime, limit: int = 50) -> int:
            raise RuntimeError("broken")

    ticker = Ticker(kit.desk, Broken(kit.desk, MAIL), clock=lambda: kit.at)
    ticker.tick()
    ticker.tick()
    assert kit.open(case) == ["a", "remind"]


def test_it_ticks_in_the_background(kit: Kit) -> None:
    kit.at = clock.now() - timedelta(hours=2)  # the hour passed while nothing was running
    kit.deploy(FILES)
    case = kit.start("ann")
    fired = threading.Event()
    wake_due = kit.desk.wake_due

    def watched(at: datetime, limit: int = 1000) -> object:
        done = wake_due(at, limit)
        if done:
            fired.set()
        return done

    kit.desk.wake_due = watched  # type: ignore[method-assign, assignment]
    with ticking(kit.desk, MAIL):
        assert fired.wait(PATIENCE_S)
    assert kit.open(case) == ["a", "remind"]
