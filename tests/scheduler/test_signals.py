"""Signals across cases: only those the settings name, to all who wait, each case once."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import delete

from app.audit import entries
from app.audit.narrative import tell
from app.audit.narrative.names import Words
from app.audit.verification import verify_all
from app.casework.commands import DeliverSignal, Suspend
from app.casework.errors import Refused
from app.config.installation import Mail
from app.scheduler.outbox import CLAIM, Outbox
from app.scheduler.signals import spread
from app.store import OutboxRow
from app.store.schema import case_key
from app.store.work import messages
from tests.kit import Kit, diagram


def files(*across: str) -> dict[str, bytes]:
    rings = diagram(
        "start > task:ring > throw:alarm > task:after > end",
        var={"floor": "2"},
        ring={"groups": "clerk"},
        alarm={"signal": "fire", "in": "=floor -> floor"},
        after={"groups": "clerk"},
    )
    waits = diagram(
        "start > catch:heard > task:act > end",
        process="w",
        var={"floor": "0"},
        heard={"signal": "fire"},
        act={"groups": "clerk"},
    )
    wants = json.dumps({"signals_across_cases": list(across), "roles": ["clerk", "lead"]})
    return {**rings, **waits, "settings.json": wants.encode()}


def outbox(kit: Kit) -> Outbox:
    return Outbox(kit.desk, Mail(sender="x@example.org"), partial(spread, kit.desk))


def ring(kit: Kit) -> str:
    case = kit.start()
    kit.complete("ann", case, "ring")
    return case


def test_named_signal_reaches_every_other_case_that_waits(both: Kit) -> None:
    both.deploy(files("fire"))
    waiting, other = both.start(process="w"), both.start(process="w")
    ring(both)
    assert both.open(waiting) == []
    assert outbox(both).deliver(both.at) == 1
    assert (both.open(waiting), both.open(other)) == (["act"], ["act"])


def test_signal_that_no_setting_names_stays_in_its_case(both: Kit) -> None:
    both.deploy(files("flood"))
    waiting = both.start(process="w")
    ring(both)
    assert outbox(both).deliver(both.at) == 0
    assert both.open(waiting) == []


def test_signal_carries_what_its_mapping_says(both: Kit) -> None:
    both.deploy(files("fire"))
    waiting = both.start(process="w")
    ring(both)
    outbox(both).deliver(both.at)
    with both.store.reading() as unit:
        history = list(entries.of_case(unit, waiting))
    assert history[-1].command["payload"] == {"floor": 2}
    assert any("signal “fire” came from another case" in one.text for one in tell(history, Words()))
    assert all(verdict.good for verdict in verify_all(both.store))


def test_signal_moves_a_case_once_however_often_it_is_tried(both: Kit) -> None:
    """Also one that waits for the same signal again: what moved it was the first one."""
    again = diagram(
        "start > catch:heard > catch:again > task:act > end",
        process="w",
        var={"floor": "0"},
        heard={"signal": "fire"},
        again={"signal": "fire"},
        act={"groups": "clerk"},
    )
    both.deploy({**files("fire"), **again})
    waiting = both.start(process="w")
    ring(both)
    with both.store.writing() as unit:
        row = messages.claim_effect(unit, both.at, both.at + timedelta(minutes=2))
    assert row is not None
    for _ in range(2):
        spread(both.desk, row, both.at)
    assert both.open(waiting) == []
    with both.store.reading() as unit:
        kinds = [entry.kind for entry in entries.of_case(unit, waiting)]
    assert kinds == ["StartCase", "DeliverSignal"]


def test_a_case_that_cannot_take_a_signal_is_tried_again_more_and_more_seldom(kit: Kit) -> None:
    kit.deploy(files("fire"))
    lost, other = kit.start(process="w"), kit.start(process="w")
    case = ring(kit)
    with kit.store.writing() as unit:
        unit.run(delete(case_key).where(case_key.c.case_id == lost))
    waits = []
    for _ in range(9):
        assert outbox(kit).deliver(kit.at) == 1
        with kit.store.reading() as unit:
            (row,) = messages.outbox_of(unit, case)
        assert row.next_at is not None and row.fault == "1 cases could not take it yet."
        waits.append(row.next_at - kit.at)
        kit.at = row.next_at
    minutes = [int(wait.total_seconds() / 60) for wait in waits]
    assert minutes == [1, 2, 4, 8, 16, 32, 64, 128, 240]
    assert kit.open(other) == ["act"], "the others have it"


def test_a_signal_on_its_way_is_carried_by_nobody_else_until_we_die(kit: Kit) -> None:
    kit.deploy(files("fire"))
    ring(kit)
    meanwhile = []

    def carries(row: OutboxRow, at: datetime) -> int:
        for later in (timedelta(), CLAIM):
            meanwhile.append(outbox(kit).deliver(at + later))
        return 0

    assert Outbox(kit.desk, Mail(sender="x@example.org"), carries).deliver(kit.at) == 1
    assert meanwhile == [0, 1]


def test_case_that_does_not_wait_keeps_no_entry_of_a_signal(both: Kit) -> None:
    both.deploy(files("fire"))
    done = both.start(process="w")
    ring(both)
    outbox(both).deliver(both.at)
    ring(both)
    outbox(both).deliver(both.at)
    with both.store.reading() as unit:
        kinds = [entry.kind for entry in entries.of_case(unit, done)]
    assert kinds == ["StartCase", "DeliverSignal"]


def test_suspended_case_still_hears_a_signal(both: Kit) -> None:
    both.deploy(files("fire"))
    waiting = both.start("lea", process="w")
    both.do(Suspend, "lea", case=waiting, reason="Checked")
    ring(both)
    outbox(both).deliver(both.at)
    assert both.open(waiting) == ["act"]


def test_signal_is_no_order_of_a_person(both: Kit) -> None:
    both.deploy(files("fire"))
    waiting = both.start("lea", process="w")
    with pytest.raises(Refused):
        both.do(DeliverSignal, "lea", case=waiting, signal="fire")
