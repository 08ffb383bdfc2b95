"""Where the key-encryption key (KEK) comes from, and that it is the one a database was sealed with.

A key is made only beside a database in which nothing is sealed yet: made beside any other, it would
open nothing and look as if all were well. Wrapping and sealing with it is `keys`'.
"""

from __future__ import annotations

import base64
import binascii
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import inspect, select

from app.store.database.connection import looking
from app.store.database.errors import StoreFault, WrongKey
from app.store.database.keys import LENGTH, Keys
from app.store.schema import case_key

#: its name in the folder of the secrets, and among systemd's credentials
NAME = "kek"
#: seconds that a command may take to give it
PATIENCE = 30


@dataclass(frozen=True, slots=True)
class KekSource:
    """A command where one is named; else systemd's credential “kek”; else the file in `folder`."""

    folder: Path
    #: program and arguments that print it, e.g. of a key management service; no shell reads them
    command: tuple[str, ...] = ()

    def read(self) -> bytes | None:
        """The 32 bytes; None where there is no file yet. Raises `WrongKey`."""
        if self.command:
            return _printed(self.command)
        given = os.environ.get("CREDENTIALS_DIRECTORY")
        for folder in (*([Path(given)] if given else []), self.folder):
            try:
                return _whole((folder / NAME).read_bytes(), f"The key file {NAME} must hold")
            except FileNotFoundError:
                continue
        return None

    def make(self) -> bytes:
        """A new one in the folder, for this account only. Raises `WrongKey` where a command gives
        it: only that can make one."""
        if self.command:
            raise WrongKey("The command of “key” gave no key.")
        path = self.folder / NAME
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:  # another process was quicker
            return _whole(path.read_bytes(), f"The key file {NAME} must hold")
        kek = os.urandom(LENGTH)
        with os.fdopen(handle, "wb") as file:
            file.write(kek)
            file.flush()
            os.fsync(file.fileno())
        _kept(path.parent)
        return kek


def kek_for(url: str, source: KekSource, *, make: bool) -> bytes:
    """The key that this database is sealed with. `make`: a new one where nothing is sealed yet.

    Raises `WrongKey` where it is missing or another, `Unreachable`; nothing is changed then.
    """
    held = names_in(url)
    kek = source.read()
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


def names_in(url: str) -> frozenset[str]:
    """Names of the keys with which anything in the database is sealed; makes nothing."""
    with looking(url) as connection:
        if connection is None or not inspect(connection).has_table(case_key.name):
            return frozenset()
        return frozenset(connection.execute(select(case_key.c.kek).distinct()).scalars())


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
    text = given.strip()
    for read in (bytes.fromhex, _base64):
        try:
            kek = read(text.decode("ascii"))
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
