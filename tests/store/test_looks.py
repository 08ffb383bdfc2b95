"""What a look leaves behind: nothing of what it wrote, and the statements that are prepared."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import bindparam, insert, select, text

from app.store import Look, Store, Unit
from app.store.schema import calendar
from tests.asked import asked
from tests.kit import START

_ROW = {"version": "2026", "content": "", "at": START}
_ADD = insert(calendar)
_RETURNED = _ADD.returning(calendar.c.version)
_IN_WORDS = text(
    "INSERT INTO calendar (version, content, at) VALUES (:version, :content, :at) RETURNING 1"
).bindparams(bindparam("at", type_=calendar.c.at.type))
WAYS: dict[str, Callable[[Unit], object]] = {
    "written now": lambda unit: unit.run(_ADD, _ROW),
    "written later": lambda unit: unit.later(_ADD, _ROW),
    "written later, and looked for": lambda unit: (unit.later(_ADD, _ROW), _there(unit)),
    "written later, rows given": lambda unit: unit.later(_RETURNED, _ROW),
    "many": lambda unit: unit.many(_ADD, [{**_ROW, "version": str(n)} for n in range(20)]),
    "written, rows given": lambda unit: unit.rows(_RETURNED, _ROW),
    "written, a value given": lambda unit: unit.value(_RETURNED, _ROW),
    "in words": lambda unit: unit.value(_IN_WORDS, _ROW),
    "past the unit": lambda unit: unit.connection.execute(_ADD, _ROW),
}


def _there(unit: Unit) -> int:
    return len(unit.rows(select(calendar.c.version)))


@pytest.mark.parametrize("way", WAYS)
def test_what_a_look_writes_is_thrown_away(store: Store, way: str) -> None:
    with store.reading() as unit:
        WAYS[way](unit)
    with store.reading() as unit:
        assert _there(unit) == 0
    with store.writing() as unit:  # each of these would have written
        WAYS[way](unit)
    with store.reading() as unit:
        assert _there(unit) > 0


def test_an_order_goes_on_from_all_looks_before_it_and_gives_back_what_it_took(
    store: Store,
) -> None:
    look, there = Look(), 0
    with asked(store) as heard:
        for _ in range(2):
            with store.reading(look) as unit:
                there += _there(unit)
        with store.writing(look) as unit:
            unit.run(_ADD, _ROW)
    assert heard.transactions == (1 if store.dialect == "postgresql" else 2)
    pool: Any = store.engine.pool
    assert pool.checkedout() == 0 and there == 0
    with store.reading() as unit:
        assert _there(unit) == 1


@pytest.mark.postgres
def test_what_is_asked_again_and_again_stays_prepared(postgres_store: Store) -> None:
    asked = select(calendar.c.version).where(calendar.c.version == bindparam("which"))
    for _ in range(8):
        with postgres_store.reading() as unit:
            unit.rows(asked, {"which": "2026"})
    with postgres_store.reading() as unit:
        count = text("SELECT sum(generic_plans + custom_plans) FROM pg_prepared_statements")
        assert unit.value(count) >= 3
