"""What a database says is told as one of the store's own faults, and never with what was stored."""

from __future__ import annotations

import sqlite3

import psycopg
import pytest
from psycopg import errors
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.store import Busy, Clash, StoreFault, Unreachable
from app.store.database.unit import own_errors


def _said(by: BaseException, kind: type[DBAPIError] = DBAPIError, gone: bool = False) -> DBAPIError:
    return kind("INSERT", {"name": "Kim"}, by, connection_invalidated=gone)


#: what happened → (what is raised, what it is told as, words)
SAID: dict[str, tuple[Exception, type[StoreFault], str]] = {
    "a lock was waited for": (_said(errors.LockNotAvailable("Kim")), Busy, ""),
    "a statement took too long": (_said(errors.QueryCanceled("Kim")), Busy, ""),
    "each waited for the other": (_said(errors.DeadlockDetected("Kim")), Busy, ""),
    "somebody else was first": (_said(errors.SerializationFailure("Kim")), Busy, ""),
    "SQLite's file is locked": (
        _said(sqlite3.OperationalError("database is locked"), OperationalError), Busy, ""),
    "SQLite's table is locked": (
        _said(sqlite3.OperationalError("database table is locked: cases"), OperationalError),
        Busy, ""),
    "no connection was free": (PoolTimeout("QueuePool limit"), Busy, ""),
    "the server went away": (
        _said(psycopg.OperationalError("Kim"), OperationalError), Unreachable, ""),
    "the connection was gone": (
        _said(psycopg.InterfaceError("the connection is closed"), InterfaceError, gone=True),
        Unreachable, ""),
    "a row of that name is there": (
        _said(errors.UniqueViolation("Kim"), IntegrityError), Clash, ""),
    "a statement that is none": (_said(errors.UndefinedTable("Kim")), StoreFault, "(42P01)"),
    "and of SQLite": (_said(sqlite3.ProgrammingError("Kim")), StoreFault, "(ProgrammingError)"),
}  # fmt: skip


@pytest.mark.parametrize(("fault", "told", "words"), SAID.values(), ids=SAID)
def test_what_a_database_says_is_a_fault_of_the_stores_own(
    fault: Exception, told: type[StoreFault], words: str
) -> None:
    with pytest.raises(StoreFault) as raised, own_errors():
        raise fault
    assert type(raised.value) is told
    assert words in str(raised.value) and "Kim" not in str(raised.value)
