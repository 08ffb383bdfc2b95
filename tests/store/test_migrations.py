"""Tables come up from nothing, once, and are what the program believes they are."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from app.store import NewerSchema, Store, columns, migrate, people, schema
from tests.kit import KEK


def test_the_migrated_tables_are_the_ones_described(store: Store) -> None:
    assert schema.cases.metadata is people.person.metadata is columns.METADATA
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, columns.METADATA) == []


def test_a_second_start_changes_nothing(store: Store) -> None:
    with store.engine.connect() as connection:
        before = migrate.revision(connection)
    store.migrate()
    with store.engine.connect() as connection:
        assert migrate.revision(connection) == before == migrate.HEAD


def test_the_newest_step_is_the_one_the_program_asks_for() -> None:
    folder = Path(migrate.__file__).parent / "migrations" / "versions"
    assert max(path.name[:4] for path in folder.glob("0*.py")) == migrate.HEAD


def test_a_database_of_a_newer_program_is_refused(store: Store) -> None:
    with store.writing() as unit:
        unit.run(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerSchema):
        store.migrate()


def test_two_processes_starting_at_once_migrate_once(postgres_url: str) -> None:
    faults: list[BaseException] = []

    def start() -> None:
        try:
            Store(postgres_url, KEK).migrate()
        except BaseException as error:
            faults.append(error)

    threads = [threading.Thread(target=start) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert faults == []


def test_sqlite_promises_what_it_must(sqlite_store: Store) -> None:
    with sqlite_store.reading() as unit:
        assert unit.value(text("PRAGMA journal_mode")) == "wal"
        assert unit.value(text("PRAGMA synchronous")) == 2
        assert unit.value(text("PRAGMA busy_timeout")) == 30000


def test_postgres_throws_out_a_hanging_holder(postgres_store: Store) -> None:
    with postgres_store.reading() as unit:
        for name in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"):
            assert unit.value(text(f"SHOW {name}")) not in ("0", 0)
