"""Random drawings, each gone several ways: after every step live = stored = replayed.

Live: a case that is never saved. Stored: the one behind the desk, loaded from the database for
every order. Replayed: the whole history run again by what verifies it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from app.audit.verification import verify_case
from app.casework.commands import CompleteTask, StartCase
from app.engine.run import Case
from app.store import Store, cases
from tests.engine.run.kit import HEAD, ROOTS, in_order
from tests.engine.run.trees import made
from tests.kit import KEK, PEOPLE, Kit, form
from tests.soak.report import Report

PATHS = 5
#: steps after which a way is left: some drawings go round and round
MOST = 40


def drawn(seed: int, name: str) -> tuple[dict[str, bytes], dict[str, int]]:
    """Files of a random drawing, whose process may be started by this name, and the laps of each
    loop; what asks for a lap has a form."""
    processes, _, laps = made(seed)
    files: dict[str, bytes] = {}
    for number, text in enumerate(processes):
        if not number:
            may = '<zeebe:property name="start_groups" value="g"/>'
            may = f"<bpmn:extensionElements><zeebe:properties>{may}</zeebe:properties>"
            text = re.sub(r"(<bpmn:process [^>]*>)", rf"\1{may}</bpmn:extensionElements>", text)
        text = re.sub(
            r'(<bpmn:userTask id="(\w+)"[^>]*><bpmn:extensionElements>)',
            lambda hit: f'{hit[1]}<zeebe:formDefinition formId="{_form(hit[2], laps)}"/>',
            text,
        )
        text = f"{HEAD}{ROOTS}{text}</bpmn:definitions>".replace('candidateGroups="g"', _GROUPS)
        text = text.replace('value="g"', 'value="clerk"')
        files[f"bpmn/{name}{number}.bpmn"] = in_order(text)
    for ask in laps:
        files |= form(_form(ask, laps), f"lap_{ask}", kind="number", required=True)
    return files | form("tick", "note", required=False), laps


def _form(task: str, laps: dict[str, int]) -> str:
    return f"form_{task}" if task in laps else "tick"


_GROUPS = 'candidateGroups="clerk"'


@dataclass
class Way:
    """One case of a drawing, behind the desk and beside it."""

    kit: Kit
    report: Report
    name: str
    laps: dict[str, int]
    chance: Random
    case: str = ""
    live: Any = None
    program: Any = None

    def go(self) -> None:
        done = self.kit.desk.do(StartCase(actor=PEOPLE["ann"], at=self.kit.at, process="P"))
        self.case = done.case
        with self.kit.store.reading() as unit:
            row = cases.find(unit, self.case)
            assert row is not None
            self.program = self.kit.desk.installation.programs.of(unit, row.deployment).program
        calendar = self.kit.desk.settings.calendar
        self.live = Case(self.program, case_id=self.case, calendar=calendar)
        self.live.start("P", {}, self.kit.at)
        for _ in range(MOST):
            self.compared()
            if not self.step():
                return

    def step(self) -> bool:
        """One order or one timer; False: nothing more can be done."""
        rows = [r for r in self.kit.tasks(self.case) if not r.element.startswith("never")]
        due = self.live.next_due()
        first = due is not None and due <= self.kit.at  # what is due fires before any order
        if due is not None and (first or not rows or self.chance.random() < 0.3):
            self.wakes(max(due, self.kit.at))
            return True
        if not rows:
            return False
        row = self.chance.choice(rows)
        given: dict[str, Any] = {"note": None}  # what an untouched form says
        if row.element in self.laps:
            lap = self.live.variables(row.task).get(f"lap_{row.element}") or Decimal(0)
            given = {f"lap_{row.element}": (lap + 1) % self.laps[row.element]}
        order = CompleteTask(
            actor=PEOPLE["ann"], at=self.kit.at, case=self.case, task=row.task,
            given={key: str(value) for key, value in given.items() if value is not None},
        )  # fmt: skip
        self.kit.desk.do(order)
        self.live.complete(row.task, given, self.kit.at)
        self.report.counts["steps"] += 1
        return True

    def wakes(self, at: datetime) -> None:
        self.kit.at = at
        self.kit.desk.wake(self.case, at)
        self.live.wake(at)
        self.report.counts["steps"] += 1

    def compared(self) -> None:
        with self.kit.store.reading() as unit:
            row = cases.find(unit, self.case)
            assert row is not None
            states = cases.states(unit, cases.key_of(unit, row.id))
        stored = Case(
            self.program, case_id=self.case, calendar=self.kit.desk.settings.calendar,
            states=states,
        )  # fmt: skip
        hashes = {self.live.state_hash(), stored.state_hash(), row.state.hex()}
        if len(hashes) != 1:
            self.fault("live and stored differ")
        if set(self.live.open_tasks()) != {one.task for one in self.kit.tasks(self.case)}:
            self.fault("the open tasks are not those of the live case")
        if row.wake_at != self.live.next_due():
            self.fault(f"it wakes at {row.wake_at}, the live case at {self.live.next_due()}")
        verdict = verify_case(
            self.kit.store, self.case, programs=self.kit.desk.installation.programs
        )
        if not verdict.good:
            self.fault(" ".join(verdict.lines()))
        self.report.counts["comparisons"] += 1

    def fault(self, sentence: str) -> None:
        self.report.faults.append(f"drawing {self.name}: {sentence}")


def drill(seed: int, size: int, folder: Path, planted: Callable[[], None] | None = None) -> Report:
    """`size`: drawings, each gone `PATHS` ways."""
    report = Report("diagrams", seed)
    store = Store(f"sqlite:///{folder / 'diagrams.db'}", KEK)
    store.migrate()
    kit = Kit(store)
    if planted is not None:
        planted()
    for number in itertools.count(seed * 100_000):
        if report.counts["diagrams"] == size or len(report.faults) > 5:
            break
        files, laps = drawn(number, f"d{number}_")
        kit.deploy(files)
        for way in range(PATHS):
            Way(kit, report, f"{number}, way {way}", laps, Random(number * PATHS + way)).go()
            report.counts["ways"] += 1
        report.counts["diagrams"] += 1
    store.close()
    return report.ended()
