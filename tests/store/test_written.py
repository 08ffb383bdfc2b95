"""Statements that write are compiled once: what they write and refuse is what SQLAlchemy would."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import bindparam, delete, insert, select, update

from app.store import Store
from app.store.database.errors import Clash
from app.store.database.written import written
from app.store.schema import idempotency

AT = datetime(2026, 3, 4, 10, 5, tzinfo=UTC)
ROW: dict[str, Any] = {
    "actor": "ann", "key": "k'1 \\ %s ?", "request": b"\x00\xff", "case_id": "c", "seq": 1,
    "at": AT,
}  # fmt: skip
ADD = insert(idempotency)
HERE = idempotency.c.actor == bindparam("who")


def test_a_row_comes_back_as_it_was_written(store: Store) -> None:
    with store.writing() as unit:
        unit.run(ADD, ROW)
        unit.many(ADD, [{**ROW, "key": "2"}, {**ROW, "key": "3"}])
        unit.run(update(idempotency).where(HERE).values(seq=7), {"who": "ann"})
    with store.reading() as unit:
        rows = unit.rows(select(idempotency).order_by(idempotency.c.key))
    assert [row._asdict() for row in rows] == [
        {**ROW, "key": key, "seq": 7} for key in ("2", "3", ROW["key"])
    ]


def test_the_number_of_rows_is_told(store: Store) -> None:
    with store.writing() as unit:
        unit.many(ADD, [{**ROW, "key": key} for key in "abc"])
        assert unit.run(delete(idempotency).where(HERE), {"who": "ann"}).rowcount == 3


def test_a_key_that_is_taken_is_a_clash(store: Store) -> None:
    with pytest.raises(Clash), store.writing() as unit:
        unit.run(ADD, ROW)
        unit.run(ADD, ROW)


def test_a_statement_is_compiled_once(store: Store) -> None:
    before = written.cache_info().misses
    statement = insert(idempotency)
    with store.writing() as unit:
        for key in "abc":
            unit.run(statement, {**ROW, "key": key})
    assert written.cache_info().misses == before + 1


@pytest.mark.parametrize(
    ("statement", "names"),
    [
        pytest.param(ADD.returning(idempotency.c.seq), tuple(ROW), id="it returns rows"),
        pytest.param(
            delete(idempotency).where(idempotency.c.key.in_(bindparam("keys", expanding=True))),
            ("keys",),
            id="its text depends on how many values there are",
        ),
        pytest.param(delete(idempotency).where(HERE), ("who", "more"), id="a name it has not"),
    ],
)
def test_what_is_completed_at_each_run_stays_with_sqlalchemy(
    store: Store, statement: Any, names: tuple[str, ...]
) -> None:
    assert written(statement, store.engine.dialect, names) is None
