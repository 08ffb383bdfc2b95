"""Databases of tests: what one store compiles serves all of the process, no disk is waited for.

A test has a store of its own, so each would compile every statement anew: half of its time. Here
every engine of a process shares what was compiled for its kind of database. And nobody cuts the
power in a test: a commit is not waited for until it is on the disk. What a store itself sets and
runs stays; processes that a test starts (`tests/acceptance`) have neither.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Engine, event
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

#: a key names the dialect, so both kinds of databases have room in it
_COMPILED: LRUCache[Any, Any] = LRUCache(4000)
#: what PostgreSQL does for a power cut
POWER_CUT = ("fsync", "synchronous_commit", "full_page_writes")


class _Shared:
    """A dialect like every other of its kind, which is how compiled statements are looked up."""

    supports_statement_cache = True

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)

    def __hash__(self) -> int:
        return hash(type(self))

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        engine.update_execution_options(compiled_cache=_COMPILED)


class Sqlite(_Shared, SQLiteDialect_pysqlite):
    supports_statement_cache = True

    @classmethod
    def engine_created(cls, engine: Engine) -> None:
        super().engine_created(engine)
        event.listen(engine, "checkout", _no_waiting)


class Postgres(_Shared, PGDialect_psycopg):
    supports_statement_cache = True


def _no_waiting(connection: Any, record: Any, _proxy: Any) -> None:
    """After what the store sets when it connects."""
    if not _WAITED and not record.info.get("no waiting"):
        connection.execute("PRAGMA synchronous = OFF").close()
        record.info["no waiting"] = True


#: filled while stores wait for the disk
_WAITED: list[bool] = []


@contextmanager
def waited_for() -> Iterator[None]:
    """New connections inside keep what the store has set."""
    _WAITED.append(True)
    try:
        yield
    finally:
        _WAITED.pop()


def share() -> None:
    """From here on, for every store of this process."""
    registry.register("sqlite", __name__, "Sqlite")
    registry.register("postgresql.psycopg", __name__, "Postgres")


class Recycled:
    """Migrated databases of one PostgreSQL: emptied, not made anew, for the next test.

    Only what a test has filled is emptied, and so that its file is new. One whose tables or
    version are not those of the template any more is thrown away.
    """

    def __init__(self, server_url: str, template: str) -> None:
        self._server, self._template = server_url, template
        self._numbers = itertools.count(1)
        #: clean ones, each with the connection that cleans it
        self._free: list[tuple[str, psycopg.Connection[Any]]] = []
        with self._into(template) as connection:
            self._as_made = _made_of(connection)
            self._filled = set(_filled(connection, self._as_made))

    def _into(self, name: str) -> psycopg.Connection[Any]:
        return psycopg.connect(self._server.replace("/postgres?", f"/{name}?"), autocommit=True)

    @contextmanager
    def lent(self) -> Iterator[str]:
        """URL of one that nobody else has meanwhile."""
        name, connection = self._free.pop() if self._free else self._new()
        yield self._server.replace("/postgres?", f"/{name}?")
        if self._emptied(connection):
            self._free.append((name, connection))
        else:
            connection.close()
            with psycopg.connect(self._server, autocommit=True) as server:
                server.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def _new(self) -> tuple[str, psycopg.Connection[Any]]:
        name = f"recycled{next(self._numbers)}"
        with psycopg.connect(self._server, autocommit=True) as server:
            server.execute(f"CREATE DATABASE {name} TEMPLATE {self._template}")
        return name, self._into(name)

    def _emptied(self, connection: psycopg.Connection[Any]) -> bool:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        if _made_of(connection) != self._as_made:
            return False
        filled = [each for each in _filled(connection, self._as_made) if each not in self._filled]
        if filled:
            tables = sql.SQL(", ").join(map(sql.Identifier, filled))
            connection.execute(sql.SQL("TRUNCATE {} RESTART IDENTITY CASCADE").format(tables))
        # a number may have been given to a row that was not kept
        connection.execute(
            "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'"
        )
        return True

    def close(self) -> None:
        for _, connection in self._free:
            connection.close()


def _made_of(connection: psycopg.Connection[Any]) -> list[Any]:
    """Tables, columns, indexes, and the version that stands in it."""
    return [
        connection.execute(asked).fetchall()
        for asked in (
            "SELECT relname, relkind, relnatts FROM pg_class"
            " WHERE relnamespace = 'public'::regnamespace ORDER BY 1, 2",
            "SELECT version_num FROM alembic_version",
        )
    ]


def _filled(connection: psycopg.Connection[Any], made_of: list[Any]) -> list[str]:
    parts = [
        sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(sql.Literal(n), sql.Identifier(n))
        for n, kind, _ in made_of[0]
        if kind in ("r", b"r")
    ]
    return [name for (name,) in connection.execute(sql.SQL(" UNION ALL ").join(parts)).fetchall()]
