"""Copies a whole database out and in again, while it is in use: SQLite by itself, PostgreSQL by its
own pg_dump and pg_restore, which must be installed beside this program.

Owns that a copy is one moment of the database, whole or not there. What is kept beside it, and
whether it is the right one, is for whoever asks.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL, inspect, make_url

from app.store.database.connection import file_of, looking
from app.store.database.errors import StoreFault

#: of an address of PostgreSQL → the environment of its tools: nothing of it is seen in a list of
#: processes
_NAMED = {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "host": "PGHOST"}


class Uncopied(StoreFault):
    """The database was not copied."""


def copy_out(url: str, target: Path) -> None:
    """Writes the database of this moment into a new file. Raises `Uncopied`."""
    source = file_of(url)
    if source is None:
        _tool(url, "pg_dump", "--format=custom", "--no-owner", "--file", str(target))
    else:
        try:
            with closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as file:
                file.execute("VACUUM INTO ?", (str(target),))
        except sqlite3.Error as error:
            raise Uncopied(f"The database could not be copied ({type(error).__name__}).") from error
    flushed(target)


def copy_in(url: str, source: Path) -> None:
    """Fills an empty database with a copy. Raises `Uncopied` where it is not empty, and changes
    nothing then."""
    if not is_empty(url):
        raise Uncopied("This database is not empty. A backup is restored into an empty one only.")
    target = file_of(url)
    if target is None:
        words = ("--single-transaction", "--no-owner", "--exit-on-error", str(source))
        _tool(url, "pg_restore", *words)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f"{target.name}.restoring")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as out, source.open("rb") as content:
        shutil.copyfileobj(content, out)
    flushed(beside)
    beside.replace(target)
    flushed(target.parent)


def is_empty(url: str) -> bool:
    """There are no tables in it; makes nothing."""
    with looking(url) as connection:
        return connection is None or not inspect(connection).get_table_names()


def flushed(path: Path) -> None:
    """What was written there is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _tool(url: str, name: str, *words: str) -> None:
    address = make_url(url)
    program = shutil.which(name)
    if program is None:
        raise Uncopied(
            f"{name} is not installed here. It comes with PostgreSQL's client tools; take those of"
            " the server's release or a newer one."
        )
    if name == "pg_restore":
        words = ("--dbname", address.database or "postgres", *words)
    done = subprocess.run(
        [program, *words],
        env={**os.environ, **_environment(address)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["it gave no reason"])[-1]
        raise Uncopied(f"{name} ended with {done.returncode}: {said}")


def _environment(address: URL) -> dict[str, str]:
    given = {
        "PGHOST": address.host,
        "PGPORT": address.port,
        "PGUSER": address.username,
        "PGPASSWORD": address.password,
        "PGDATABASE": address.database,
        **{_NAMED[key]: value for key, value in address.query.items() if key in _NAMED},
    }
    return {name: str(value) for name, value in given.items() if value}
