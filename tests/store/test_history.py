"""History at the store: each row names the one before, and a change anywhere shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

import pytest
from sqlalchemy import text

from app.store import Sealed, Store, Unit, Unreachable, cases
from app.store.chain import headers, history
from tests.kit import Kit, diagram

GROUPS = {"groups": "clerk"}


def holds(unit: Unit, case: str) -> bool:
    """The check an auditor makes with nothing but the rows."""
    before = headers.START
    found = list(history.rows(unit, case))
    for seq, row in enumerate(found, 1):
        header = json.loads(row.header)
        good = (
            row.seq == header["seq"] == seq
            and header["case"] == case
            and bytes.fromhex(header["prev"]) == row.prev == before
            and hashlib.sha256(row.header.encode()).digest() == row.hash
            and hashlib.sha256(row.body).hexdigest() == header["body"]
            and header["at"] == history.stamp(row.at)
            and (header["kind"], header["actor"]) == (row.kind, row.actor)
        )
        if not good:
            return False
        before = row.hash
    case_row = cases.find(unit, case)
    return case_row is not None and bool(found) and history.intact(case_row, found[-1])


@pytest.fixture
def walked(both: Kit) -> tuple[Kit, str]:
    both.deploy(diagram("start > task:a > task:b > end", a=GROUPS, b=GROUPS))
    case = both.start("ann")
    both.complete("ben", case, "a", note="a secret word")
    both.complete("ann", case, "b")
    with both.store.writing() as unit:  # the rows spoilt below shall be the case's alone
        unit.run(text("DELETE FROM history WHERE case_id = 'installation'"))
    return both, case


def test_an_untouched_history_holds(walked: tuple[Kit, str]) -> None:
    kit, case = walked
    with kit.store.reading() as unit:
        assert holds(unit, case)


TAMPER = {
    "actor": "UPDATE history SET actor = 'eve' WHERE seq = 2",
    "kind": "UPDATE history SET kind = 'read' WHERE seq = 2",
    "instant": "UPDATE history SET at = at + 1 WHERE seq = 2",
    "header": "UPDATE history SET header = replace(header, 'ben', 'eve') WHERE seq = 2",
    "row removed": "DELETE FROM history WHERE seq = 2",
    "tail cut": "DELETE FROM history WHERE seq = 3",
    "all removed": "DELETE FROM history",
    "swapped": "UPDATE history SET seq = CASE seq WHEN 2 THEN 13 ELSE 12 END WHERE seq > 1",
    "body swapped": "UPDATE history SET body = (SELECT body FROM history h WHERE h.seq = 1)"
    " WHERE seq = 2",
    "hash": "UPDATE history SET hash = (SELECT hash FROM history h WHERE h.seq = 1) WHERE seq = 2",
}


@pytest.mark.parametrize("statement", TAMPER.values(), ids=TAMPER.keys())
def test_a_change_to_history_shows(walked: tuple[Kit, str], statement: str) -> None:
    kit, case = walked
    with kit.store.writing() as unit:
        unit.run(text(statement))
    with kit.store.reading() as unit:
        assert not holds(unit, case)


def test_no_name_and_no_word_of_an_answer_stands_in_the_open(walked: tuple[Kit, str]) -> None:
    kit, case = walked
    with kit.store.reading() as unit:
        rows = list(history.rows(unit, case))
        assert len(rows) == 3
        for row in rows:
            assert "Baker" not in row.header and "secret" not in row.header
            assert b"Baker" not in row.body and b"secret" not in row.body


def test_the_first_row_commits_to_the_key(walked: tuple[Kit, str]) -> None:
    kit, case = walked
    with kit.store.reading() as unit:
        first, second, *_ = history.rows(unit, case)
        key = cases.key_of(unit, case)
    assert json.loads(first.header)["key_commit"] == key.commitment()
    assert "key_commit" not in json.loads(second.header)


def test_without_its_key_a_history_still_holds_but_cannot_be_read(
    walked: tuple[Kit, str],
) -> None:
    kit, case = walked
    with kit.store.writing() as unit:
        unit.run(text("DELETE FROM case_key"))
    with kit.store.reading() as unit:
        assert holds(unit, case)
        with pytest.raises(Sealed):
            cases.key_of(unit, case)


def test_no_answer_stands_in_the_open_anywhere_in_the_database(
    kit: Kit, dump: Callable[[Kit], bytes]
) -> None:
    kit.deploy(diagram("start > task:a > task:b > end", a=GROUPS, b=GROUPS))
    case = kit.start("ann")
    kit.complete("ben", case, "a", note="MARKERWORD")
    content = dump(kit)
    assert case.encode() in content
    assert b"MARKERWORD" not in content


@pytest.fixture
def dump() -> Callable[[Kit], bytes]:
    def read(kit: Kit) -> bytes:
        from pathlib import Path

        place = Path(str(kit.store.url.database))
        return b"".join(path.read_bytes() for path in place.parent.glob(place.name + "*"))

    return read


@pytest.mark.postgres
@pytest.mark.parametrize(
    "read",
    [
        pytest.param(lambda unit, case: list(history.rows(unit, case)), id="all rows"),
        pytest.param(lambda unit, case: history.some(unit, case, [1]), id="some rows"),
    ],
)
def test_a_database_that_goes_is_no_spoilt_row(
    postgres_store: Store, read: Callable[[Unit, str], object]
) -> None:
    kit = Kit(postgres_store)
    kit.deploy(diagram("start > task:a > end", a=GROUPS))
    case = kit.start("ann")
    with pytest.raises(Unreachable), kit.store.writing() as unit:
        own = unit.value(text("SELECT pg_backend_pid()"))
        with kit.store.reading() as other:
            other.value(text("SELECT pg_terminate_backend(:own, 5000)"), {"own": own})
        read(unit, case)
