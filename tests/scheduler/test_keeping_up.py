"""What `work` does once an hour: the log takes in refusals, old failures go."""

from __future__ import annotations

from app.casework.cases import installation_log as log
from app.config import Mail
from app.scheduler.outbox import Outbox
from app.scheduler.ticking import Ticker
from app.store.chain.log import entries, refusals
from app.store.people import accounts
from tests.kit import Kit


def test_refusals_of_an_hour_stand_in_the_log_after_it_though_nothing_else_happens(
    kit: Kit,
) -> None:
    ticker = Ticker(kit.desk, Outbox(kit.desk, Mail("x@example.org")), lambda: kit.at)
    ticker.tick()
    log.refused(kit.store, log.LOOK, log.of_person("ann"), kit.at)
    kit.later(minutes=59)
    ticker.tick()
    with kit.store.reading() as unit:
        assert refusals.running(unit)
    kit.later(minutes=1)
    ticker.tick()
    with kit.store.reading() as unit:
        newest, *_ = entries.page(unit, entries.Asked(), 0, 1)
        assert not refusals.running(unit) and newest.kind == "Refusals"


def test_failures_that_count_no_more_are_swept(kit: Kit) -> None:
    ticker = Ticker(kit.desk, Outbox(kit.desk, Mail("x@example.org")), lambda: kit.at)
    with kit.store.writing() as unit:
        accounts.leave(unit, "somebody", 3, kit.at)
    kit.later(days=6)
    ticker.tick()
    with kit.store.reading() as unit:
        assert accounts.failures(unit, ["somebody"])
    kit.later(days=2)
    ticker.tick()
    with kit.store.reading() as unit:
        assert not accounts.failures(unit, ["somebody"])
