"""Owns the small transformations between a process as drawn and one that the engine below runs.

Each cures one thing the engine would drop or ignore; each works in place on a stripped copy.
"""

from __future__ import annotations

import copy

from lxml import etree

from app.engine.bpmn.declarations import Declared, definitions
from app.engine.bpmn.model import Process
from app.engine.bpmn.names import ACTIVITIES, EVENTS, SCOPES, b, flag, local
from app.engine.bpmn.reader import free_id

#: definitions that end a scope: nothing of the same event can follow them
ENDINGS = frozenset({"terminateEventDefinition", "errorEventDefinition", "cancelEventDefinition"})


def resolve_definitions(process: etree._Element, declared: Declared) -> None:
    """eventDefinitionRef → a copy of the definition (BPMN 2.0.2, 10.5: both mean the same)."""
    for reference in list(process.iter(b("eventDefinitionRef"))):
        event = reference.getparent()
        if event is None:
            continue
        known = [copy.deepcopy(definition) for definition in definitions(event, declared)]
        for child in list(event):
            if local(child) == "eventDefinitionRef" or local(child).endswith("EventDefinition"):
                event.remove(child)
        event.extend(known)


def instantiating_tasks(process: etree._Element) -> None:
    """A receive task that starts the process is a message start event (BPMN 2.0.2, 10.3.3.3)."""
    for task in process.iter(b("receiveTask")):
        if flag(task, "instantiate") and task.get("messageRef"):
            task.tag = b("startEvent")
            made = etree.SubElement(task, b("messageEventDefinition"))
            made.set("messageRef", str(task.attrib.pop("messageRef")))


def instantiating_gateways(process: etree._Element) -> None:
    """An event gateway that starts the process: each event behind it is a start event, and the
    first that happens begins an instance (BPMN 2.0.2, 10.6.6)."""
    flows = _leaving(process)
    nodes = {str(node.get("id")): node for node in process.iter() if node.get("id")}
    for gateway in list(process.iter(b("eventBasedGateway"))):
        scope = gateway.getparent()
        if scope is None or not flag(gateway, "instantiate"):
            continue
        for flow in flows.get(str(gateway.get("id")), []):
            target = nodes.get(str(flow.get("targetRef")))
            if target is not None and local(target) == "receiveTask":
                target.set("instantiate", "true")
            elif target is not None:
                target.tag = b("startEvent")
            scope.remove(flow)
        scope.remove(gateway)


def loops(process: etree._Element, value: Process) -> None:
    """Multi-instance as the engine below reads it: names of variables, not expressions."""
    for drawn in process.iter(b("multiInstanceLoopCharacteristics")):
        activity = drawn.getparent()
        held = value.elements.get(str(activity.get("id"))) if activity is not None else None
        if held is None or held.loop is None:
            continue
        for child in list(drawn):
            if local(child) != "completionCondition":
                drawn.remove(child)
        _first(drawn, "inputDataItem", id=held.loop.element or f"{held.id}__item")
        _first(drawn, "loopDataInputRef").text = f"{held.id}__items"
        if held.loop.output_collection:
            _first(drawn, "outputDataItem", id=f"{held.id}__result")
            _first(drawn, "loopDataOutputRef").text = held.loop.output_collection
        drawn.set("isSequential", "true" if held.loop.sequential else "false")


def _first(holder: etree._Element, tag: str, **attributes: str) -> etree._Element:
    made = etree.Element(b(tag), attrib=attributes)
    holder.insert(0, made)
    return made


def throws(process: etree._Element) -> None:
    """Several results of one event are thrown one after the other; a signal end is such a chain."""
    taken, leaving = _ids(process), _leaving(process)
    for event in list(process.iter(b("endEvent"), b("intermediateThrowEvent"))):
        held = [definition for definition in event if local(definition).endswith("EventDefinition")]
        held.sort(key=lambda definition: local(definition) in ENDINGS)
        signal_end = local(event) == "endEvent" and any(
            local(definition) == "signalEventDefinition" for definition in held
        )
        if len(held) > 1 or signal_end:
            _chain(event, held, leaving.get(str(event.get("id")), []), taken)


def _chain(
    event: etree._Element,
    held: list[etree._Element],
    leaving: list[etree._Element],
    taken: set[str],
) -> None:
    """The first keeps the drawn id; what follows it in the drawing follows the last."""
    scope, id = event.getparent(), str(event.get("id"))
    ends = local(event) == "endEvent"
    if scope is None:
        return
    for definition in held[1:]:
        event.remove(definition)
    event.tag = b("intermediateThrowEvent")
    last = event
    for number, definition in enumerate(held[1:], 2):
        final = ends and number == len(held) and local(definition) != "signalEventDefinition"
        tag = "endEvent" if final else "intermediateThrowEvent"
        last = _follow(scope, last, tag, free_id(f"{id}__{number}", taken), taken)
        last.append(definition)
    if ends and local(last) != "endEvent":
        _follow(scope, last, "endEvent", free_id(f"{id}__end", taken), taken)
    for flow in leaving:
        flow.set("sourceRef", str(last.get("id")))


def _follow(
    scope: etree._Element, before: etree._Element, tag: str, id: str, taken: set[str]
) -> etree._Element:
    made = etree.SubElement(scope, b(tag), id=id)
    _flow(scope, free_id(f"{id}__in", taken), str(before.get("id")), id)
    return made


def _flow(scope: etree._Element, id: str, source: str, target: str) -> etree._Element:
    return etree.SubElement(scope, b("sequenceFlow"), id=id, sourceRef=source, targetRef=target)


def links(process: etree._Element) -> None:
    """A pair of link events is a sequence flow drawn in two pieces (BPMN 2.0.2, 10.5.4)."""
    taken = _ids(process)
    for scope in [process, *process.iter(*(b(kind) for kind in sorted(SCOPES)))]:
        targets = {}
        for event in list(scope.iterfind(b("intermediateCatchEvent"))):
            link = event.find(b("linkEventDefinition"))
            if link is not None:
                targets[link.get("name")] = str(event.get("id"))
                event.tag = b("intermediateThrowEvent")
                event.remove(link)
        for event in list(scope.iterfind(b("intermediateThrowEvent"))):
            link = event.find(b("linkEventDefinition"))
            if link is not None:
                event.remove(link)
                id, target = str(event.get("id")), targets.get(link.get("name"))
                if target:
                    _flow(scope, free_id(f"{id}__link", taken), id, target)


def splits(process: etree._Element) -> None:
    """Several flows out of an activity or event are a gateway nobody drew (BPMN 2.0.2, 13.2.1)."""
    taken, leaving = _ids(process), _leaving(process)
    for node in list(process.iter()):
        flows = leaving.get(str(node.get("id")), [])
        if local(node) not in ACTIVITIES | EVENTS:
            continue
        conditional = [f for f in flows if f.find(b("conditionExpression")) is not None]
        if len(flows) > 1 or conditional:
            _split(node, flows, bool(conditional), taken)


def _split(
    node: etree._Element, flows: list[etree._Element], conditional: bool, taken: set[str]
) -> None:
    scope, id = node.getparent(), str(node.get("id"))
    if scope is None:
        return
    tag = "inclusiveGateway" if conditional else "parallelGateway"
    gateway = etree.SubElement(scope, b(tag), id=free_id(f"{id}__split", taken))
    default = node.attrib.pop("default", "")
    if default and conditional:
        gateway.set("default", str(default))
    for flow in flows:
        flow.set("sourceRef", str(gateway.get("id")))
        unconditional = flow.find(b("conditionExpression")) is None
        if conditional and unconditional and flow.get("id") != default:
            etree.SubElement(flow, b("conditionExpression")).text = "true"
    _flow(scope, free_id(f"{id}__out", taken), id, str(gateway.get("id")))


def _leaving(process: etree._Element) -> dict[str, list[etree._Element]]:
    """Sequence flows by the id of what they leave, in document order."""
    by_source: dict[str, list[etree._Element]] = {}
    for flow in process.iter(b("sequenceFlow")):
        by_source.setdefault(str(flow.get("sourceRef")), []).append(flow)
    return by_source


def _ids(process: etree._Element) -> set[str]:
    return {str(node.get("id")) for node in process.iter() if node.get("id")}
