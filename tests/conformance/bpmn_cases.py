"""Runs the sets of processes with expected traces (folders `traps` and `bpmn`), case by case."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from app.engine.drawing.program import Program
from app.engine.errors import Fault
from app.engine.events import (
    ElementPassed,
    Event,
    InstanceEnded,
    InstanceStarted,
    TaskCompleted,
    TaskOpened,
    VariablesSet,
)
from app.engine.feel import Calendar, codec
from app.engine.run import Case
from app.engine.run.gate import check
from app.engine.run.instants import read_span

NOON = datetime(2026, 3, 2, 9, tzinfo=UTC)
LABELLED = ("task", "userTask", "manualTask", "receiveTask", "sendTask", "serviceTask")
KINDS = ("right", "refused", "wrong", "hang", "crash")


@dataclass(frozen=True)
class Outcome:
    process: str
    case: str
    #: one of KINDS
    kind: str
    why: str = ""


@dataclass
class Scene:
    """One case being played."""

    program: Program
    at: datetime = NOON
    case: Case | None = None
    trace: Counter[str] = field(default_factory=Counter)
    open: dict[str, TaskOpened] = field(default_factory=dict)
    process_of: dict[str, str] = field(default_factory=dict)
    ended: dict[str, str] = field(default_factory=dict)
    data: dict[str, Any] = field(default_factory=dict)
    last: str = ""

    def __post_init__(self) -> None:
        self.case = Case(self.program, case_id="c", calendar=Calendar.of())
        self.elements = {
            (p.id, e.id): e for p in self.program.processes.values() for e in p.elements.values()
        }
        self.named = {}
        for (_, id), element in self.elements.items():
            self.named.setdefault(id, element)

    def take(self, events: list[Event]) -> list[Event]:
        for event in events:
            if isinstance(event, InstanceStarted):
                self.process_of[event.instance] = event.process
            elif isinstance(event, InstanceEnded):
                self.ended[event.instance] = event.how
            elif isinstance(event, TaskOpened):
                self.open[event.task] = event
            elif isinstance(event, VariablesSet):
                self.data.update(event.values)
            elif isinstance(event, TaskCompleted | ElementPassed):
                self._completed(event)
        return events

    def _completed(self, event: TaskCompleted | ElementPassed) -> None:
        # Called processes live in their caller's instance, so ids are looked up over the file.
        process = self.process_of[event.instance]
        element = self.elements.get((process, event.element)) or self.named[event.element]
        if isinstance(event, TaskCompleted):
            self.open.pop(event.task, None)
        if element.kind in LABELLED and element.name and not element.name.startswith("_"):
            self.trace[element.name] += 1

    def open_tasks(self) -> list[TaskOpened]:
        return [self.open[task] for task in self.case.open_tasks()]

    # steps

    def start(self, process: str, data: Mapping[str, Any]) -> None:
        events = self.take(self.case.start(process, typed(data), self.at))
        first = next(e for e in events if isinstance(e, InstanceStarted))
        self.last = first.instance

    def complete(self, step: Mapping[str, Any]) -> str | None:
        for number in range(1, step.get("repeat", 1) + 1):
            where = typed(step.get("where", {}))
            fits = [
                task
                for task in self.open_tasks()
                if task.name == step["complete"]
                and all(self.case.variables(task.task).get(k) == v for k, v in where.items())
            ]
            if not fits:
                return f"no open task {step['complete']}"
            data = {k: number if v == "$i" else v for k, v in step.get("data", {}).items()}
            self.take(self.case.complete(fits[0].task, typed(data), self.at))
        return None

    def advance(self, text: str) -> None:
        until = read_span(text).after(self.at)
        while (due := self.case.next_due()) is not None and due <= until:
            self.at = max(self.at, due)
            self.take(self.case.wake(self.at))
        self.at = until

    def step(self, step: Mapping[str, Any]) -> str | None:
        """Do or check one step; a sentence when it is not as expected."""
        if "complete" in step:
            return self.complete(step)
        if "advance" in step:
            self.advance(step["advance"])
        elif "message" in step:
            self.take(self.case.message(step["message"], {}, self.at))
        elif "signal" in step:
            self.take(self.case.signal(step["signal"], self.at))
        elif "open" in step:
            found = sorted(task.name for task in self.open_tasks())
            return None if found == sorted(step["open"]) else f"open {found}, not {step['open']}"
        elif "trace" in step:
            return self.traced(step["trace"])
        else:
            return f"unknown step {step}"
        return None

    def traced(self, expected: Mapping[str, int] | None) -> str | None:
        if expected is None or Counter(expected) == self.trace:
            return None
        return f"trace {dict(self.trace)}, not {dict(expected)}"

    def end(self) -> str:
        last = self.last or next(reversed(self.process_of), "")
        how = self.ended.get(last, "waiting")
        return "completed" if how == "terminated" else how

    def judge(self, expect: Mapping[str, Any]) -> str | None:
        wrong = self.traced(expect.get("trace"))
        if wrong is None and self.end() != expect["end"]:
            wrong = f"end {self.end()}, not {expect['end']}"
        for name, value in typed(expect.get("data", {})).items():
            if wrong is None and self.data.get(name) != value:
                wrong = f"{name} is {self.data.get(name)!r}, not {value!r}"
        return wrong


def typed(data: Any) -> Any:
    return codec.decode(data)


def play(program: Program, case: Mapping[str, Any]) -> str | None:
    """None when the case ends as expected, else a sentence."""
    scene = Scene(program)
    for one in case["start"]:
        scene.start(one["process"], one.get("data", {}))
    for step in case["steps"]:
        wrong = scene.step(step)
        if wrong:
            return f"{wrong} (at {step})"
    return scene.judge(case["expect"])


def judge(entry: Mapping[str, Any], case: Mapping[str, Any], content: bytes) -> Outcome:
    name = (entry["id"], case["id"])
    limit = timedelta(seconds=entry.get("limit_s", 10)).total_seconds()
    began = time.monotonic()
    checked = check({f"bpmn/{entry['id']}.bpmn": content})
    if checked.program is None:
        errors = [f for f in checked.findings if f.severity == "error"]
        readable = any(f.element_id or f.line for f in errors)
        why = "; ".join(f"{f.rule}: {f.sentence}" for f in errors)
        allowed = entry["outcome"] != "run" and readable
        if entry["outcome"] == "refuse or incident" and readable:
            return Outcome(*name, "right", why)
        return Outcome(*name, "refused" if allowed else "wrong", why)
    incident = None
    try:
        wrong = play(checked.program, case)
    except Fault as fault:
        incident = fault
        wrong = None if case["expect"]["end"] == "incident" else f"{fault.element_id}: {fault}"
    if incident is None and entry["outcome"] == "refuse or incident":
        wrong = wrong or "no incident"
    if time.monotonic() - began > limit:
        return Outcome(*name, "hang", f"more than {limit} s")
    return Outcome(*name, "wrong" if wrong else "right", wrong or "")


def run(folder: Path) -> Iterator[Outcome]:
    """Every case of the set in `folder`, which holds cases.json."""
    for entry in json.loads((folder / "cases.json").read_text()):
        content = (folder / entry["file"]).read_bytes()
        for case in entry["cases"]:
            try:
                yield judge(entry, case, content)
            except Exception as fault:
                why = re.sub(r"\s+", " ", f"{type(fault).__name__}: {fault}")
                yield Outcome(entry["id"], case["id"], "crash", why)


def table(outcomes: list[Outcome]) -> str:
    """Counts, then everything that is not right."""
    counts = Counter(one.kind for one in outcomes)
    lines = ["  ".join(f"{kind} {counts[kind]}" for kind in KINDS)]
    lines += [
        f"{one.kind:8}{one.process} / {one.case}: {one.why}"
        for one in outcomes
        if one.kind != "right"
    ]
    return "\n".join(lines)
