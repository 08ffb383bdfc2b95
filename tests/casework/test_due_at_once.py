"""Timers of several cases that are due at once share transactions, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import text

from app.audit.verification import verify_case
from app.casework import views
from app.casework.orders.waking import firing
from app.store import Store, cases, work
from tests.asked import asked
from tests.casework.test_cases import GROUPS, kinds
from tests.casework.test_crash import Statements
from tests.kit import PEOPLE, Kit, diagram
from tests.limits import PATIENCE_S

#: after an hour a task; with x = 2 there is no way on
FORKED = diagram(
    """start > and:fork > catch:hour > xor:which > task:high > end:a; which > task:low > end:b
    fork > task:mend > end:c""",
    hour={"timer": "PT1H"},
    high=GROUPS | {"condition": "=x > 3"},
    low=GROUPS | {"condition": "=x < 1"},
    mend=GROUPS | {"out": "=5->x"},
    var={"x": "2"},
)
#: each of two branches waits
TWICE = diagram(
    "start > and:fork > catch:soon > task:a > end; fork > catch:late > task:b > end:done",
    soon={"timer": "PT1H"}, late={"timer": "PT2H"}, a=GROUPS, b=GROUPS,
)  # fmt: skip


class Killed(BaseException):
    """The process is gone: nothing of it sees to what follows."""


def begun(kit: Kit, count: int, *, broken: int | None = None) -> list[str]:
    """Cases with a timer each, due in this order; in one of them it leads nowhere."""
    kit.deploy(FORKED)
    several = []
    for number in range(count):
        several.append(kit.start())
        if number != broken:
            kit.complete("ben", several[-1], "mend")
        kit.later(seconds=1)
    kit.later(hours=1)
    return several


def test_they_fire_in_due_order_in_few_transactions_each_as_an_entry_of_its_own(
    both: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(firing, "_HELD", PATIENCE_S)
    several = begun(both, 12)
    with asked(both.store) as heard:
        done = both.desk.wake_due(both.at)
    assert [one.case for one in done] == several
    # a look whether anything is due; 1, 2, 4 and 5 of them; nothing more
    assert heard.transactions == 6
    for case in several:
        assert both.open(case) == ["high"] and kinds(both, case)[-1] == "WakeCase"
        assert verify_case(both.store, case).good


#: what befell the fourth of six cases → what its incident says
FAULTS = {
    "a gateway without a way on": "",
    "its state was spoilt": "This content cannot be opened",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_one_is_held_and_keeps_back_no_other(both: Kit, fault: str) -> None:
    several = begun(both, 6, broken=3 if not FAULTS[fault] else None)
    if FAULTS[fault]:
        with both.store.writing() as unit:
            spoil = "UPDATE instance SET state = substr(state, 1, 20) WHERE case_id = :case"
            unit.run(text(spoil), {"case": several[3]})
    both.desk.wake_due(both.at)
    others = [case for case in several if case != several[3]]
    assert {case: both.open(case) for case in others} == {case: ["high"] for case in others}
    with both.store.reading() as unit:
        (incident,) = work.incidents.of_case(unit, several[3])
    assert FAULTS[fault] in incident.sentence
    (line,) = views.stopped_page(both.desk, PEOPLE["lea"], both.at).incidents
    assert FAULTS[fault] in line.sentence
    assert both.desk.wake_due(both.at) == []


def test_what_takes_long_fires_alone(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for the others' locks meanwhile."""
    several = begun(kit, 4)
    monkeypatch.setattr(firing, "_HELD", -1.0)
    with asked(kit.store) as heard:
        done = kit.desk.wake_due(kit.at)
    assert [one.case for one in done] == several
    assert heard.transactions == 1 + len(several) + 2 + 1  # of two, twice in vain


def test_after_a_while_no_further_one_fires_among_others(
    kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each firing takes a second here."""
    several = begun(kit, 4)
    monkeypatch.setattr(firing, "monotonic", count().__next__)
    with asked(kit.store) as heard:
        done = kit.desk.wake_due(kit.at)
    assert [one.case for one in done] == several
    assert heard.transactions == 1 + len(several) + 1


def test_a_case_whose_key_opens_no_more_waits_and_every_other_one_fires(both: Kit) -> None:
    several = begun(both, 4)
    with both.store.writing() as unit:
        unit.run(
            text("UPDATE case_key SET wrapped = :spoilt WHERE case_id = :case"),
            {"case": several[0], "spoilt": b"x"},
        )
    both.desk.wake_due(both.at)
    assert [both.open(case) for case in several[1:]] == [["high"]] * 3


def test_what_is_due_again_before_the_next_one_fires_before_it(kit: Kit) -> None:
    kit.deploy(TWICE)
    several = []
    for minutes in (1, 180, 90, 90):
        several.append(kit.start())
        kit.later(minutes=minutes)
    one, two, three, four = several
    done = [fired.case for fired in kit.desk.wake_due(kit.later(hours=3))]
    assert done == [one, two, one, two, three, three, four, four]


@pytest.mark.postgres
def test_whoever_holds_a_case_keeps_back_no_other(postgres_store: Store) -> None:
    kit = Kit(postgres_store)
    several = begun(kit, 4)
    with kit.store.writing() as unit:
        assert cases.lock(unit, several[1])
        done = kit.desk.wake_due(kit.at)
        assert [one.case for one in done] == [several[0], several[2], several[3]]
    assert [one.case for one in kit.desk.wake_due(kit.at)] == [several[1]]


def alone(store: Store) -> None:
    """The server lets go what a dead connection held once it sees that it is dead."""
    others = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL"
    )
    for _ in range(10_000):
        with store.engine.connect() as connection:
            if not connection.scalar(others):
                return
    raise AssertionError("a connection of the crashed process stays")


@pytest.mark.postgres
def test_a_crash_anywhere_fires_each_of_them_once_in_the_end(postgres_store: Store) -> None:
    kit = Kit(postgres_store)
    kit.deploy(diagram("start > catch:hour > task:a > end", hour={"timer": "PT1H"}, a=GROUPS))
    statements = Statements(kit.store, Killed)
    point = crashed = 0
    while crashed == point:
        several = [kit.start() for _ in range(3)]
        point += 1
        statements.count, statements.at, statements.after = 0, point // 2 + 1, point % 2 == 1
        at = kit.later(hours=2)
        try:
            kit.desk.wake_due(at)
        except Killed:
            crashed += 1
            kit.store.engine.dispose()  # its connections go with it
            alone(kit.store)
        statements.at = -1
        kit.desk.wake_due(at + timedelta(seconds=1))
        for case in several:
            assert kit.open(case) == ["a"], f"crash point {point}"
            assert kinds(kit, case).count("WakeCase") == 1, f"crash point {point}"
    assert crashed > 8
