"""Where the key-encryption key (KEK) comes from, and that it is the one a database was sealed with.

A key is made only beside a database in which nothing is sealed yet: made beside any other, it would
open nothing and look as if all were well. Wrapping and sealing with it is `keys`'.
"""

from __future__ import annotations

import base64
import binascii
import os
import sqlite3
import subprocess
from collections.abc import Collection
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import inspect, select, text

from app.store.database.connection import PROGRAM, file_of, looking
from app.store.database.errors import StoreFault, WrongKey
from app.store.database.keys import LENGTH, Keys
from app.store.schema import case_key

#: its name in the folder of the secrets, and among systemd's credentials; and of the one that shall
#: take over
NAME, NEXT = "kek", "kek.next"
#: seconds that a command may take to give it
PATIENCE = 30
_HOLDS = f"The key file {NAME} must hold"
_OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND pid <> pg_backend_pid() AND application_name = :program"
)


@dataclass(frozen=True, slots=True)
class KekSource:
    """A command where one is named; else systemd's credential “kek”; else the file in `folder`.
    Likewise the key that takes over, of which each says so."""

    folder: Path
    #: program and arguments that print it, e.g. of a key management service; no shell reads them
    command: tuple[str, ...] = ()
    next_command: tuple[str, ...] = ()

    def read(self) -> bytes | None:
        """The 32 bytes; None where there is no file yet. Raises `WrongKey`."""
        return _printed(self.command) if self.command else self._file(NAME)

    def read_next(self) -> bytes | None:
        """The key that takes over; None: there is none. Raises `WrongKey`."""
        return _printed(self.next_command) if self.next_command else self._file(NEXT)

    def of(self, names: Collection[str]) -> bytes | None:
        """The one of both that is called so; None: neither. A change of keys that was cut off
        leaves a database under the new one, though the other still stands in its place."""
        for read in (self.read, self.read_next):
            kek = read()
            if kek is not None and Keys(kek).name in names:
                return kek
        return None

    def _file(self, name: str) -> bytes | None:
        for folder in (*_credentials(), self.folder):
            try:
                return _whole((folder / name).read_bytes(), f"The key file {name} must hold")
            except FileNotFoundError:
                continue
        return None

    def make(self) -> bytes:
        """A new one in the folder, for this account only. Raises `WrongKey` where a command gives
        it: only that can make one."""
        if self.command:
            raise WrongKey("The command of “key” gave no key.")
        path = self.folder / NAME
        try:
            return _made(path)
        except FileExistsError:  # another process was quicker
            return _whole(path.read_bytes(), _HOLDS)

    def make_next(self) -> bytes:
        """The key that takes over, in the folder. Raises `WrongKey` where there is one already, or
        where a command gives the key."""
        if self.command or self.next_command:
            raise WrongKey("A command gives the key here: name the new one's in “key.next”.")
        if self.read_next() is not None:
            raise WrongKey(f"There is a new key already ({NEXT}). Nothing was changed.")
        return _made(self.folder / NEXT)

    def promote(self) -> Path | None:
        """Puts the file of the new key in the place of the old one, which stays beside it under
        its name. Gives where that is; None: neither is a file here, and somebody has to do it."""
        old, new = self.folder / NAME, self.folder / NEXT
        given = (
            self.command or self.next_command or any((f / NAME).exists() for f in _credentials())
        )
        if given or not new.exists() or not old.exists():
            return None
        beside = old.with_name(f"{NAME}.{Keys(_whole(old.read_bytes(), _HOLDS)).name}")
        with suppress(FileExistsError):  # we were cut off in between
            os.link(old, beside)
        _kept(self.folder)
        os.replace(new, old)
        _kept(self.folder)
        return beside


def kek_for(url: str, source: KekSource, *, make: bool) -> bytes:
    """The key that this database is sealed with. `make`: a new one where nothing is sealed yet.

    Raises `WrongKey` where it is missing or another, `Unreachable`; nothing is changed then.
    """
    held = names_in(url)
    kek = (source.of(held) if held else None) or source.read()
    if kek is None:
        if held:
            raise WrongKey(
                f"The key of this database is missing: cases are sealed with the key {_said(held)}."
                " Put it back from where it is kept (see docs/operations.md, Keys). Nothing was"
                " changed, and no other key was made."
            )
        if not make:
            raise WrongKey("There is no key yet. “rapid-review migrate” makes it.")
        return source.make()
    name = Keys(kek).name
    if held and name not in held:
        raise WrongKey(
            f"The key {name} is not the one of this database, whose cases are sealed with"
            f" {_said(held)}. Put that one back. Nothing was changed."
        )
    return kek


def is_alone(url: str) -> bool:
    """Whether nobody else has this database open, for what is done while nothing runs."""
    with looking(url) as connection:
        if connection is None:
            return True
        if connection.dialect.name == "postgresql":
            return not connection.execute(text(_OTHERS), {"program": PROGRAM}).scalar()
    file = file_of(url)
    assert file is not None
    with closing(sqlite3.connect(file, timeout=0.2)) as raw:
        try:
            # only who is alone may leave the write-ahead log; the next who opens it goes back
            (mode,) = raw.execute("PRAGMA journal_mode = DELETE").fetchone()
        except sqlite3.OperationalError:
            return False
    return bool(mode == "delete")


def names_in(url: str) -> frozenset[str]:
    """Names of the keys with which anything in the database is sealed; makes nothing."""
    with looking(url) as connection:
        if connection is None or not inspect(connection).has_table(case_key.name):
            return frozenset()
        return frozenset(connection.execute(select(case_key.c.kek).distinct()).scalars())


def _credentials() -> tuple[Path, ...]:
    """The folder of systemd's credentials, where there is one."""
    given = os.environ.get("CREDENTIALS_DIRECTORY")
    return (Path(given),) if given else ()


def _made(path: Path) -> bytes:
    """A new key in a new file, for this account only. Raises `FileExistsError`."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    kek = os.urandom(LENGTH)
    with os.fdopen(handle, "wb") as file:
        file.write(kek)
        file.flush()
        os.fsync(file.fileno())
    _kept(path.parent)
    return kek


def _printed(command: tuple[str, ...]) -> bytes:
    try:
        done = subprocess.run(
            command, capture_output=True, stdin=subprocess.DEVNULL, timeout=PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        why = type(error).__name__
        raise WrongKey(f"The command of “key” could not be run ({why}).") from error
    if done.returncode:
        raise WrongKey(f"The command of “key” ended with {done.returncode} and gave no key.")
    return _whole(done.stdout, "The command of “key” must print")


def _whole(given: bytes, whose: str) -> bytes:
    """32 bytes as they are, or as base64 or hexadecimal text."""
    if len(given) == LENGTH:
        return given
    written = given.strip()
    for read in (bytes.fromhex, _base64):
        try:
            kek = read(written.decode("ascii"))
        except (ValueError, UnicodeDecodeError):
            continue
        if len(kek) == LENGTH:
            return kek
    raise WrongKey(f"{whose} {LENGTH} bytes, not {len(given)}.")


def _base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError from error


def _said(names: frozenset[str]) -> str:
    return ", ".join(sorted(names))


def _kept(folder: Path) -> None:
    """The file's name is on the disk too: a key that a power cut takes away opens nothing again."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError as error:  # a system that opens no folders
        raise StoreFault(f"{folder} cannot be opened.") from error
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
