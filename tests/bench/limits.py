"""What cannot be beaten here and now: SpiffWorkflow alone in memory, and one durable commit."""

from __future__ import annotations

import itertools
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.util.task import TaskState
from sqlalchemy import Engine, text

from tests.bench.diagrams import long_process

#: who work at once
CLIENTS = 8


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
    turns = spiff_turns(tasks)
    return p50([next(turns) for _ in range(completions)])


def spiff_turns(tasks: int) -> Iterator[float]:
    """Milliseconds of one completion after the other, nothing stored, lap after lap."""
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.fromstring(long_process(tasks, ours=False)))
    specs = parser.get_spec("long"), parser.get_subprocess_specs("long")
    while True:
        flow = BpmnWorkflow(*specs)
        flow.do_engine_steps()
        for _ in range(tasks):
            task = flow.get_tasks(state=TaskState.READY, manual=True)[0]

            def complete(flow: BpmnWorkflow = flow, task: Any = task) -> None:
                task.data.update(again=False, stop=False)
                task.run()
                flow.do_engine_steps()

            yield milliseconds(complete)


def one_commit(engine: Engine, times: int = 200) -> float:
    """Median milliseconds of a durable commit of a 4 kB state row and one event row."""
    with commits(engine) as commit:
        return p50([milliseconds(commit) for _ in range(times)])


@contextmanager
def commits(engine: Engine) -> Iterator[Callable[[], None]]:
    """A bare commit, to be done as often as one likes, by several threads too."""
    state = b"s" * 4096
    numbers = itertools.count()
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS bench_state"))
        connection.execute(text("DROP TABLE IF EXISTS bench_event"))
        kind = "BYTEA" if engine.dialect.name == "postgresql" else "BLOB"
        connection.execute(text(f"CREATE TABLE bench_state (id INTEGER PRIMARY KEY, b {kind})"))
        connection.execute(text(f"CREATE TABLE bench_event (id INTEGER PRIMARY KEY, b {kind})"))
        rows = [{"i": number, "b": state} for number in range(CLIENTS)]
        connection.execute(text("INSERT INTO bench_state VALUES (:i, :b)"), rows)

    def commit() -> None:
        number = next(numbers)
        with engine.begin() as connection:
            changed = {"i": number % CLIENTS, "b": state}  # each client a row, as each its own case
            connection.execute(text("UPDATE bench_state SET b = :b WHERE id = :i"), changed)
            row = {"i": number, "b": state[:400]}
            connection.execute(text("INSERT INTO bench_event VALUES (:i, :b)"), row)

    yield commit
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE bench_state"))
        connection.execute(text("DROP TABLE bench_event"))
