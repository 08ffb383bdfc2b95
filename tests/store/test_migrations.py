"""Tables come up from nothing, once, and are what the program believes they are."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
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
from app.store.work import letters
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


def test_a_database_from_which_a_newer_program_took_something_is_refused(store: Store) -> None:
    with store.writing() as unit:
        unit.run(text("UPDATE alembic_version SET version_num = '9999'"))
        unit.run(text("UPDATE schema_floor SET step = '9998'"))
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


def upgraded(store: Store, step: str, rows: list[tuple[str, dict[str, Any]]]) -> None:
    """To the newest step, with rows as this one kept them."""
    config = Config()
    folder = Path(migrate.__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    with store.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, step)
        for table, row in rows:
            names, given = (", ".join(f'{mark}{one}{end}' for one in row)
                            for mark, end in (('"', '"'), (":", "")))  # fmt: skip
            connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({given})"), row)
    store.migrate()


ON_BOTH = pytest.mark.parametrize(
    "kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)


@ON_BOTH
def test_rows_from_before_they_named_a_process_get_the_one_that_is_known(
    kind: str, request: pytest.FixtureRequest
) -> None:
    store = Store(request.getfixturevalue(f"{kind}_url"), KEK)
    upgraded(store, "0008", [(table, row) for table, row, _ in BEFORE_PLACES])
    with store.reading() as unit:
        for table, row, process in BEFORE_PLACES:
            asked = text(f"SELECT process FROM {table} WHERE task = :task")
            assert unit.value(asked, {"task": row["task"]}) == process, (table, row["task"])
    store.close()


_OUT = {
    "effect": "mail", "element": "tell", "process": "p", "body": b"", "at": 5, "attempts": 8,
    "sent_to": 0,
}  # fmt: skip
_NOTICE = {"person": "ann", "at": 5, "body": b"", "attempts": 2}
#: rows as step 0080 kept them → the letter they become: its kind and state; None: none
BEFORE_LETTERS: list[tuple[str, dict[str, Any], tuple[str, str] | None]] = [
    ("outbox", {**_OUT, "case_id": "c", "id": "given-up", "fault": "no"}, ("effect", "failed")),
    ("outbox", {**_OUT, "case_id": "c", "id": "waits", "next_at": 6}, None),
    ("outbox", {**_OUT, "case_id": "c", "id": "went", "sent_at": 6}, None),
    ("outbox", {**_OUT, "case_id": "c", "id": "rang", "effect": "signal", "fault": "no"}, None),
    ("notice", {**_NOTICE, "id": "given-up", "fault": "no"}, ("notice", "failed")),
    ("notice", {**_NOTICE, "id": "waits", "next_at": 6}, ("notice", "waiting")),
    ("notice", {**_NOTICE, "id": "went", "sent_at": 6}, ("notice", "sent")),
]


@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_mail_that_waits_or_was_given_up_is_taken_over(
    kind: str, request: pytest.FixtureRequest
) -> None:
    store = Store(request.getfixturevalue(f"{kind}_url"), KEK)
    config = Config()
    folder = Path(migrate.__file__).parent / "migrations"
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    with store.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0080")
        for table, row, _ in BEFORE_LETTERS:
            names, given = (", ".join(f'{mark}{one}{end}' for one in row)
                            for mark, end in (('"', '"'), (":", "")))  # fmt: skip
            connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({given})"), row)
    store.migrate()
    with store.reading() as unit:
        for table, row, becomes in BEFORE_LETTERS:
            id = f"notice.{row['id']}" if table == "notice" else row["id"]
            found = letters.find(unit, row.get("case_id", ""), str(id))
            assert (found and (found.kind, found.state)) == becomes, (table, id)
        assert letters.waiting(unit, datetime.now(UTC))


_CASE = {
    "process": "p", "deployment": "d", "opened_at": 1, "opened_by": "ann", "seq": 6, "head": b"",
    "last_at": 1, "state": b"", "calendar": "", "next_due": 7,
}  # fmt: skip
#: a case as it was parked, or not → when its clock looks at it next, after the upgrade
PARKED: dict[str, tuple[dict[str, Any], int | None]] = {
    "parked": ({"attempts": 5, "wake_at": None, "suspended": False}, 7),
    "tried again later": ({"attempts": 2, "wake_at": 9, "suspended": False}, 7),
    "parked and suspended": ({"attempts": 5, "wake_at": None, "suspended": True}, None),
    "well": ({"attempts": 0, "wake_at": 8, "suspended": False}, 8),
}


@ON_BOTH
def test_what_was_parked_as_a_whole_is_tried_once_more(
    kind: str, request: pytest.FixtureRequest
) -> None:
    store = Store(request.getfixturevalue(f"{kind}_url"), KEK)
    rows = [
        ("cases", {**_CASE, "id": id, "reference": id, **row}) for id, (row, _) in PARKED.items()
    ]
    stopped = {"case_id": "parked", "at": 3, "sentence": "No way on."}
    upgraded(store, "0080", [*rows, *(("incident", stopped | {"seq": n}) for n in (2, 3))])
    with store.reading() as unit:
        wakes = dict(unit.rows(text("SELECT id, wake_at FROM cases")))
        assert wakes == {id: at for id, (_, at) in PARKED.items()}
        assert unit.value(text("SELECT count(*) FROM incident WHERE resolved_at IS NULL")) == 0
        assert unit.value(text("SELECT count(*) FROM cases WHERE stalls IS NULL")) == 4
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
