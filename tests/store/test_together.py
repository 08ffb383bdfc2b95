"""What is written together is one statement to PostgreSQL, and ends as one after the other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import bindparam, delete, func, insert, select, update

from app.store import Clash, Store, Unit
from app.store.schema import counter
from tests.asked import asked

_ADD = insert(counter)
_HERE = counter.c.name == bindparam("which")
_SET = update(counter).where(_HERE).values(value=bindparam("to"))
_MORE = update(counter).where(_HERE).values(value=counter.c.value + 1)
_DROP = delete(counter).where(_HERE)
_DROP_LOW = delete(counter).where(counter.c.value < bindparam("least"))
_TO_MOST = (
    update(counter).where(_HERE).values(value=select(func.max(counter.c.value)).scalar_subquery())
)


def _add(name: str, value: int) -> tuple[Any, dict[str, Any]]:
    return _ADD, {"name": name, "value": value}


def _at(statement: Any, name: str, **more: Any) -> tuple[Any, dict[str, Any]]:
    return statement, {"which": name, **more}


#: what is written → (what stands there then, statements to PostgreSQL)
ROWS: dict[str, tuple[list[tuple[Any, dict[str, Any]]], dict[str, int | None], int]] = {
    "other rows of one table go together": (
        [_add("c", 3), _at(_SET, "a", to=7), _at(_DROP, "b")], {"a": 7, "b": None, "c": 3}, 1,
    ),
    "a row that is changed after it was added": ([_add("c", 3), _at(_MORE, "c")], {"c": 4}, 2),
    "a row that is changed twice": ([_at(_MORE, "a"), _at(_MORE, "a")], {"a": 3}, 2),
    "a row that goes and comes back": ([_at(_DROP, "a"), _add("a", 9)], {"a": 9}, 2),
    "whose rows nobody knows goes alone": (
        [_at(_SET, "b", to=0), (_DROP_LOW, {"least": 1})], {"b": None}, 2,
    ),
    "what looks at others sees none that come later": (
        [_at(_TO_MOST, "a"), _add("c", 8)], {"a": 2, "c": 8}, 2,
    ),
    "what looks at others sees them": ([_add("c", 8), _at(_TO_MOST, "a")], {"a": 8, "c": 8}, 2),
}  # fmt: skip


@pytest.mark.parametrize("row", ROWS)
def test_what_is_written_together_ends_as_one_after_the_other(store: Store, row: str) -> None:
    written, ends, statements = ROWS[row]
    with store.writing() as unit:
        unit.many(_ADD, [{"name": "a", "value": 1}, {"name": "b", "value": 2}])
    with asked(store) as heard, store.writing() as unit:
        for statement, given in written:
            unit.later(statement, given)
    if store.dialect == "postgresql":
        assert len(heard.statements) == statements, heard.statements
    assert _all(store) == {"a": 1, "b": 2} | ends


def _all(store: Store) -> dict[str, int | None]:
    with store.reading() as unit:
        there = dict(unit.rows(select(counter.c.name, counter.c.value)))
    return {"a": None, "b": None} | there


def _looks(unit: Unit) -> object:
    return unit.value(select(func.count()).select_from(counter))


def _writes(unit: Unit) -> object:
    return unit.run(_SET, {"which": "a", "to": 5}).rowcount


@pytest.mark.parametrize("then", [_looks, _writes])
def test_whoever_looks_or_counts_meets_what_was_written_before(
    store: Store, then: Callable[[Unit], object]
) -> None:
    with store.writing() as unit:
        unit.later(*_add("a", 1))
        assert then(unit) == 1


def test_a_clash_ends_the_transaction_with_all_of_it(store: Store) -> None:
    with store.writing() as unit:
        unit.later(*_add("a", 1))
    with pytest.raises(Clash), store.writing() as unit:
        unit.later(*_add("b", 2))
        unit.later(*_add("a", 3))
    assert _all(store) == {"a": 1, "b": None}
