"""Runs the sets of processes with expected traces (folders `traps` and `bpmn`), case by case.

What a case must do stands in the sets' README. A case is cut off after `limit_s` seconds of
processor time. What the file of a set says that is not understood here is wrong, never passed over.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from lxml import etree

from app.engine.errors import Fault, Finding
from app.engine.events import (
    ElementPassed,
    Event,
    InstanceEnded,
    InstanceStarted,
    TaskCompleted,
    TaskOpened,
)
from app.engine.feel import Calendar, codec
from app.engine.program import Program
from app.engine.run import Case
from app.engine.run.instants import read_span
from app.validation.gate import check
from tests.limits import Overdue, within

NOON = datetime(2026, 3, 2, 9, tzinfo=UTC)
#: seconds for a case where the set names none
LIMIT_S = 10
LABELLED = ("task", "userTask", "manualTask", "receiveTask", "sendTask", "serviceTask")
KINDS = ("right", "refused", "wrong", "hang", "crash")
OUTCOMES = ("run", "run or refuse", "refuse or incident")
CHECKS = {"open", "trace"}
ACTS = {"start", "complete", "advance", "message", "signal"}
#: what `complete` may say besides
MORE = {"data", "where", "repeat"}
EXPECTED = {"trace", "end", "data"}


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
    #: instance → its process's variables after the last command that reached it
    held: dict[str, dict[str, Any]] = field(default_factory=dict)
    states: dict[str, bytes] = field(default_factory=dict)
    incident: Fault | None = None
    last: str = ""

    def __post_init__(self) -> None:
        self.case = self._loaded()
        self.elements = {
            (p.id, e.id): e for p in self.program.processes.values() for e in p.elements.values()
        }
        self.named = {}
        for (_, id), element in self.elements.items():
            self.named.setdefault(id, element)

    def _loaded(self) -> Case:
        return Case(self.program, case_id="c", calendar=Calendar.of(), states=self.states)

    def take(self, events: list[Event]) -> list[Event]:
        self._read(events)
        for id, run in self.case._instances._loaded.items():  # an ended one is told nowhere else
            self.held[id] = dict(run.task_tree.data)
        self.states |= {id: one.state for id, one in self.case.snapshots().items()}
        return events

    def stop(self, fault: Fault) -> None:
        """An incident: what was done up to it counts; the case is as it was before the command."""
        self.incident, still = fault, dict(self.open)
        self._read(self.case._instances.turn.events)
        self.open, self.case = still, self._loaded()

    def _read(self, events: list[Event]) -> None:
        for event in events:
            if isinstance(event, InstanceStarted):
                self.process_of[event.instance] = event.process
            elif isinstance(event, InstanceEnded):
                self.ended[event.instance] = event.how
            elif isinstance(event, TaskOpened):
                self.open[event.task] = event
            elif isinstance(event, TaskCompleted | ElementPassed):
                self._completed(event)

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
        allowed = MORE if "complete" in step else set()
        if len(step.keys() & (ACTS | CHECKS)) != 1 or step.keys() - ACTS - CHECKS - allowed:
            return "it is not known how to do this"
        if "complete" in step:
            return self.complete(step)
        if "start" in step:
            self.start(step["start"]["process"], step["start"].get("data", {}))
        elif "advance" in step:
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
        return None

    def traced(self, expected: Mapping[str, int] | None) -> str | None:
        if expected is None or Counter(expected) == self.trace:
            return None
        return f"trace {dict(self.trace)}, not {dict(expected)}"

    def end(self) -> str:
        if self.incident is not None:
            return "incident"
        how = self.ended.get(self._judged, "waiting")
        return "completed" if how == "terminated" else how

    @property
    def _judged(self) -> str:
        """The instance whose end is expected: the last that was started."""
        return self.last or next(reversed(self.process_of), "")

    def judge(self, expect: Mapping[str, Any]) -> str | None:
        if unknown := expect.keys() - EXPECTED:
            return f"it is not known how to judge {sorted(unknown)}"
        wrong = self.traced(expect["trace"])
        if wrong is None and self.end() != expect["end"]:
            wrong = f"end {self.end()}, not {expect['end']}"
        variables = self.held.get(self._judged, {})
        for name, value in typed(expect.get("data", {})).items():
            if wrong is None and (name not in variables or variables[name] != value):
                wrong = f"{name} is {variables.get(name, 'not there')!r}, not {value!r}"
        return wrong


def typed(data: Any) -> Any:
    return codec.decode(data)


def play(program: Program, case: Mapping[str, Any]) -> str | None:
    """None when the case ends as expected, else a sentence."""
    scene = Scene(program)
    steps = [*({"start": one} for one in case["start"]), *case["steps"]]
    acting = [n for n, step in enumerate(steps) if not step.keys() & CHECKS]
    # An incident may be expected of the last thing that is done, and of nothing before it.
    stops = acting[-1] if case["expect"]["end"] == "incident" else None
    for number, step in enumerate(steps):
        try:
            wrong = scene.step(step)
        except Fault as fault:
            scene.stop(fault)
            wrong = None if number == stops else f"{fault.element_id}: {fault}"
        if wrong:
            return f"{wrong} (at {step})"
    return scene.judge(case["expect"])


def names_an_element(found: Finding, content: bytes) -> bool:
    """Whether it says an id or a name that an element of the file has."""
    try:
        root = etree.fromstring(content)
    except etree.XMLSyntaxError:
        return False
    if found.element_id is not None:
        return found.element_id in set(root.xpath("//@id"))
    names = (" ".join(name.split()) for name in root.xpath("//@id | //@name"))
    return any(name and f"“{name}”" in found.sentence for name in names)


def refused(outcome: str, findings: Iterable[Finding], content: bytes) -> tuple[str, str]:
    """The kind of a refusal and its words: right or allowed only when they name the element."""
    errors = [one for one in findings if one.severity == "error"]
    why = "; ".join(f"{one.rule}: {one.sentence}" for one in errors)
    if outcome == "run":
        return "wrong", why
    if not any(names_an_element(one, content) for one in errors):
        return "wrong", f"no element is named: {why}"
    return ("right" if outcome == "refuse or incident" else "refused"), why


def judge(entry: Mapping[str, Any], case: Mapping[str, Any], content: bytes) -> Outcome:
    name = (entry["id"], case["id"])
    if entry["outcome"] not in OUTCOMES:
        return Outcome(*name, "wrong", f"the outcome “{entry['outcome']}” is not known")
    checked = check({f"bpmn/{entry['id']}.bpmn": content})
    if checked.program is None:
        return Outcome(*name, *refused(entry["outcome"], checked.findings, content))
    wrong = play(checked.program, case)
    return Outcome(*name, "wrong" if wrong else "right", wrong or "")


def cut_off(limit: float, judged: Callable[[], Outcome], process: str, case: str) -> Outcome:
    """What `judged` gives; a crash, or a hang after `limit` seconds of processor time."""
    try:
        with within(limit):
            return judged()
    except Overdue:
        return Outcome(process, case, "hang", f"more than {limit} s of processor time")
    except Exception as fault:
        why = re.sub(r"\s+", " ", f"{type(fault).__name__}: {fault}")
        return Outcome(process, case, "crash", why)


def unlisted(folder: Path, named: set[str]) -> Iterator[Outcome]:
    """A file of the set that no case names is judged by nobody."""
    for path in sorted(folder.rglob("*.bpmn")):
        name = path.relative_to(folder).as_posix()
        if name not in named:
            yield Outcome(name, "", "wrong", "no case names this file")


def listed(folder: Path) -> list[dict[str, Any]]:
    """What cases.json of a set lists; nothing where there is none."""
    path = folder / "cases.json"
    return list(json.loads(path.read_text())) if path.is_file() else []


def run(folder: Path) -> Iterator[Outcome]:
    """Every case of the set in `folder`, which holds cases.json."""
    entries = listed(folder)
    for entry in entries:
        content = (folder / entry["file"]).read_bytes()
        if not entry["cases"]:
            yield Outcome(entry["id"], "", "wrong", "it has no case")
        for case in entry["cases"]:
            limit = entry.get("limit_s", LIMIT_S)
            yield cut_off(limit, lambda: judge(entry, case, content), entry["id"], case["id"])  # noqa: B023
    yield from unlisted(folder, {entry["file"] for entry in entries})


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
