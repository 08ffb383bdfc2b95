"""One long case, walked task by task through the desk or through HTTP, each completion timed."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import waitress

from app.casework import accounts
from app.casework.commands import CompleteTask, StartCase
from app.casework.settings import DeskSettings
from app.store import Store
from app.web import create_web
from tests.bench.diagrams import FORM, long_process
from tests.bench.limits import milliseconds
from tests.kit import PEOPLE, ROLES, Kit

ANSWERS = {"what": "A home visit on Monday; everybody was seen.", "who": "Two colleagues"}


class Walk:
    """A desk with one long process of `tasks` user tasks and one case of it."""

    def __init__(self, store: Store, tasks: int) -> None:
        role = ROLES["clerk"]
        roles = {**ROLES, "desk": type(role)("desk", "Desk", "case", role.may)}
        self.kit = Kit(store, roles=roles)
        person = PEOPLE["ann"]
        self.person = type(person)("ann", "Ann Archer", frozenset({"clerk", "desk"}))
        self.kit.deploy(
            {"bpmn/long.bpmn": long_process(tasks, ours=True), "forms/note.form": FORM.encode()}
        )
        self.case = self.start()
        self.count = 0

    @property
    def settings(self) -> DeskSettings:
        return self.kit.desk.settings

    def start(self) -> str:
        order = StartCase(actor=self.person, at=self.kit.at, process="long")
        return self.kit.desk.do(order).case

    def next_task(self, case: str | None = None) -> str:
        return self.kit.tasks(case or self.case)[0].task

    def command(self, case: str | None = None) -> CompleteTask:
        """Completes the oldest open task; the loop is taken again for ever."""
        self.count += 1
        self.kit.at += timedelta(seconds=1)
        return CompleteTask(
            actor=self.person,
            at=self.kit.at,
            case=case or self.case,
            task=self.next_task(case),
            given={**ANSWERS, "again": True},
            key=f"k{self.count}",
        )

    def complete(self, case: str | None = None) -> float:
        """Milliseconds of one completion through the handler."""
        command = self.command(case)
        return milliseconds(lambda: self.kit.desk.do(command))


class Caller:
    """One client that keeps its connection, as a browser or a neighbour system does."""

    def __init__(self, address: str, token: str) -> None:
        self.line = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
        self.head = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def post(self, path: str, body: dict[str, Any], key: str) -> tuple[int, bytes]:
        self.line.request("POST", path, json.dumps(body), {**self.head, "Idempotency-Key": key})
        answer = self.line.getresponse()
        return answer.status, answer.read()

    def get(self, path: str) -> tuple[int, bytes]:
        self.line.request("GET", path, headers=self.head)
        answer = self.line.getresponse()
        return answer.status, answer.read()


@contextmanager
def served(walk: Walk, config: Any) -> Iterator[Caller]:
    """The real server on a free port, and a caller with a token."""
    desk = walk.kit.desk
    web = create_web(desk, config, lambda: walk.kit.at)
    server = waitress.create_server(web, host="127.0.0.1", port=0, threads=4)

    def run() -> None:
        with suppress(OSError):  # waitress polls its sockets once more when they are closed
            server.run()

    threading.Thread(target=run, daemon=True).start()
    person = walk.person
    accounts.ensure(desk, person.id, person.name, person.roles, walk.kit.at)
    token = accounts.new_token(desk, person, "bench", walk.kit.at)
    caller = Caller(f"http://127.0.0.1:{server.effective_port}", token)
    try:
        yield caller
    finally:
        caller.line.close()
        server.task_dispatcher.shutdown()
        server.close()
