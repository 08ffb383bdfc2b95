"""Opens the database, SQLite or PostgreSQL, so that both keep the same promises.

SQLite: WAL, synchronous FULL, BEGIN IMMEDIATE for every write. PostgreSQL: time-outs that free a
lock when its holder hangs. The statements are for the modules of each subject.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool, StaticPool

from app.store.database.cursors import QuickCursor
from app.store.database.errors import StoreFault
from app.store.database.keys import Keys
from app.store.database.looks import Look
from app.store.database.unit import Unit, own_errors
from app.store.migrate import Tables, demand_current, migrate

#: opens a transaction that may write
Writing = Callable[[], AbstractContextManager[Unit]]
#: milliseconds; a hung holder of a case lock is thrown out before the others give up waiting
_SETTINGS = {
    "lock_timeout": "10s",
    "statement_timeout": "15s",
    "idle_in_transaction_session_timeout": "15s",
    "timezone": "UTC",
}
#: by which the server knows our connections
PROGRAM = "rapid-review"
_POSTGRES = {
    "application_name": PROGRAM,
    "connect_timeout": 5,
    "keepalives": 1,
    "keepalives_idle": 2,
    "keepalives_interval": 1,
    "keepalives_count": 2,
    "tcp_user_timeout": 4000,
    "cursor_factory": QuickCursor,
    "options": " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items()),
}
_NO_ADDRESS = "The address of the database must begin with sqlite:/// or postgresql://."
#: SQLAlchemy's words for an address, and Python's for a port that is no number
_UNREAD = (ArgumentError, ValueError)
#: what is stored must not reach a log through the text of an error
_QUIET = {"hide_parameters": True}


class Store:
    """One database. `url` is SQLAlchemy's; `kek` wraps the cases' keys (see `kek.kek_for`)."""

    def __init__(self, url: str, kek: bytes, *, pool_size: int = 10) -> None:
        self.keys = Keys(kek)
        self.engine = engine_of(url, pool_size)
        self.url = make_url(url)
        self.dialect = self.url.get_backend_name()
        self._write = self.engine.execution_options(writes=True)

    @contextmanager
    def writing(self, look: Look | None = None) -> Iterator[Unit]:
        """A transaction that may write: commits at the end, rolls back on any error.

        `look`: it goes on from there, and ends it.
        """
        with own_errors(), self._begun(look) as connection:
            unit = Unit(connection, self.keys)
            yield unit
            if look is not None:
                look.write_besides(unit)
            unit.send(commit=True)

    def _begun(self, look: Look | None) -> AbstractContextManager[Connection]:
        connection = look.taken() if look is not None else None
        if connection is None:
            return self._write.begin()
        if self.dialect != "postgresql":  # SQLite says at the beginning whether it will write
            connection.close()
            return self._write.begin()
        return _going_on(connection)

    @contextmanager
    def series(self) -> Iterator[Writing]:
        """Transactions one after the other, each as by `writing`, on one connection."""
        with own_errors(), self._write.connect() as connection:

            @contextmanager
            def writing() -> Iterator[Unit]:
                with own_errors(), connection.begin():
                    unit = Unit(connection, self.keys)
                    yield unit
                    unit.send(commit=True)

            yield writing

    @contextmanager
    def reading(self, look: Look | None = None) -> Iterator[Unit]:
        """One consistent look; what it writes is thrown away. `look`: it stays open."""
        if look is not None:
            with own_errors():
                yield Unit(look.opened(self.engine), self.keys)
            return
        with own_errors(), self.engine.connect() as connection:
            unit = Unit(connection, self.keys)
            yield unit
            if not unit.wrote:  # a rollback would have the driver forget all prepared statements
                connection.commit()

    def migrate(self, *, finish: bool = False) -> Tables:
        """Brings an empty or older database to this program's tables, as far as the release before
        can work beside it; with `finish` to the end. Raises `NewerSchema`, `Unfinished`."""
        with own_errors():
            return migrate(self._write, finish=finish)

    def demand_current(self) -> Tables:
        """Changes nothing. Raises `OlderSchema` or `NewerSchema` for tables of another release that
        this one cannot work with."""
        with own_errors():
            return demand_current(self.engine)

    def close(self) -> None:
        self.engine.dispose()


@contextmanager
def _going_on(connection: Connection) -> Iterator[Connection]:
    with connection:
        yield connection
        connection.commit()


def engine_of(url: str, pool_size: int) -> Engine:
    """Raises `StoreFault` for an address that is none of ours."""
    try:
        backend = make_url(url).get_backend_name()
    except _UNREAD as error:
        raise StoreFault(_NO_ADDRESS) from error
    if backend == "postgresql":
        return _postgres(url, pool_size)
    if backend == "sqlite":
        return _sqlite(url, pool_size)
    raise StoreFault(_NO_ADDRESS)


def file_of(url: str) -> Path | None:
    """The file of a database of SQLite; None for one in memory, or on a server."""
    try:
        read = make_url(url)
    except _UNREAD as error:
        raise StoreFault(_NO_ADDRESS) from error
    named = read.database if read.get_backend_name() == "sqlite" else None
    return Path(named) if named and named != ":memory:" else None


@contextmanager
def looking(url: str) -> Iterator[Connection | None]:
    """A connection for a look before anything is opened: it changes nothing, and makes no file.
    None where there is no file yet."""
    file = file_of(url)
    if file is not None and not file.exists():
        yield None
        return
    if file is not None:
        url = f"sqlite:///{file.resolve().as_uri()}?mode=ro&uri=true"
        engine = create_engine(url, poolclass=NullPool, **_QUIET)
    else:
        engine = engine_of(url, 1)
    try:
        with own_errors(), engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _postgres(url: str, pool_size: int) -> Engine:
    url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    return create_engine(
        url,
        connect_args=_POSTGRES,
        **_QUIET,
        pool_pre_ping=True,
        pool_use_lifo=True,  # statements are prepared on each connection: the fewer, the sooner
        pool_recycle=1800,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=10,
    )


def _sqlite(url: str, pool_size: int) -> Engine:
    file = file_of(url)
    if file is not None:
        _own(file)
    arguments: dict[str, Any] = (
        {"poolclass": StaticPool}
        if file is None
        else {"pool_size": pool_size, "max_overflow": 30, "pool_timeout": 30}
    )
    engine = create_engine(
        url, connect_args={"check_same_thread": False, "timeout": 30}, **_QUIET, **arguments
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _own(path: Path) -> None:
    """Nobody else on the machine reads the file, nor what SQLite puts beside it (same mode)."""
    with suppress(OSError):  # said by who opens it
        with suppress(FileExistsError):
            # An existing file is not opened: closing it would let go of the locks by which SQLite
            # holds it open elsewhere in this process.
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        for each in (path, *(path.with_name(path.name + ending) for ending in ("-wal", "-shm"))):
            if each.exists():
                each.chmod(0o600)


def _prepare(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy's events begin transactions, not the driver
    cursor = connection.cursor()
    for pragma in (
        "busy_timeout = 30000",
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        "cache_size = -16000",
        "temp_store = MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    # A deferred BEGIN that writes later fails at once when somebody else wrote in between.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
