"""Overwrites what a database keeps of deleted rows: free pages, dead rows, its write-ahead log.

Done outside every transaction, after content was destroyed; a row says that it still has to be, so
a crash between forgets nothing. What copies of the database hold is docs/operations.md's.
"""

from __future__ import annotations

import logging
import sqlite3
from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import ProgrammingError

from app.store.database.connection import Store, file_of
from app.store.database.unit import own_errors
from app.store.retention import erasures
from app.store.retention.content import GOES, OPEN

_LOG = logging.getLogger(__name__)
#: SQLite says of a checkpoint whether others were in its way
_DONE = 0
#: milliseconds
_SHORT = 1000


def sweep(store: Store, at: datetime) -> bool:
    """Sweeps where it has to be done. False: something was in the way; try again later.

    Others wait meanwhile: SQLite's whole database, of PostgreSQL one table after another.
    """
    with store.reading() as unit:
        waiting = erasures.unswept(unit)
    if not waiting:
        return True
    done = _sqlite(store) if store.dialect == "sqlite" else _postgres(store)
    if done:
        with store.writing() as unit:
            erasures.swept(unit, waiting, at)
        _LOG.info("swept the database of %s destroyed cases", len(waiting))
    return done


def _sqlite(store: Store) -> bool:
    """Writes the database anew, without free pages, and empties the write-ahead log."""
    if file_of(str(store.url)) is None:
        return True  # nothing of it stands anywhere but in memory
    with own_errors():
        raw: Any = store.engine.raw_connection()
    try:
        cursor = raw.cursor()
        # Whoever waits for readers keeps writers out: rather later than long.
        cursor.execute(f"PRAGMA busy_timeout = {_SHORT}")
        cursor.execute("PRAGMA temp_store = FILE")  # it may be larger than the memory
        cursor.execute("VACUUM")
        (busy, *_) = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return bool(busy == _DONE)
    except sqlite3.OperationalError:
        return False
    finally:
        raw.invalidate()  # with its settings
        raw.close()


def _postgres(store: Store) -> bool:
    """Rewrites each table that says something in the open, and the keys'; the rest is unreadable
    without a key, and only cleared."""
    anew = {table.name for table in OPEN}
    with own_errors(), store.engine.connect() as plain:
        connection = plain.execution_options(isolation_level="AUTOCOMMIT")
        connection.exec_driver_sql("SET statement_timeout = 0")
        try:
            for name in sorted(anew | {table.name for table in GOES}):
                how = "FULL" if name in anew else "ANALYZE FALSE"
                connection.exec_driver_sql(f'VACUUM ({how}) "{name}"')
            _forget_the_log(connection)
        finally:
            connection.exec_driver_sql("SET statement_timeout = '15s'")
    return True


def _forget_the_log(connection: Connection) -> None:
    """Lets go of what the write-ahead log holds up to now, where the account may."""
    for statement in ("SELECT pg_switch_wal()", "CHECKPOINT"):
        with suppress(ProgrammingError):  # only who keeps the server may
            connection.exec_driver_sql(statement)
