"""Who looks at a case waits for nobody who works on it, and is written down all the same."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app import store
from app.audit import narrative
from app.casework import views
from app.engine import moment
from app.store import Store
from tests.kit import PEOPLE, Kit, diagram

DRAWN = diagram("start > task:check > end", check={"groups": "clerk"})


@pytest.fixture
def kit(postgres_store: Store) -> Kit:
    kit = Kit(postgres_store)
    kit.deploy(DRAWN)
    return kit


def looks(kit: Kit, case: str) -> list[str]:
    """The sentences about who looked, the earliest first."""
    found = narrative.whole(kit.desk, case).sentences
    return [sentence.text for sentence in found if "looked at the case" in sentence.text]


def look(kit: Kit, case: str, who: str = "aud") -> views.CasePage:
    return views.case_page(kit.desk, PEOPLE[who], case, kit.at)


@pytest.mark.postgres
def test_a_look_at_a_case_that_an_order_holds_waits_for_nothing_and_is_written_down(
    kit: Kit,
) -> None:
    case = kit.start()
    at = kit.at
    with kit.store.writing() as order:
        assert store.cases.lock(order, case)
        assert look(kit, case).whole
        assert kit.desk.take_in_reads(kit.at) == 0  # the order still holds it
        assert looks(kit, case) == []
    assert kit.desk.take_in_reads(kit.later(minutes=2)) == 1
    (said,) = looks(kit, case)
    assert said == f"Aud Auditor looked at the case (case) on {moment(at)}."
    assert kit.desk.take_in_reads(kit.at) == 0
    assert narrative.verified(kit.desk, case).good


@pytest.mark.postgres
def test_an_order_that_came_between_does_not_hide_when_somebody_looked(kit: Kit) -> None:
    case = kit.start()
    with kit.store.writing() as order:
        assert store.cases.lock(order, case)
        kit.later(minutes=1)
        look(kit, case, "ann")
        kit.at -= timedelta(minutes=1)
        look(kit, case)
    kit.later(minutes=5)
    kit.complete("ben", case, "check")
    kit.desk.take_in_reads(kit.later(minutes=1))
    first, second = kit.at - timedelta(minutes=6), kit.at - timedelta(minutes=1)
    said = f"looked at the case (case) on {moment(first)}, written down on {moment(second)}."
    assert looks(kit, case)[0] == f"Aud Auditor {said}"
    names = [line.partition(" looked")[0] for line in looks(kit, case)]
    assert names == ["Aud Auditor", "Ann Archer"]


@pytest.mark.postgres
def test_reads_that_wait_go_with_the_content_of_their_case(kit: Kit) -> None:
    case = kit.start()
    with kit.store.writing() as order:
        assert store.cases.lock(order, case)
        look(kit, case)
    with kit.store.writing() as unit:
        store.retention.content.erase(unit, case)
    assert kit.desk.take_in_reads(kit.at) == 0
