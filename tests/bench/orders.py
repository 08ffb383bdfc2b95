"""What an order costs: beside a bare commit, with eight clients, with many versions, for timers.

What is compared is measured in turns, so that both meet the same noise of the machine.
"""

from __future__ import annotations

import itertools
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import make_url

from app.store import DeploymentRow, Store, deployments
from app.validation.deployment import digest
from tests.asked import asked
from tests.bench import timers
from tests.bench.diagrams import FORM, long_process
from tests.bench.limits import CLIENTS, commits, milliseconds, p50, spiff_turns
from tests.bench.walk import ANSWERS, Caller, Walk, served

#: completions of each kind, in turns
TURNS = 60
VERSIONS = 200
BODY = {"answers": {**ANSWERS, "again": True}}
#: name, value, unit, limit
Row = tuple[str, float, str, float]


def complete(walk: Walk, caller: Caller, case: str, key: str) -> Callable[[], None]:
    """Completes the oldest open task of the case by the API."""
    path = f"/api/v1/cases/{case}/tasks/{walk.next_task(case)}/complete"

    def send() -> None:
        status, answer = caller.post(path, BODY, key)
        if status >= 300:
            sys.exit(f"completing over HTTP answered {status} {answer!r}")

    return send


def beside_a_commit(db: str, store: Store, config: Any) -> list[Row]:
    """Through the handler and over HTTP, each × (SpiffWorkflow in memory + one commit); and what
    the database is asked over HTTP."""
    walk, keys = Walk(store, 50), itertools.count()
    alone, other = spiff_turns(50), walk.start()
    took: dict[str, list[float]] = {"alone": [], "commit": [], "handler": [], "http": []}
    with served(walk, config) as caller, commits(store.engine) as commit:
        for _ in range(TURNS):
            took["alone"].append(next(alone))
            took["commit"].append(milliseconds(commit))
            took["handler"].append(walk.complete(walk.case))
            send = complete(walk, caller, other, f"turn{next(keys)}")
            took["http"].append(milliseconds(send))
        send = complete(walk, caller, other, "counted")
        with asked(store) as heard:
            send()
    limit = p50(took["alone"]) + p50(took["commit"])
    return [
        *((f"order/{way}/{db}/p50", p50(took[way]), "ms", limit) for way in ("handler", "http")),
        (f"order/http/{db}/statements", len(heard.statements), "", 10),
        (f"order/http/{db}/transactions", heard.transactions, "", 1),
    ]


def by_eight(db: str, store: Store, config: Any) -> list[Row]:
    """Eight clients, each with a case of its own, in a process of their own: milliseconds until the
    next completion is done, beside the next bare commit of eight."""
    walk = Walk(store, 50)
    cases = [walk.start() for _ in range(CLIENTS)]
    with served(walk, config) as caller:
        said = caller.head["Authorization"].split()[1]
        line = [
            sys.executable,
            "-m",
            "tests.bench.clients",
            f"http://{caller.line.host}:{caller.line.port}",
        ]
        url = make_url(store.url).render_as_string(hide_password=False)
        ran = subprocess.run([*line, said, url, *cases], capture_output=True, text=True, check=True)
    completion, commit = (float(each) for each in ran.stdout.split())
    return [(f"order/http/{db}/eight-clients", completion, "ms", commit)]


def in_versions(db: str, store: Store) -> list[Row]:
    """An order in cases that all run on versions of their own, beside one on a single version."""
    walk = Walk(store, 50)
    cases = []
    for number in range(VERSIONS):
        name = f'name="Long {number}"'.encode()
        drawn = long_process(50, ours=True).replace(b'name="Long"', name)
        files = {"bpmn/long.bpmn": drawn, "forms/note.form": FORM.encode()}
        row = DeploymentRow(digest(files), walk.kit.at, "system", "")
        with store.writing() as unit:  # they are like the first one, which was checked
            deployments.add(unit, row, files)
            deployments.activate(unit, row.digest, walk.kit.at, "system")
        cases.append(walk.start())
    many: list[float] = []
    single: list[float] = []
    for case in cases:
        many.append(walk.complete(case))
        single.append(walk.complete(walk.case))
    return [(f"order/handler/{db}/{VERSIONS}-versions-in-use", p50(many), "ms", p50(single))]


def due_at_once(db: str, store: Store, count: int) -> list[Row]:
    """Timers that are due at once, beside one bare commit each."""
    kit = timers.many(store, count)
    at, piece = kit.at + timedelta(days=2), 50
    fired: list[float] = []
    bare: list[float] = []
    with commits(store.engine) as commit:
        for _ in range(count // piece):
            begin = time.perf_counter()
            done = kit.desk.wake_due(at, piece)
            fired.append((time.perf_counter() - begin) * 1000 / piece)
            if len(done) != piece:
                sys.exit(f"{len(done)} timers fired, not {piece}")
            bare.append(statistics.mean(milliseconds(commit) for _ in range(piece)))
    return [(f"timers/{db}/due-{count}/each", p50(fired), "ms", p50(bare))]


def together(do: Callable[[int], object], each: int) -> float:
    """Milliseconds of the wall clock for one of what eight threads do so often."""

    def work(number: int) -> None:
        for _ in range(each):
            do(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(CLIENTS)]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return (time.perf_counter() - begin) * 1000 / (CLIENTS * each)
