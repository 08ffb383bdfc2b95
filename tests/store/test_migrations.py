"""Tables come up from nothing, once, and are what the program believes they are."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import text

from app.store import NewerSchema, Store, columns, migrate, schema
from app.store.people import tables
from tests.databases import waited_for
from tests.kit import KEK


def test_the_migrated_tables_are_the_ones_described(store: Store) -> None:
    assert schema.cases.metadata is tables.person.metadata is columns.METADATA
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
    texts = {path.name[:4]: path.read_text() for path in folder.glob("0*.py")}
    last = [
        n for n in texts if not any(f'down_revision = "{n}"' in text for text in texts.values())
    ]
    assert last == [migrate.HEAD]


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


_TASK = {
    "case_id": "c", "instance": "1", "element": "check", "process": "q", "name": "Check",
    "opened_at": 1, "version": 1,
}  # fmt: skip
_DEADLINE = {
    "case_id": "c", "element": "check", "name": "Check", "due": 1, "whole_day": True, "sum": "",
    "rule": "", "backstop_whole_day": True, "calendar": "", "set_at": 1, "moved": 0,
    "was_late": False,
}  # fmt: skip
_DONE = {"case_id": "c", "at": 1, "by": "ann", "seq": 1, "offers": ""}
#: rows as step 0008 kept them → the process they are given
BEFORE_PLACES: list[tuple[str, dict[str, Any], str]] = [
    ("task", {**_TASK, "task": "1-2"}, "q"),
    ("deadline", {**_DEADLINE, "task": "1-2"}, "q"),
    ("deadline", {**_DEADLINE, "task": "1-3"}, ""),
    ("done", {**_DONE, "task": "start:1", "element": "p", "how": "started"}, "p"),
    ("done", {**_DONE, "task": "1-1", "element": "ask", "how": "completed"}, ""),
]


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_rows_from_before_they_named_a_process_get_the_one_that_is_known(
    kind: str, request: pytest.FixtureRequest
) -> None:
    store = Store(request.getfixturevalue(f"{kind}_url"), KEK)
    config = Config()
    folder = Path(migrate.__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    with store.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0008")
        for table, row, _ in BEFORE_PLACES:
            names, given = (", ".join(f'{mark}{one}{end}' for one in row)
                            for mark, end in (('"', '"'), (":", "")))  # fmt: skip
            connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({given})"), row)
    store.migrate()
    with store.reading() as unit:
        for table, row, process in BEFORE_PLACES:
            asked = text(f"SELECT process FROM {table} WHERE task = :task")
            assert unit.value(asked, {"task": row["task"]}) == process, (table, row["task"])
    store.close()


def test_sqlite_promises_what_it_must(sqlite_store: Store) -> None:
    with waited_for(), sqlite_store.reading() as unit:
        assert unit.value(text("PRAGMA journal_mode")) == "wal"
        assert unit.value(text("PRAGMA synchronous")) == 2
        assert unit.value(text("PRAGMA busy_timeout")) == 30000


def test_postgres_throws_out_a_hanging_holder(postgres_store: Store) -> None:
    with postgres_store.reading() as unit:
        for name in ("lock_timeout", "statement_timeout", "idle_in_transaction_session_timeout"):
            assert unit.value(text(f"SHOW {name}")) not in ("0", 0)
