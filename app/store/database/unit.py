"""One transaction: a unit of work on a connection, with the room's own errors.

Which statements run in it is for the modules of each subject. What writes is compiled once and
kept (`written`): looking a statement up anew each time costs more than running it. What nobody
waits for goes to PostgreSQL with what is written after it (`together`), before anything is read.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import Connection, CursorResult, Executable, UpdateBase, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.store.database.ahead import Answered, Given, Key, answers, key_of
from app.store.database.errors import Busy, Clash, StoreFault, Unreachable
from app.store.database.keys import Keys
from app.store.database.together import fits, send, send_all
from app.store.database.written import Bound, Written, written

#: rows that go each as a statement of its own; more are sent as a list
_FEW = 6
_STILL = text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
#: SQLSTATE of what `together` divides by
_NO_ROW = "22012"
#: SQLSTATEs of PostgreSQL that mean "somebody else holds it": lock, statement, deadlock, serialise
_WAITED = {"55P03", "57014", "40P01", "40001"}


class Unit:
    """An open transaction. It commits when the `with` block of `Store.writing` ends well."""

    __slots__ = ("_connection", "_waiting", "keys", "known", "wrote")

    def __init__(self, connection: Connection, keys: Keys) -> None:
        self._connection = connection
        #: written, and not sent yet: sets in their order, in each of them all of other rows
        self._waiting: list[list[Bound]] = []
        self.keys = keys
        #: answers to looks that were asked before they came (`ahead`), until something is written
        self.known: Mapping[Key, Answered] = {}
        #: whether something else than a look came from here
        self.wrote = False

    @property
    def connection(self) -> Connection:
        """With all that was written so far. What is done with it is not seen here."""
        self.wrote = True
        return self.for_looks

    @property
    def for_looks(self) -> Connection:
        """The same where nothing is written with it."""
        self.send()
        return self._connection

    def later(self, statement: UpdateBase, given: Mapping[str, Any]) -> None:
        """Writes, at the latest before the next look and before the end. A `Clash` comes then."""
        self.wrote = True
        kept = self._kept(statement, given)
        if kept is None:
            self.run(statement, given)
        else:
            self._add(Bound(kept, given))

    def exactly_one(self, statement: UpdateBase, given: Mapping[str, Any]) -> None:
        """As `later`, of one row by its key. Where there is none a `Clash` comes, and nothing of
        the transaction is kept."""
        self.wrote = True
        kept = self._kept(statement, given)
        if kept is not None:
            self._add(Bound(kept, given, once=True))
        elif self.run(statement, given).rowcount != 1:
            raise Clash

    def _kept(self, statement: UpdateBase, given: Mapping[str, Any]) -> Written | None:
        """None: it does not wait."""
        dialect = self._connection.dialect
        return written(statement, dialect, tuple(given)) if dialect.name == "postgresql" else None

    def _add(self, more: Bound) -> None:
        if self._waiting and fits(self._waiting[-1], more):
            self._waiting[-1].append(more)
        else:
            self._waiting.append([more])

    def stands_still(self) -> None:
        """All that is read from here on is of one instant. Said before anything is read."""
        if self._connection.dialect.name == "postgresql":  # SQLite's looks are so of themselves
            self._connection.execute(_STILL)

    def send(self, *, commit: bool = False) -> None:
        """What was written is in the database from here on. `commit`: it is the end; where nothing
        is left to send, whoever opened the transaction ends it."""
        sets, self._waiting = self._waiting, []
        if len(sets) == 1 and not commit:
            send(self._connection, sets[0])
        elif sets:
            send_all(self._connection, sets, commit=commit)

    def run(self, statement: Executable, given: Given = None) -> CursorResult[Any]:
        self.wrote = True
        if isinstance(statement, UpdateBase) and isinstance(given, Mapping):
            kept = written(statement, self._connection.dialect, tuple(given))
            if kept is not None and self._waiting:
                self._add(Bound(kept, given))
                last = self._waiting.pop()
                self.send()
                return send(self._connection, last)
            if kept is not None:
                return self._connection.exec_driver_sql(kept.sql, kept.bound(given))
        return self.for_looks.execute(statement, given)

    def rows(self, statement: Executable, given: Given = None) -> Sequence[Any]:
        return self._looked(statement, given).all()

    def row(self, statement: Executable, given: Given = None) -> Any | None:
        return self._looked(statement, given).first()

    def value(self, statement: Executable, given: Given = None) -> Any:
        return self._looked(statement, given).scalar()

    def _looked(self, statement: Executable, given: Given) -> CursorResult[Any] | Answered:
        if not statement.is_select:  # what writes may give rows too
            self.wrote = True
        elif self.known and not self.wrote:
            key = key_of(statement, given)
            if key is not None and key in self.known:
                return self.known[key]
        return self.for_looks.execute(statement, given)

    def ask_ahead(self, *looks: Callable[[Unit], object]) -> None:
        """What these ask of a unit is asked now, all at once where that saves a way; each must ask
        the same whatever it is told."""
        if self._connection.dialect.name != "postgresql":
            return
        noting = _Noting(self.for_looks, self.keys)
        for look in looks:
            look(noting)
        self.known = {**self.known, **answers(self.for_looks, noting.noted)}

    def many(self, statement: UpdateBase, given: Sequence[Mapping[str, Any]]) -> None:
        """Runs it once for each mapping, as `later` does; nothing when there is none."""
        if len(given) <= _FEW:
            for each in given:
                self.later(statement, each)
        else:
            self.run(statement, given)


class _Noting(Unit):
    """Answers nothing, and notes what was asked."""

    __slots__ = ("noted",)

    def __init__(self, connection: Connection, keys: Keys) -> None:
        super().__init__(connection, keys)
        self.noted: dict[Key, tuple[Executable, Mapping[str, Any]]] = {}

    def _looked(self, statement: Executable, given: Given) -> Answered:
        key = key_of(statement, given)
        if key is not None:
            self.noted[key] = statement, dict(key[1])
        return Answered(())


@contextmanager
def own_errors() -> Iterator[None]:
    """Turns what SQLAlchemy raises into the room's family."""
    try:
        yield
    except PoolTimeout as error:
        raise Busy from error
    except DBAPIError as error:
        raise _translated(error.orig, lost=error.connection_invalidated) from error
    except psycopg.Error as error:  # of what goes past SQLAlchemy
        raise _translated(error) from error


def _translated(error: BaseException | None, *, lost: bool = False) -> StoreFault:
    """`error`: the driver's. `lost`: the connection is."""
    state = getattr(error, "sqlstate", None)
    words = str(error).lower()
    if state == _NO_ROW or isinstance(error, (psycopg.IntegrityError, sqlite3.IntegrityError)):
        return Clash()
    if state in _WAITED or "database is locked" in words or "database table is locked" in words:
        return Busy()
    if lost or isinstance(error, (psycopg.OperationalError, sqlite3.OperationalError)):
        return Unreachable()
    return StoreFault(f"The database refused a statement ({state or type(error).__name__}).")
