"""Owns the names of the standard: namespaces, tags, and what people call an element.

What each element does here is left to `supported`.
"""

from __future__ import annotations

from typing import cast

from lxml import etree

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
#: Camunda 7 and those that came from it share attribute names.
SEVENS = (
    "http://camunda.org/schema/1.0/bpmn",
    "http://operaton.org/schema/1.0/bpmn",
    "http://flowable.org/bpmn",
    "http://activiti.org/bpmn",
)

#: tags of flow nodes and what people call them
WORDS = {
    "task": "task",
    "userTask": "user task",
    "manualTask": "manual task",
    "serviceTask": "service task",
    "scriptTask": "script task",
    "businessRuleTask": "business rule task",
    "sendTask": "send task",
    "receiveTask": "receive task",
    "subProcess": "sub-process",
    "adHocSubProcess": "ad-hoc sub-process",
    "transaction": "transaction",
    "callActivity": "call activity",
    "exclusiveGateway": "exclusive gateway",
    "parallelGateway": "parallel gateway",
    "inclusiveGateway": "inclusive gateway",
    "complexGateway": "complex gateway",
    "eventBasedGateway": "event-based gateway",
    "startEvent": "start event",
    "endEvent": "end event",
    "intermediateCatchEvent": "catch event",
    "intermediateThrowEvent": "throw event",
    "implicitThrowEvent": "implicit throw event",
    "boundaryEvent": "boundary event",
    "callChoreography": "call choreography",
    "choreographyTask": "choreography task",
    "subChoreography": "sub-choreography",
}
FLOW_NODES = frozenset(WORDS)
TASKS = frozenset(k for k in FLOW_NODES if k == "task" or (k.endswith("Task")))
SCOPES = frozenset({"subProcess", "adHocSubProcess", "transaction"})
ACTIVITIES = TASKS | SCOPES | {"callActivity"}
GATEWAYS = frozenset(k for k in FLOW_NODES if k.endswith("Gateway"))
EVENTS = frozenset(k for k in FLOW_NODES if k.endswith("Event"))
THROWS = frozenset({"endEvent", "intermediateThrowEvent"})


def b(tag: str) -> str:
    """The tag in BPMN's namespace, as lxml writes it."""
    return f"{{{BPMN}}}{tag}"


def z(tag: str) -> str:
    """The tag in Camunda 8's namespace."""
    return f"{{{ZEEBE}}}{tag}"


def local(node: etree._Element) -> str:
    """The tag without its namespace."""
    return str(node.tag).rpartition("}")[2]


def of_bpmn(node: etree._Element) -> bool:
    return str(node.tag).startswith(f"{{{BPMN}}}")


def line(node: etree._Element) -> int:
    """1-based line of the file that the element begins on."""
    return cast("int | None", node.sourceline) or 1


def reference(text: str | None) -> str | None:
    """The id a QName such as "tns:message_1" speaks of; None when there is none."""
    local_id = (text or "").strip().rpartition(":")[2]
    return local_id or None


def flag(node: etree._Element, attribute: str, *, default: bool = False) -> bool:
    """An attribute of the schema's type boolean: true and 1, with blanks around or without."""
    text = (node.get(attribute) or "").strip()
    return text in ("true", "1") if text else default


def interrupting(node: etree._Element) -> bool:
    """Whether a boundary event or the start of an event sub-process ends what it happens to."""
    either = "cancelActivity" if node.get("cancelActivity") else "isInterrupting"
    return flag(node, either, default=True)


def called(kind: str, id: str | None, name: str | None) -> str:
    """What a sentence calls an element: its kind and label, or its id where it has no label."""
    shown = " ".join((name or "").split())
    shown = shown if len(shown) <= 80 else shown[:77] + "…"
    word = WORDS.get(kind, kind)
    if shown:
        return f"{word} “{shown}”"
    return f"{word} {id}" if id else f"{word} without a label"


def said(kind: str, id: str | None, name: str | None) -> str:
    """`called` at the start of a sentence."""
    return "The " + called(kind, id, name)
