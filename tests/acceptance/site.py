"""The product as somebody else meets it: real processes, a port, an address.

A `Site` is a folder of its own with config.yaml, bpmn/ and forms/; it starts the verbs of
`rapid-review` as processes, kills them, and signs people in. `Caller` speaks HTTP to it.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psutil
import yaml
from lxml import html

from app import wiring
from app.casework import accounts
from app.casework.desk import Desk
from app.config import installation as configs
from app.scheduler.clock import now
from tests.kit import PEOPLE, ROLES
from tests.limits import PATIENCE_S, until

PASSWORD = "a long and simple phrase"
COMMAND = (sys.executable, "-m", "app.cli.main")
ROOT = Path(__file__).parents[2]
#: as for a person: Python may keep what it has compiled, so that a second start is quicker
_SURROUNDINGS = {
    name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
}


def content(**changes: Any) -> dict[str, Any]:
    """config.yaml of a small partnership; `changes` over it, None takes a key away."""
    people = [
        {"id": p.id, "name": p.name, "roles": sorted(p.roles), **p.attributes}
        for p in PEOPLE.values()
    ]
    found: dict[str, Any] = {
        "title": "Rapid Review",
        "organisation": "Anyshire Partnership",
        "database": "sqlite:///var/cases.db",
        "reference": "T",
        "calendar": {"region": "england-and-wales"},
        "roles": {
            r.id: {"name": r.name, "sees": r.sees, "may": sorted(r.may)} for r in ROLES.values()
        },
        "people": people,
        "settings": {"days": 5},
        "mail": {"sender": "noreply@example.org"},
    }
    return {key: value for key, value in {**found, **changes}.items() if value is not None}


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@dataclass
class Running:
    """A process of the product; its words go to a file."""

    process: subprocess.Popen[bytes]
    log: Path
    port: int | None = None

    @property
    def alive(self) -> bool:
        return self.process.poll() is None

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def worked(self) -> float:
        """Seconds of processor time that it and its children have used."""
        return sum(psutil.Process(self.process.pid).cpu_times()[:4])

    def kill(self, how: int = signal.SIGKILL) -> int:
        if self.alive:
            self.process.send_signal(how)
        return self.process.wait(PATIENCE_S)


@dataclass
class Site:
    folder: Path
    files: Mapping[str, bytes]
    database: str = "sqlite:///var/cases.db"
    changes: Mapping[str, Any] = field(default_factory=dict)
    running: list[Running] = field(default_factory=list)
    #: beside the surroundings of every process, for those that stay
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.configure()
        for path, text in self.files.items():
            self.put(path, text)

    def configure(self, **more: Any) -> None:
        given = content(**{"database": self.database, **self.changes, **more})
        (self.folder / "config.yaml").write_text(yaml.safe_dump(given, allow_unicode=True))

    def put(self, path: str, text: bytes) -> None:
        place = self.folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text)

    def _arguments(self, verb: str, *more: str) -> list[str]:
        return [*COMMAND, "--config", str(self.folder / "config.yaml"), verb, *more]

    def do(self, verb: str, *more: str) -> subprocess.CompletedProcess[str]:
        """A verb that ends."""
        words = self._arguments(verb, *more)
        return subprocess.run(
            words, capture_output=True, text=True, timeout=PATIENCE_S, cwd=ROOT, check=False,
            env=_SURROUNDINGS,
        )  # fmt: skip

    def installed(self) -> subprocess.CompletedProcess[str]:
        """Tables and key as “migrate” makes them, then the first deployment."""
        self.desk().store.close()
        return self.do("deploy")

    def start(
        self, verb: str, port: int | None = None, *, wait: bool = True, sources: Path = ROOT
    ) -> Running:
        """A verb that stays; with `wait` until it answers (or has ended)."""
        listens = verb in ("run", "serve")
        port = (port or free_port()) if listens else None
        log = self.folder / f"{verb}-{len(self.running)}.log"
        with log.open("wb") as file:
            process = subprocess.Popen(
                self._arguments(verb, *(("--port", str(port)) if listens else ())),
                stdout=file,
                stderr=subprocess.STDOUT,
                cwd=sources,
                env={**_SURROUNDINGS, "PYTHONUNBUFFERED": "1", **self.environment},
            )
        made = Running(process, log, port)
        self.running.append(made)
        if wait and port is not None:
            answering(made)
        return made

    def stop(self) -> None:
        for one in self.running:
            if one.alive:
                one.kill()

    def desk(self) -> Desk:
        return wiring.open_desk(configs.load(self.folder / "config.yaml"), upgrade=True)


def answering(one: Running) -> None:
    """Waits until it answers, or has ended."""

    def answers() -> bool:
        try:
            return Caller(one.port or 0).ask("GET", "/healthz").code == 200
        except OSError:
            return False

    until(lambda: not one.alive or answers(), one.said)


@dataclass
class Answer:
    code: int
    headers: http.client.HTTPMessage
    content: bytes

    @property
    def text(self) -> str:
        return self.content.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.content)

    @property
    def tree(self) -> Any:
        return html.fromstring(self.content.decode() or "<p/>")

    @property
    def words(self) -> str:
        return " ".join(" ".join(self.tree.itertext()).split())


@dataclass
class Caller:
    """Somebody who sends requests: a program with a token, or a browser with cookies."""

    port: int
    token: str | None = None
    cookies: dict[str, str] = field(default_factory=dict)
    seconds: float = PATIENCE_S

    def connected(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=self.seconds)

    def ask(
        self,
        method: str,
        path: str,
        given: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        sent: dict[str, str] = {}
        body: bytes | None = None
        if isinstance(given, bytes):
            body = given
        elif self.token and given is not None:
            body, sent["Content-Type"] = json.dumps(given).encode(), "application/json"
        elif given is not None:
            body = urlencode(given, doseq=True).encode()
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection = self.connected()
        try:
            connection.request(method, path, body, {**sent, **(headers or {})})
            answer = connection.getresponse()
            found = Answer(answer.status, answer.headers, answer.read())
        except http.client.HTTPException as error:
            raise ConnectionError(str(error)) from error
        finally:
            connection.close()
        for line in found.headers.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        return found

    def get(self, path: str) -> Answer:
        return self.ask("GET", path)

    def post(self, path: str, given: Any = None, **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask("POST", path, {} if given is None else given, named)

    def form(self, path: str) -> dict[str, str]:
        """What the page's own form holds."""
        answer = self.get(path)
        assert answer.code == 200, f"{path}: {answer.code}\n{answer.words[:500]}"
        (form,) = answer.tree.xpath("//form[contains(@class, 'app-form')]")
        return dict(form.form_values())

    def csrf(self, path: str = "/start") -> str:
        return str(self.get(path).tree.xpath("//input[@name='csrf_token']/@value")[0])

    def upload(self, files: Sequence[tuple[str, bytes]], **more: str) -> Answer:
        """Sends files through the page of the process owner."""
        token = self.csrf("/processes/check")
        mark = "----aBoundaryThatNothingHolds7291"
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in {"csrf_token": token, "base": "", **more}.items()
        ]
        for name, text in files:
            head = f'--{mark}\r\nContent-Disposition: form-data; name="files"; filename="{name}"'
            parts.append(head.encode() + b"\r\nContent-Type: text/xml\r\n\r\n" + text + b"\r\n")
        body = b"".join([*parts, f"--{mark}--\r\n".encode()])
        headers = {"Content-Type": f"multipart/form-data; boundary={mark}"}
        return self.ask("POST", "/processes/check", body, headers)


def enter(desk: Desk, who: str, *roles: str, **attributes: str) -> str:
    """An account (those of the kit by their id alone) with a token for the API; the token."""
    person = PEOPLE.get(who)
    name = person.name if person else who.title()
    held = person.roles if person else roles
    more = person.attributes if person else attributes
    found = accounts.ensure(desk, who, name, held, now(), attributes=more, password=PASSWORD)
    return accounts.new_token(desk, found, "tests", now())


def cookie(desk: Desk, who: str) -> dict[str, str]:
    """The session cookie of somebody who has signed in."""
    return {"session": accounts.sign_in(desk, who, PASSWORD, now(), "127.0.0.1").token}
