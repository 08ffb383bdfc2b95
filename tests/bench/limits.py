"""What cannot be beaten here and now: SpiffWorkflow alone in memory, and one durable commit."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.util.task import TaskState
from sqlalchemy import Engine, text

from tests.bench.diagrams import long_process


def milliseconds(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return (time.perf_counter() - begin) * 1000


def p50(values: list[float]) -> float:
    return statistics.median(values)


def p95(values: list[float]) -> float:
    return sorted(values)[int(len(values) * 0.95) - 1]


def spiff_alone(tasks: int, completions: int) -> float:
    """Median milliseconds of completing one task of the first lap, nothing stored."""
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.fromstring(long_process(tasks, ours=False)))
    flow = BpmnWorkflow(parser.get_spec("long"), parser.get_subprocess_specs("long"))
    flow.do_engine_steps()
    took = []
    for _ in range(completions):
        task = flow.get_tasks(state=TaskState.READY, manual=True)[0]

        def complete(task=task) -> None:
            task.data.update(again=False, stop=False)
            task.run()
            flow.do_engine_steps()

        took.append(milliseconds(complete))
    return p50(took)


def one_commit(engine: Engine, times: int = 200) -> float:
    """Median milliseconds of a durable commit of a 4 kB state row and one event row."""
    state = b"s" * 4096
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS bench_state"))
        connection.execute(text("DROP TABLE IF EXISTS bench_event"))
        kind = "BYTEA" if engine.dialect.name == "postgresql" else "BLOB"
        connection.execute(text(f"CREATE TABLE bench_state (id INTEGER PRIMARY KEY, b {kind})"))
        connection.execute(text(f"CREATE TABLE bench_event (id INTEGER PRIMARY KEY, b {kind})"))
        connection.execute(text("INSERT INTO bench_state VALUES (1, :b)"), {"b": state})

    def commit(number: int) -> None:
        with engine.begin() as connection:
            connection.execute(text("UPDATE bench_state SET b = :b WHERE id = 1"), {"b": state})
            row = {"i": number, "b": state[:400]}
            connection.execute(text("INSERT INTO bench_event VALUES (:i, :b)"), row)

    took = [milliseconds(lambda n=n: commit(n)) for n in range(times)]
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE bench_state"))
        connection.execute(text("DROP TABLE bench_event"))
    return p50(took)
