"""A test kit that speaks the field: small diagrams from a line of text, people, and a desk.

    kit = Kit(store)
    kit.deploy(diagram("start > task:check > end", check={"groups": "clerk"}))
    case = kit.start("ann")
    kit.complete("ben", case, "check")

Time stands still at `kit.at` until a test moves it. No mocks: the store is a real database.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.sax.saxutils import quoteattr

from app.casework.access import FIGURES, SYSTEM, Person, Role
from app.casework.commands import Activate, CompleteTask, Deploy, Done, StartCase
from app.casework.desk import Desk
from app.casework.errors import Refused
from app.casework.orders import POWERS
from app.casework.settings import DeskSettings, SignInRules
from app.engine.feel import Calendar
from app.store import Store, cases
from app.store.people import accounts
from app.store.people.accounts import PersonRow
from app.store.work import tasks
from app.store.work.tasks import TaskRow

#: a Wednesday, 10:00 in London, in winter
START = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
KEK = bytes(range(32))
#: all that orders ask for, and the figures
EVERYTHING = POWERS | {FIGURES}
ROLES = {
    "clerk": Role("clerk", "Clerk", "case", frozenset({"start"})),
    "lead": Role("lead", "Lead", "case", EVERYTHING),
    "agency": Role("agency", "Agency", "own", frozenset({"start"})),
    "auditor": Role("auditor", "Auditor", "all", frozenset({"audit", "figures"})),
    "drawer": Role("drawer", "Drawer", "none", frozenset({"deploy"})),
}
PEOPLE = {
    "ann": Person("ann", "Ann Archer", frozenset({"clerk"})),
    "ben": Person("ben", "Ben Baker", frozenset({"clerk"})),
    "lea": Person("lea", "Lea Lamb", frozenset({"lead"})),
    "pol": Person("pol", "Pol Police", frozenset({"agency"}), {"agency": "police"}),
    "gil": Person("gil", "Gil Gp", frozenset({"agency"}), {"agency": "gp"}),
    "aud": Person("aud", "Aud Auditor", frozenset({"auditor"})),
    "dra": Person("dra", "Dra Drawer", frozenset({"drawer"})),
    "out": Person("out", "Out Outsider", frozenset({"agency"}), {"agency": "none"}),
}

_HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' id="definitions" targetNamespace="http://example.org/kit">'
)
_TAGS = {
    "start": "startEvent",
    "end": "endEvent",
    "task": "userTask",
    "and": "parallelGateway",
    "xor": "exclusiveGateway",
    "catch": "intermediateCatchEvent",
    "throw": "intermediateThrowEvent",
    "boundary": "boundaryEvent",
    "send": "sendTask",
    "decide": "businessRuleTask",
    "call": "callActivity",
}
_PROPERTIES = (
    "backstop", "basis", "deadline", "status", "label", "not_done_by", "explain", "replan",
    "seals_merges", "people", "brief", "shows", "brief_document", "publishes", "guest",
    "look_for_persons", "people_part",
    "clock", "clock_day", "clock_days", "happened",
)  # fmt: skip


def diagram(
    text: str,
    *,
    process: str = "p",
    start_groups: str | None = "clerk,lead",
    var: Mapping[str, str] | None = None,
    **facts: Mapping[str, str],
) -> dict[str, bytes]:
    """Files of a process drawn as chains: "start > task:a > end; a ~ boundary:late > task:b > end".

    `kind:id` names a node once, `id` alone elsewhere; `start` and `end` may stand
    without one. `;` or a line end separates chains. `facts`: node id → groups, users, assignee,
    due, form (default: "tick"), condition (of the flow into it), timer, message, signal, on,
    interrupting,
    over, item, effect, to, decision,
    process, in, out, recorded_by (the form of an event) and the element properties of the dialect.
    """
    nodes: dict[str, str] = {}
    flows: list[tuple[str, str]] = []
    for chain in text.replace("\n", ";").split(";"):
        before = None
        for word in filter(None, (part.strip() for part in chain.split(">"))):
            kind, _, id = word.partition(":")
            id = id or kind
            if kind in _TAGS:  # named with its kind, wherever that is
                nodes[id] = kind
            nodes.setdefault(id, "task")
            if before is not None:
                flows.append((before, id))
            before = id
    drawn = "".join(_node(id, kind, facts.get(id, {}), flows, facts) for id, kind in nodes.items())
    drawn += "".join(_flow(one, facts) for one in flows)
    properties = {f"var:{name}": value for name, value in (var or {}).items()}
    if start_groups:
        properties["start_groups"] = start_groups
    messages = {f["message"] for f in facts.values() if "message" in f}
    head = "".join(
        f"<bpmn:message id={quoteattr('m_' + m)} name={quoteattr(m)}/>" for m in messages
    )
    signals = {f["signal"] for f in facts.values() if "signal" in f}
    head += "".join(
        f"<bpmn:signal id={quoteattr('s_' + s)} name={quoteattr(s)}/>" for s in sorted(signals)
    )
    return {
        f"bpmn/{process}.bpmn": (
            f"{_HEAD}{head}<bpmn:process id={quoteattr(process)} name={quoteattr(process.title())}"
            f' isExecutable="true">{_extended(_properties(properties))}{drawn}'
            "</bpmn:process></bpmn:definitions>"
        ).encode(),
        **form("tick", "note", required=False),
    }


def form(
    id: str, *keys: str, kind: str = "textfield", required: bool = True, **more: Any
) -> dict[str, bytes]:
    """A form with a text (or other) field for each key."""
    fields = [
        {"type": kind, "key": key, "id": f"{id}_{key}", "label": key.replace("_", " ").title(),
         "validate": {"required": required}, **more}
        for key in keys
    ]  # fmt: skip
    content = {"type": "default", "id": id, "schemaVersion": 18, "components": fields}
    return {f"forms/{id}.form": json.dumps(content).encode()}


def _properties(given: Mapping[str, str]) -> str:
    rows = "".join(
        f"<zeebe:property name={quoteattr(name)} value={quoteattr(value)}/>"
        for name, value in given.items()
    )
    return f"<zeebe:properties>{rows}</zeebe:properties>" if rows else ""


def _extended(inner: str) -> str:
    return f"<bpmn:extensionElements>{inner}</bpmn:extensionElements>" if inner else ""


def _node(
    id: str,
    kind: str,
    facts: Mapping[str, str],
    flows: list[tuple[str, str]],
    others: Mapping[str, Mapping[str, str]],
) -> str:
    tag = _TAGS[kind]
    attributes = f" id={quoteattr(id)} name={quoteattr(id.replace('_', ' ').capitalize())}"
    if kind == "boundary":
        attributes += f" attachedToRef={quoteattr(facts['on'])}"
        attributes += f' cancelActivity="{facts.get("interrupting", "true")}"'
    default = [b for a, b in flows if a == id and others.get(b, {}).get("condition") == "default"]
    if default:
        attributes += f" default={quoteattr(f'{id}_{default[0]}')}"
    if kind == "task":
        facts = {"form": "tick", **facts}
    inner = _extended(_zeebe(facts))
    inner += "".join(f"<bpmn:incoming>{a}_{b}</bpmn:incoming>" for a, b in flows if b == id)
    inner += "".join(f"<bpmn:outgoing>{a}_{b}</bpmn:outgoing>" for a, b in flows if a == id)
    return f"<bpmn:{tag}{attributes}>{inner}{_definitions(id, facts)}</bpmn:{tag}>"


def _zeebe(facts: Mapping[str, str]) -> str:
    found = ""
    if facts.get("form"):
        found += f"<zeebe:formDefinition formId={quoteattr(facts['form'])}/>"
    who = {"groups": "candidateGroups", "users": "candidateUsers", "assignee": "assignee"}
    named = "".join(f" {who[n]}={quoteattr(facts[n])}" for n in who if n in facts)
    if named:
        found += f"<zeebe:assignmentDefinition{named}/>"
    if "due" in facts:
        found += f"<zeebe:taskSchedule dueDate={quoteattr(facts['due'])}/>"
    if "effect" in facts:
        headers = "".join(
            f"<zeebe:header key={quoteattr(n)} value={quoteattr(facts[n])}/>"
            for n in ("to", "template", "guest_of", "word", "by", "may_wait", "working_days_only")
            if n in facts
        )
        found += f"<zeebe:taskDefinition type={quoteattr(facts['effect'])}/>"
        found += f"<zeebe:taskHeaders>{headers}</zeebe:taskHeaders>"
    if "decision" in facts:
        called = f'decisionId={quoteattr(facts["decision"])} resultVariable="decided"'
        found += f"<zeebe:calledDecision {called}/>"
    if "process" in facts:
        found += f"<zeebe:calledElement processId={quoteattr(facts['process'])}/>"
    mapped = "".join(
        f"<zeebe:{where}put source={quoteattr(pair.split('->')[0].strip())}"
        f" target={quoteattr(pair.split('->')[1].strip())}/>"
        for where in ("in", "out")
        for pair in filter(None, facts.get(where, "").split("|"))
    )
    found += f"<zeebe:ioMapping>{mapped}</zeebe:ioMapping>" if mapped else ""
    given = {n: facts[n] for n in _PROPERTIES if n in facts}
    recorded = {"form": facts["recorded_by"]} if "recorded_by" in facts else {}
    return found + _properties(given | recorded)


def _definitions(id: str, facts: Mapping[str, str]) -> str:
    found = ""
    if "message" in facts:
        reference = quoteattr("m_" + facts["message"])
        found += f'<bpmn:messageEventDefinition id="{id}_message" messageRef={reference}/>'
    if "signal" in facts:
        reference = quoteattr("s_" + facts["signal"])
        found += f'<bpmn:signalEventDefinition id="{id}_signal" signalRef={reference}/>'
    if "timer" in facts:
        text = facts["timer"]
        what = "timeDate" if text.startswith("=") and "duration" not in text else "timeDuration"
        what = "timeCycle" if text.startswith("R") else what
        found += (
            f'<bpmn:timerEventDefinition id="{id}_timer"><bpmn:{what} xsi:type='
            f'"bpmn:tFormalExpression">{text.replace("<", "&lt;")}</bpmn:{what}>'
            "</bpmn:timerEventDefinition>"
        )
    if "over" in facts:
        found += (
            "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>"
            f"<zeebe:loopCharacteristics inputCollection={quoteattr(facts['over'])}"
            f" inputElement={quoteattr(facts.get('item', 'item'))}/></bpmn:extensionElements>"
            "</bpmn:multiInstanceLoopCharacteristics>"
        )
    return found


def _flow(one: tuple[str, str], facts: Mapping[str, Mapping[str, str]]) -> str:
    source, target = one
    condition = facts.get(target, {}).get("condition", "")
    inner = ""
    if condition and condition != "default":
        inner = (
            '<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">'
            f"{condition.replace('<', '&lt;')}</bpmn:conditionExpression>"
        )
    return (
        f'<bpmn:sequenceFlow id="{source}_{target}" name="{target}" sourceRef="{source}"'
        f' targetRef="{target}">{inner}</bpmn:sequenceFlow>'
    )


def settings(**changes: Any) -> DeskSettings:
    given: dict[str, Any] = {
        "calendar": Calendar.of("england-and-wales"),
        "roles": ROLES,
        "reference": "T",
        "sign_in": SignInRules(),
    }
    return DeskSettings(**(given | changes))


class Kit:
    """A desk on `store` with the kit's people, at a time that stands still."""

    def __init__(self, store: Store, *, at: datetime = START, **changes: Any) -> None:
        self.store = store
        self.at = at
        self.desk = Desk(store, settings(**changes))
        with store.writing() as unit:
            for person in PEOPLE.values():
                row = PersonRow(
                    person.id, person.name, f"{person.id}@example.org", tuple(sorted(person.roles)),
                    person.attributes, None, False,
                )  # fmt: skip
                accounts.put(unit, row, sorted(person.groups), at)

    def later(self, **by: float) -> datetime:
        self.at += timedelta(**by)
        return self.at

    def deploy(self, *files: Mapping[str, bytes], note: str = "") -> str:
        together = {path: content for one in files for path, content in one.items()}
        command = Deploy(actor=SYSTEM, at=self.at, files=together, note=note, activate=True)
        try:
            done = self.desk.do(command)
            digest = str(done.answer["digest"])
            self.desk.do(Activate(actor=SYSTEM, at=self.at, digest=digest))
        except Refused as refusal:
            raise AssertionError("\n".join(map(str, refusal.findings))) from refusal
        return digest

    def start(self, who: str = "ann", process: str = "p", **given: Any) -> str:
        """Starts a case and gives its id."""
        return self.started(who, process, **given).case

    def started(self, who: str = "ann", process: str = "p", **given: Any) -> Done:
        return self.desk.do(StartCase(actor=PEOPLE[who], at=self.at, process=process, given=given))

    def tasks(self, case: str) -> list[TaskRow]:
        with self.store.reading() as unit:
            found = cases.find(unit, case)
            return tasks.of_case(unit, found.id) if found else []

    def open(self, case: str) -> list[str]:
        """Element ids of the open tasks, in order of opening."""
        return [row.element for row in self.tasks(case)]

    def task(self, case: str, element: str, label: str | None = None) -> str:
        found = [
            row.task
            for row in self.tasks(case)
            if row.element == element and label in (None, row.label)
        ]
        assert found, f"{element} is not open, but {self.open(case)}"
        return found[0]

    def complete(
        self, who: str, case: str, element: str, *, key: str | None = None, **given: Any
    ) -> Done:
        task = self.task(case, element)
        return self.desk.do(
            CompleteTask(actor=PEOPLE[who], at=self.at, case=case, task=task, given=given, key=key)
        )

    def do(self, command: type, who: str, **rest: Any) -> Done:
        return self.desk.do(command(actor=PEOPLE[who], at=self.at, **rest))
