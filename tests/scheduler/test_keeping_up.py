"""What `work` does once an hour: the log takes in refusals, old failures go; and all the time: the
figures follow what has changed."""

from __future__ import annotations

from app.audit.tally import Keeper
from app.casework.cases import installation_log as log
from app.config import Counts, Mail, Years
from app.scheduler.outbox import Outbox
from app.scheduler.ticking import Ticker
from app.store.chain.log import entries, refusals
from app.store.people import accounts
from app.store.tallies import changed, stand
from tests.kit import Kit, diagram
from tests.measured import SEND


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


def test_the_figures_follow_what_has_changed_within_seconds(kit: Kit) -> None:
    kit.deploy(diagram("start > task:send > end", send={"groups": "clerk"}))
    case = kit.start("ann")
    keeper = Keeper(kit.desk, (SEND,), Counts(), Years())
    outbox = Outbox(kit.desk, Mail("x@example.org"))
    ticker = Ticker(kit.desk, outbox, lambda: kit.at, keeper.keep_up)

    def behind() -> list[str]:
        with kit.store.reading() as unit:
            (mark,) = {mark for mark, _ in stand(unit)}
            return changed(unit, mark)

    for _ in range(3):  # the sums, then the case, then nothing is left to do
        ticker.tick()
    assert behind() == []
    kit.complete("ann", case, "send")
    kit.later(seconds=1)
    ticker.tick()
    assert behind() == [case]
    kit.later(seconds=1)
    ticker.tick()
    assert behind() == []
