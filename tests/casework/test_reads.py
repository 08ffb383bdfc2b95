"""Who looks at a case waits for nobody who works on it, and is written down all the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app import store
from app.audit import narrative
from app.audit.installation import log_page
from app.audit.installation.words import KINDS
from app.casework import AuthorityKind, LogKind, views
from app.engine import moment
from app.store import Store
from tests.casework.test_retention import KEPT, destroyed, ended
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
def test_who_looked_is_not_lost_when_the_content_of_a_case_is_destroyed(kit: Kit) -> None:
    kit.desk.settings = replace(kit.desk.settings, retention=KEPT)
    case = ended(kit)
    with kit.store.writing() as order:
        assert store.cases.lock(order, case)
        look(kit, case)
    destroyed(kit, case)
    assert ("read", "aud") in entries(kit, case), "the entry stays, though nobody can open it"
    assert kit.desk.take_in_reads(kit.at) == 0
    assert narrative.verified(kit.desk, case).good
    # Somebody's look was kept in the moment before the key was gone, and nobody had taken it in.
    late = store.people.ReadRow(case, "aud", kit.at, "documents", "Aud Auditor", {})
    with kit.store.writing() as unit:
        store.people.read_rows.add(unit, late)
    kit.desk.take_in_reads(kit.at)
    with kit.store.reading() as unit:
        assert store.people.read_rows.waiting(unit, 9) == []
    said = [line.sentence for line in log_page(kit.desk, PEOPLE["aud"], topic="authority").lines]
    assert said[0].startswith("Aud Auditor looked at case ") and "being destroyed" in said[0]
    assert "destroyed the content of case" in said[1]


def entries(kit: Kit, case: str) -> list[tuple[str, str]]:
    with kit.store.reading() as unit:
        return [(row.kind, row.actor) for row in store.chain.history.rows(unit, case)]


def test_the_log_has_words_for_whatever_it_can_tell() -> None:
    assert {*AuthorityKind, *LogKind} <= KINDS.keys()
