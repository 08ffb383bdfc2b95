"""kill -9 at random: what was acknowledged is there, nothing happened twice, every chain holds."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import random
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from app.audit.verification import verify_case
from app.casework.access import SYSTEM
from app.casework.commands import AddMember, CompleteTask, Merge, Unmerge
from app.casework.desk import Desk
from app.casework.errors import Conflict, Refused
from app.store import Store, cases
from app.store.chain import headers, history
from app.store.work import answers, tasks
from app.store.work.tasks import TaskRow
from tests.kit import KEK, PEOPLE, START, Kit, diagram, settings

CASES, TASKS, KILLS = 4, 40, 24


def work_on(url: str, started: list[str], told: Path) -> None:
    """A worker: completes whatever is open and writes down each answer it got."""
    desk = Desk(Store(url, KEK), settings())
    with told.open("a", buffering=1) as lines:
        for case in started:
            while row := first_open(desk, case):
                key = f"{case}:{row.element}"
                command = CompleteTask(
                    actor=PEOPLE["ben"], at=START, case=case, task=row.task, given={}, key=key
                )
                try:
                    done = desk.do(command)
                except Conflict:
                    continue
                lines.write(f"{case} {row.element} {done.seq}\n")


def first_open(desk: Desk, case: str) -> TaskRow | None:
    with desk.store.reading() as unit:
        return next(iter(tasks.of_case(unit, case)), None)


def killed(
    url: str, started: list[str], told: Path, wait: float, work: Callable[..., None] = work_on
) -> bool:
    """Runs two workers, kills them `wait` seconds after their first answer; False: all was done."""
    fork = multiprocessing.get_context("fork")
    workers = [fork.Process(target=work, args=(url, started[::way], told)) for way in (1, -1)]
    before = told.stat().st_size
    for one in workers:
        one.start()
    while told.stat().st_size == before and any(one.is_alive() for one in workers):
        time.sleep(0.001)
    time.sleep(wait)
    ended = not any(one.is_alive() for one in workers)
    for one in workers:
        one.kill()
        one.join()
    return not ended


@pytest.mark.parametrize(
    "database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def test_killed_workers_lose_nothing_and_do_nothing_twice(
    database: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url = request.getfixturevalue(f"{database}_url")
    store = Store(url, KEK)
    store.migrate()
    kit = Kit(store)
    names = [f"t{n}" for n in range(TASKS)]
    kit.deploy(
        diagram(
            "start > " + " > ".join(f"task:{name}" for name in names) + " > end",
            **{name: {"groups": "clerk"} for name in names},
        )
    )
    started = [kit.start("ann") for _ in range(CASES)]
    told = tmp_path / "told"
    told.touch()
    store.close()  # the workers are forked: they open their own
    chance = random.Random(7)
    kills = 0
    while kills < KILLS and killed(url, started, told, chance.random() * 0.04):
        kills += 1
    work_on(url, started, told)
    check(store, started, told, names)
    assert kills >= 10
    store.close()


def check(store: Store, started: list[str], told: Path, names: list[str]) -> None:
    acknowledged = {tuple(line.split()) for line in told.read_text().splitlines()}
    for case in started:
        with store.reading() as unit:
            rows = list(history.rows(unit, case))
            done = {
                row.element: row.seq for row in answers.of_case(unit, case) if row.how != "started"
            }
            found = cases.find(unit, case)
        assert [row.kind for row in rows] == ["StartCase"] + ["CompleteTask"] * len(names)
        assert sorted(done) == sorted(names) and len(set(done.values())) == len(names)
        before = headers.START
        for row in rows:
            assert row.prev == before and hashlib.sha256(row.header.encode()).digest() == row.hash
            assert json.loads(row.header)["seq"] == row.seq
            before = row.hash
        assert found is not None and found.ended_at is not None and found.head == before
        for name, element, seq in acknowledged:
            assert name != case or done[element] == int(seq)


MERGES = 60


def merge_on(url: str, started: list[str], told: Path) -> None:
    """A worker: merges the two cases and takes them apart, again and again."""
    desk = Desk(Store(url, KEK), settings())
    copy, main = sorted(started)
    with told.open("a", buffering=1) as lines:
        while (done := told.read_text().count("\n")) < MERGES:
            for order in (
                Merge(actor=PEOPLE["lea"], at=START, case=copy, into=main, reason="r"),
                Unmerge(actor=PEOPLE["lea"], at=START, case=copy, reason="r"),
            ):
                with suppress(Refused, Conflict):
                    lines.write(f"{done} {desk.do(order).seq}\n")


@pytest.mark.parametrize(
    "database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def test_killed_between_two_cases_both_or_neither_were_written(
    database: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url = request.getfixturevalue(f"{database}_url")
    store = Store(url, KEK)
    store.migrate()
    kit = Kit(store)
    kit.deploy(diagram("start > task:a > end", a={"groups": "clerk"}))
    started = [kit.start("ann"), kit.start("ann")]
    for case in started:
        kit.desk.do(AddMember(actor=SYSTEM, at=kit.at, case=case, person="lea", reason="r"))
    told = tmp_path / "told"
    told.touch()
    store.close()
    chance = random.Random(11)
    kills = 0
    while kills < KILLS and killed(url, started, told, chance.random() * 0.03, merge_on):
        kills += 1
    merge_on(url, started, told)
    with store.reading() as unit:
        copy, main = (
            [row.kind for row in history.rows(unit, case)][2:] for case in sorted(started)
        )
    assert copy == ["Merge", "Unmerge"] * (len(copy) // 2) + ["Merge"] * (len(copy) % 2)
    assert main == [{"Merge": "CaseMerged", "Unmerge": "CaseUnmerged"}[kind] for kind in copy]
    for case in started:
        verdict = verify_case(store, case)
        assert verdict.good, verdict.lines()
    assert kills >= 5
    store.close()
