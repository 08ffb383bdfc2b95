"""Eight clients write, take, give back and read over HTTP, on servers beside each other; what each
was told, and when, is recorded and checked against real time.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from app.audit.verification import verify_case
from app.store import cases
from app.store.chain import history
from tests.acceptance.site import Caller
from tests.kit import diagram
from tests.soak.real_time import Operation, anomalies
from tests.soak.report import Report
from tests.soak.serving import Place, placed, serving

CLIENTS, SERVERS = 8, 2
#: operations of a case, so that some are about the same one at the same moment
OF_A_CASE = 100
FILES = {
    **diagram("start > task:held > end", held={"groups": "lead"}),
    # what people may send: somewhere it is listened for
    **diagram("start > catch:a_word > end", process="listening", start_groups=None,
              a_word={"message": "word"}),
}  # fmt: skip


@dataclass
class Client(threading.Thread):
    """Does what its own chance says, one thing after the other."""

    who: str
    token: str
    ports: list[int]
    tasks: dict[str, str]
    operations: int
    chance: Random
    said: list[Operation] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    last: dict[str, int] = field(default_factory=dict)
    holds: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    __hash__ = threading.Thread.__hash__

    def run(self) -> None:
        for number in range(self.operations):
            case = self.chance.choice(list(self.tasks))
            try:
                self.operation(case, f"{self.who}-{number}")
            except Exception as error:
                self.odd.append(f"{type(error).__name__}: {error}")

    def operation(self, case: str, key: str) -> None:
        caller = Caller(self.chance.choice(self.ports), self.token)
        what = self.chance.random()
        path, kind, headers = f"/api/v1/cases/{case}", "", {"Idempotency-Key": key}
        called = time.monotonic_ns()
        if what < 0.25:
            kind = "read"
            after = self.last.get(case, 0)
            answer = caller.ask("GET", f"{path}/history?after={after}&limit=1000")
        elif what < 0.55:
            kind = "write"
            body = {"message": "word", "payload": {"key": key}}
            answer = caller.ask("POST", f"{path}/messages", body, headers)
        else:
            kind = "release" if case in self.holds else "claim"
            answer = caller.ask("POST", f"{path}/tasks/{self.tasks[case]}/{kind}", {}, headers)
        returned = time.monotonic_ns()
        place = None
        if kind == "claim" and answer.code == 409:
            kind = "refused"
        elif answer.code != 200:
            self.odd.append(f"{kind}: {answer.code} {answer.text[:200]}")
            return
        elif kind == "read":
            place = self.last[case] = answer.json["last"]
        else:
            place = answer.json["entry"]
            if kind == "claim":
                self.holds.add(case)
            elif kind == "release":
                self.holds.discard(case)
        self.said.append(Operation(self.who, kind, case, called, returned, place))


def drill(
    seed: int,
    size: int,
    folder: Path,
    database: str,
    planted: Callable[[], None] | None = None,
) -> Report:
    """`size`: operations of all clients together. `database`: a PostgreSQL's, empty."""
    report = Report("history", seed)
    place = placed(folder / "clients", FILES, database)
    tasks = started(place, max(2, size // OF_A_CASE))
    people = [f"lead{number}" for number in range(CLIENTS)]
    tokens = [place.token(who) for who in people]
    with serving(place, SERVERS, lambda *_: planted() if planted else None) as servers:
        ports = [one.port for one in servers]
        clients = [
            Client(who, token, ports, tasks, size // CLIENTS, Random(seed * 100 + number))
            for number, (who, token) in enumerate(zip(people, tokens, strict=True))
        ]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
    said = [operation for client in clients for operation in client.said]
    report.counts["operations"] = len(said)
    report.counts["cases"] = len(tasks)
    report.faults += [odd for client in clients for odd in client.odd]
    report.faults += anomalies(said)
    report.faults += told_and_kept(place, said)
    place.letting_go()
    return report.ended()


def started(place: Place, count: int) -> dict[str, str]:
    """Case → its one task, which anybody of the leads may take."""
    caller = place.web.test_client()
    headers = {"Authorization": f"Bearer {place.token('lead0')}"}
    found = {}
    for _ in range(count):
        made = caller.post("/api/v1/cases", json={"process": "p", "answers": {}}, headers=headers)
        case = made.json["case"]
        rows = caller.get(f"/api/v1/cases/{case}/tasks", headers=headers).json["items"]
        found[case] = rows[0]["task"]
    return found


KINDS = {"DeliverMessage": "write", "Claim": "claim", "Release": "release"}


def told_and_kept(place: Place, said: list[Operation]) -> list[str]:
    """What somebody was told is what is kept, and nothing else is."""
    told = {
        (one.case, one.place, one.kind, one.client)
        for one in said
        if one.kind not in ("read", "refused")
    }
    kept, wrong = set(), []
    for case in {one.case for one in said}:
        with place.desk.store.reading() as unit:
            row = cases.find(unit, case)
            assert row is not None
            kept |= {
                (case, entry.seq, KINDS[entry.kind], entry.actor)
                for entry in history.rows(unit, row.id)
                if entry.kind in KINDS
            }
        verdict = verify_case(place.desk.store, case)
        wrong += [] if verdict.good else verdict.lines()
    wrong += [f"{one} was told and is not kept" for one in sorted(told - kept)]
    return wrong + [f"{one} is kept and nobody was told" for one in sorted(kept - told)]
