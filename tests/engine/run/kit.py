"""Small diagrams from a few words, and a case to play on them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from app.engine.events import Event, FlowTaken, InstanceEnded, TaskCompleted, TaskOpened
from app.engine.feel import Calendar
from app.engine.program import Program
from app.engine.run import Case
from app.validation.gate import check

CALENDAR = Calendar.of()
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="D" targetNamespace="urn:t">'
)
ROOTS = (
    "".join(f'<bpmn:message id="m_{n}" name="{n}"/>' for n in ("note", "stop", "reply", "go"))
    + "".join(f'<bpmn:signal id="s_{n}" name="{n}"/>' for n in ("alarm", "calm"))
    + "".join(f'<bpmn:error id="e_{n}" name="{n}" errorCode="{n}"/>' for n in ("broken", "late"))
    + '<bpmn:escalation id="x_up" name="up" escalationCode="up"/>'
)
S, E = '<bpmn:startEvent id="s"/>', '<bpmn:endEvent id="e"/>'


def definition(what: str) -> str:
    """An event definition from "message note", "timer PT1H", "date =d", "cycle R/P1D" …"""
    kind, _, rest = what.partition(" ")
    if kind in ("message", "signal", "error", "escalation"):
        first = {"message": "m", "signal": "s", "error": "e", "escalation": "x"}[kind]
        ref = f' {kind}Ref="{first}_{rest}"' if rest else ""
        return f"<bpmn:{kind}EventDefinition{ref}/>"
    if kind in ("timer", "date", "cycle"):
        tag = {"timer": "timeDuration", "date": "timeDate", "cycle": "timeCycle"}[kind]
        return (
            f"<bpmn:timerEventDefinition><bpmn:{tag}>{escape(rest)}</bpmn:{tag}>"
            "</bpmn:timerEventDefinition>"
        )
    if kind == "if":
        return (
            "<bpmn:conditionalEventDefinition><bpmn:condition>"
            f"={escape(rest)}</bpmn:condition></bpmn:conditionalEventDefinition>"
        )
    return f"<bpmn:{kind}EventDefinition/>"


def node(tag: str, id: str, inner: str = "", **attributes: Any) -> str:
    more = "".join(f" {k}={quoteattr(str(v))}" for k, v in attributes.items())
    return f'<bpmn:{tag} id="{id}" name="{id}"{more}>{inner}</bpmn:{tag}>'


def extension(*parts: str) -> str:
    return f"<bpmn:extensionElements>{''.join(parts)}</bpmn:extensionElements>"


def properties(**values: str) -> str:
    rows = "".join(
        f"<zeebe:property name={quoteattr(k.replace('__', ':'))} value={quoteattr(v)}/>"
        for k, v in values.items()
    )
    return f"<zeebe:properties>{rows}</zeebe:properties>"


def mapping(inputs: dict[str, str] | None = None, outputs: dict[str, str] | None = None) -> str:
    rows = "".join(
        f"<zeebe:{tag} source={quoteattr(source)} target={quoteattr(target)}/>"
        for tag, side in (("input", inputs), ("output", outputs))
        for target, source in (side or {}).items()
    )
    return f"<zeebe:ioMapping>{rows}</zeebe:ioMapping>"


def user(id: str, *parts: str, inner: str = "", due: str = "", groups: str = "g", **kw: Any) -> str:
    ext = [f"<zeebe:assignmentDefinition candidateGroups={quoteattr(groups)}/>", *parts]
    if due:
        ext.append(f"<zeebe:taskSchedule dueDate={quoteattr(due)}/>")
    return node("userTask", id, extension("<zeebe:userTask/>", *ext) + inner, **kw)


def task(id: str) -> str:
    return node("task", id)


def gate(id: str, kind: str = "exclusive", **kw: Any) -> str:
    tag = "eventBasedGateway" if kind == "event" else f"{kind}Gateway"
    return node(tag, id, **kw)


def boundary(id: str, host: str, *what: str, cancels: bool = True) -> str:
    inner = "".join(map(definition, what))
    return node("boundaryEvent", id, inner, attachedToRef=host, cancelActivity=str(cancels).lower())


def catch(id: str, *what: str, ext: str = "", **kw: Any) -> str:
    return node("intermediateCatchEvent", id, ext + "".join(map(definition, what)), **kw)


def throw(id: str, *what: str, ext: str = "") -> str:
    return node("intermediateThrowEvent", id, ext + "".join(map(definition, what)))


def end(id: str, *what: str, ext: str = "") -> str:
    return node("endEvent", id, ext + "".join(map(definition, what)))


def start(id: str, *what: str, ext: str = "", **kw: Any) -> str:
    return node("startEvent", id, ext + "".join(map(definition, what)), **kw)


def sub(id: str, body: str, arcs: str, *, loop: str = "", ext: str = "", **kw: Any) -> str:
    return node("subProcess", id, ext + loop + body + flows(arcs, id), **kw)


def handler(id: str, what: str, *, interrupts: bool = True, arcs: str = "", body: str = "") -> str:
    """An event sub-process that runs a task `<id>_done`, unless given a body."""
    begin = start(f"{id}_s", what, isInterrupting=str(interrupts).lower())
    inner = begin + (body or task(f"{id}_done")) + node("endEvent", f"{id}_e")
    wires = arcs or f"{id}_s->{id}_done; {id}_done->{id}_e"
    return node("subProcess", id, inner + flows(wires, id), triggeredByEvent="true")


def many(
    collection: str,
    item: str = "item",
    *,
    sequential: bool = False,
    output: tuple[str, str] | None = None,
    until: str = "",
) -> str:
    out = f' outputCollection="{output[0]}" outputElement="{output[1]}"' if output else ""
    condition = (
        f"<bpmn:completionCondition>={escape(until)}</bpmn:completionCondition>" if until else ""
    )
    zeebe = (
        f'<zeebe:loopCharacteristics inputCollection="{collection}" inputElement="{item}"{out}/>'
    )
    return (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">'
        f"{extension(zeebe)}{condition}</bpmn:multiInstanceLoopCharacteristics>"
    )


def call(id: str, process: str, *parts: str, inner: str = "", more: str = "") -> str:
    called = f'<zeebe:calledElement processId="{process}"{more}/>'
    return node("callActivity", id, extension(called, *parts) + inner)


def flows(arcs: str, prefix: str = "f") -> str:
    """ "a->b; b->c [x > 1]; b->d {id}" """
    out = []
    for number, arc in enumerate(filter(None, (a.strip() for a in arcs.split(";")))):
        found = re.fullmatch(r"(\w+)\s*->\s*(\w+)\s*(?:\[(.*)\])?\s*(?:\{(\w+)\})?", arc, re.DOTALL)
        assert found, arc
        source, target, condition, id = found.groups()
        inner = (
            '<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">'
            f"={escape(condition)}</bpmn:conditionExpression>"
            if condition
            else ""
        )
        out.append(
            f'<bpmn:sequenceFlow id="{id or f"{prefix}_{number}"}" sourceRef="{source}" '
            f'targetRef="{target}">{inner}</bpmn:sequenceFlow>'
        )
    return "".join(out)


def process(body: str, arcs: str, id: str = "P", **variables: str) -> str:
    facts = {f"var__{name}": value for name, value in variables.items()}
    ext = extension(properties(**facts)) if facts else ""
    return node("process", id, ext + body + flows(arcs, id), isExecutable="true")


def program(
    *processes: str,
    files: dict[str, bytes] | None = None,
    settings: dict[str, Any] | None = None,
) -> Program:
    """One file for each process, so that ids need only be unique in their own."""
    drawn = {
        f"bpmn/t{n}.bpmn": in_order(f"{HEAD}{ROOTS}{one}</bpmn:definitions>")
        for n, one in enumerate(processes)
    }
    checked = check({**drawn, **(files or {})})
    errors = [f for f in checked.findings if f.severity == "error"]
    assert checked.program is not None, errors
    return replace(checked.program, settings=settings or {})


def in_order(text: str) -> bytes:
    """Associations stand after all flow elements of their scope."""
    root = etree.fromstring(text)
    for one in list(root.iter("{*}association")):
        one.getparent().append(one)
    return etree.tostring(root)


class Play:
    """A case under play. `fresh`: saved and loaded again before every command."""

    def __init__(self, program: Program, *, fresh: bool = True, at: datetime = MONDAY) -> None:
        self.program, self.fresh, self.at = program, fresh, at
        self.states: dict[str, bytes] = {}
        self.case = Case(program, case_id="c", calendar=CALENDAR)
        self.events: list[Event] = []
        self.calendar = CALENDAR
        self.log: list[tuple[str, tuple[Any, ...], datetime]] = []
        self.hashes: list[str] = []

    def do(self, command: str, *arguments: Any) -> list[Event]:
        self.log.append((command, arguments, self.at))
        if self.fresh:
            self.case = Case(self.program, case_id="c", calendar=self.calendar, states=self.states)
        events = getattr(self.case, command)(*arguments, self.at)
        if self.fresh:
            self.states.update({k: s.state for k, s in self.case.snapshots().items()})
        self.events += events
        self.hashes.append(self.case.state_hash())
        return events

    def start(self, process: str = "P", /, **answers: Any) -> Play:
        self.do("start", process, numbers(answers))
        return self

    def complete(self, name: str, /, *, item: Any = None, **answers: Any) -> list[Event]:
        fits = [
            t
            for t in self.open_tasks()
            if t.element == name and (item is None or item in (t.item or {}).values())
        ]
        assert fits, f"{name} is not open; open are {self.open}"
        return self.do("complete", fits[0].task, numbers(answers))

    def message(self, name: str, /, **payload: Any) -> list[Event]:
        return self.do("message", name, numbers(payload))

    def advance(self, **span: float) -> list[Event]:
        """Let time go by, from due instant to due instant."""
        until, events = self.at + timedelta(**span), []
        while (due := self.case.next_due()) is not None and due <= until:
            self.at = max(self.at, due)
            events += self.do("wake")
        self.at = until
        return events

    def open_tasks(self) -> list[TaskOpened]:
        told = {e.task: e for e in self.events if isinstance(e, TaskOpened)}
        return [told[task] for task in self.case.open_tasks()]

    @property
    def open(self) -> list[str]:
        return sorted(t.element for t in self.open_tasks())

    @property
    def passed(self) -> dict[str, int]:
        """How often each drawn task was completed."""
        kinds = {e.id: e.kind for p in self.program.processes.values() for e in p.elements.values()}
        found: Counter[str] = Counter()
        for event in self.events:
            element = getattr(event, "element", None)
            done = isinstance(event, TaskCompleted) or type(event).__name__ == "ElementPassed"
            if done and kinds.get(element or "", "").lower().endswith("task"):
                found[element] += 1
        return dict(found)

    @property
    def ended(self) -> dict[str, str]:
        return {e.instance: e.how for e in self.events if isinstance(e, InstanceEnded)}

    @property
    def taken(self) -> list[str]:
        return [e.flow for e in self.events if isinstance(e, FlowTaken)]

    def told(self, kind: type, **facts: Any) -> list[Any]:
        return [
            e
            for e in self.events
            if isinstance(e, kind) and all(getattr(e, k) == v for k, v in facts.items())
        ]

    def values(self) -> dict[str, Any]:
        """What each variable was last set to."""
        found: dict[str, Any] = {}
        for event in self.events:
            if type(event).__name__ == "VariablesSet":
                found.update(event.values)  # type: ignore[attr-defined]
        return found


def numbers(values: dict[str, Any]) -> dict[str, Any]:
    """Python's whole numbers as FEEL's."""
    return {
        k: Decimal(v) if isinstance(v, int) and not isinstance(v, bool) else v
        for k, v in values.items()
    }
