"""The product's own server in a process that may be killed: forked, so that it is there at once.

The parent prepares desk and site and holds no connection while it forks; the child opens its own,
listens with the product's own listener and serves until it is killed.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from flask import Flask

from app import wiring
from app.casework import Desk, accounts
from app.cli.listening import listening
from app.config import Config
from app.config import installation as configs
from app.scheduler.clock import Clock
from app.web import create_web
from tests.acceptance.site import Caller, Site
from tests.kit import PEOPLE

#: what a child does before it serves
Prepare = Callable[[Desk, Flask], None]


@dataclass
class Place:
    """An installation: its folder, the desk of this process, the site, tokens of its people."""

    site: Site
    config: Config
    desk: Desk
    web: Flask
    now: Callable[[], datetime]
    tokens: dict[str, str] = field(default_factory=dict)

    def token(self, who: str) -> str:
        if who not in self.tokens:
            person = PEOPLE.get(who)
            name, roles = (person.name, person.roles) if person else (who.title(), {"lead"})
            at = self.now()
            held = accounts.ensure(self.desk, who, name, roles, at)
            self.tokens[who] = accounts.new_token(self.desk, held, "drills", at)
        return self.tokens[who]

    def letting_go(self) -> None:
        """Before a fork: no connection is shared with a child."""
        self.desk.store.close()


def placed(
    folder: Path,
    files: Mapping[str, bytes],
    database: str = "",
    clock: Callable[[], datetime] | None = None,
    **changes: object,
) -> Place:
    """A new installation with its first deployment. `database` as in config.yaml."""
    site = Site(folder, files, database or f"sqlite:///{folder}/cases.db", changes)
    desk, said = site.desk(), list[str]()
    config = configs.load(folder / "config.yaml")
    tells = clock or Clock(desk.store)
    if not wiring.deploy_content(desk, config, tells(), said.append):
        raise AssertionError("\n".join(said))
    return Place(site, config, desk, create_web(desk, config, tells), tells)


@dataclass
class Served:
    """A child that serves."""

    pid: int
    port: int
    dead: bool = False

    def send(self, how: int) -> None:
        os.kill(self.pid, how)

    def kill(self) -> None:
        if not self.dead:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            self.wait()

    def wait(self) -> None:
        os.waitpid(self.pid, 0)
        self.dead = True


def forked(do: Callable[[], None], log: Path | None = None) -> int:
    """Process id of a child that does this and ends; its words go to the log."""
    pid = os.fork()
    if pid:
        return pid
    try:
        os.setpgid(0, 0)
        if log is not None:
            said = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            os.dup2(said, 1)
            os.dup2(said, 2)
        do()
    except BaseException:
        traceback.print_exc(file=sys.stderr)
        os._exit(1)
    os._exit(0)


def serve(place: Place, prepare: Prepare | None = None) -> Served:
    """Serves in a child; answers as soon as this returns."""
    place.letting_go()
    readable, writable = os.pipe()

    def child() -> None:
        os.close(readable)
        if prepare is not None:
            prepare(place.desk, place.web)
        server = listening(place.web, host="127.0.0.1", port=0, threads=8, ident=None)
        os.write(writable, str(server.effective_port).encode())
        os.close(writable)
        server.run()

    pid = forked(child, place.site.folder / "served.log")
    os.close(writable)
    with os.fdopen(readable) as said:
        port = said.read()
    if not port:
        raise AssertionError("the server did not come up")
    return Served(pid, int(port))


@contextmanager
def serving(place: Place, count: int = 1, prepare: Prepare | None = None) -> Iterator[list[Served]]:
    servers = [serve(place, prepare) for _ in range(count)]
    try:
        yield servers
    finally:
        for one in servers:
            one.kill()


def caller(server: Served, token: str, seconds: float = 60) -> Caller:
    return Caller(server.port, token, seconds=seconds)
