"""Looks that are asked before they come: each finds its own answer, and no old one."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import insert, select, text

from app import store as rows
from app.store import Store, Unit, Unreachable
from app.store.schema import calendar, cases
from tests.asked import asked
from tests.kit import START, Kit, diagram

pytestmark = pytest.mark.postgres
FILES = diagram("start > task:ask > end", ask={"groups": "clerk", "due": "=today()"})
_VERSIONS = select(calendar.c.version).order_by(calendar.c.version)
_ADD = insert(calendar)


@pytest.fixture
def case(postgres_store: Store) -> str:
    kit = Kit(postgres_store)
    kit.deploy(FILES)
    return kit.start("ann")


def look(unit: Unit, case: str) -> list[object]:
    """Instants, bytes, truths, numbers, nothing, sets of texts, rows, one row and one value."""
    return [
        rows.cases.find(unit, case),
        rows.work.tasks.of_case(unit, case),
        rows.work.deadlines.current(unit, case),
        rows.work.deadlines.count_ended(unit, case),
        rows.work.answers.count(unit, case),
        rows.cases.members(unit, case),
        rows.queries.stopped.held(unit, ["clerk", "lead"], date(2026, 3, 3)),
        rows.queries.stopped.shut_out(unit, [case]),
        list(rows.chain.history.rows(unit, case)),
    ]


def test_an_answer_that_came_before_is_what_would_have_come(
    postgres_store: Store, case: str
) -> None:
    with postgres_store.reading() as unit:
        expected = look(unit, case)
    with asked(postgres_store) as heard, postgres_store.reading() as unit:
        unit.ask_ahead(lambda noting: look(noting, case))
        assert look(unit, case) == expected
        assert rows.cases.find(unit, "another") is None, "of other values it is asked"
    assert heard.together == [9]
    assert len(heard.statements) == 1, heard.statements


def test_behind_what_was_written_everything_is_asked_anew(postgres_store: Store) -> None:
    with postgres_store.writing() as unit:
        unit.ask_ahead(lambda noting: noting.rows(_VERSIONS))
        before = [row[0] for row in unit.rows(_VERSIONS)]
        unit.run(_ADD, {"version": "2099", "content": "", "at": START})
        assert [row[0] for row in unit.rows(_VERSIONS)] == sorted([*before, "2099"])


def test_a_database_that_goes_while_it_is_asked_is_told_and_found_again(
    postgres_store: Store, case: str
) -> None:
    with pytest.raises(Unreachable), postgres_store.reading() as unit:
        mine = unit.value(text("SELECT pg_backend_pid()").columns(cases.c.seq))
        with postgres_store.engine.connect() as other:
            other.execute(text("SELECT pg_terminate_backend(:mine)"), {"mine": mine})
        unit.ask_ahead(lambda noting: look(noting, case))
    with postgres_store.reading() as unit:
        unit.ask_ahead(lambda noting: look(noting, case))
        assert rows.cases.find(unit, case) is not None
    assert postgres_store.engine.pool.checkedout() == 0


def test_what_lies_in_our_own_process_is_asked_as_ever(sqlite_store: Store) -> None:
    with asked(sqlite_store) as heard, sqlite_store.reading() as unit:
        unit.ask_ahead(lambda noting: noting.rows(_VERSIONS))
        assert not heard.statements and not heard.together
        assert unit.rows(_VERSIONS) == []
