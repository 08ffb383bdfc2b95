"""Owns reading a BPMN file: a tree in, processes as plain values out, beside their XML nodes.

Judging them is left to `drawing.lint`, making them executable to `drawing.compile`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from app.engine.bpmn import dialect
from app.engine.bpmn.correlation import Correlation, starts_process
from app.engine.bpmn.declarations import Declared, condition, definitions, timer
from app.engine.bpmn.global_tasks import add_global_tasks
from app.engine.bpmn.model import Element, Flow, KeyPart, Process
from app.engine.bpmn.names import FLOW_NODES, SCOPES, b, flag, interrupting, local, reference, z
from app.engine.bpmn.properties import process_rules_of, rules_of, variables_of

#: what sends messages; all else that names one waits for it
SENDS = ("sendTask", "endEvent", "intermediateThrowEvent")
#: marks what had no id in the file, so that lint can say so
GIVEN = z("idGivenOnReading")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A process as drawn: its values and, by id, the XML nodes they were read from."""

    process: Process
    node: etree._Element
    nodes: Mapping[str, etree._Element]
    declared: Declared


def read(root: etree._Element, file: str) -> list[Drawn]:
    """Every process of a definitions document. Flows and nodes without an id are given one."""
    declared = Declared.of(root)
    add_global_tasks(root)
    drawn = []
    for node in root.iterfind(b("process")):
        _give_ids(node)
        drawn.append(_process(node, file, declared))
    return drawn


def _give_ids(process: etree._Element) -> None:
    """The standard lets ids be left out; here everything is spoken of by its id.

    That of a node has brackets, which no id in a file can have (XML Schema's NCName).
    """
    taken = {str(node.get("id")) for node in process.iter() if node.get("id")}
    met: Counter[str] = Counter()
    for node in process.iter():
        kind = local(node)
        if node.get("id") or not (kind == "sequenceFlow" or kind in FLOW_NODES):
            continue
        ends = (node.get("sourceRef"), node.get("targetRef"))
        wish = f"{ends[0]}__to__{ends[1]}" if kind == "sequenceFlow" else f"({kind})"
        met[wish] += 1  # or thousands of them would each count up from one
        node.set("id", free_id(_numbered(wish, met[wish]), taken))
        node.set(GIVEN, "true")
    if not process.get("id"):
        process.set("id", free_id("process", taken))


def _numbered(wish: str, number: int) -> str:
    if number == 1:
        return wish
    return f"{wish[:-1]} {number})" if wish.endswith(")") else f"{wish}_{number}"


def free_id(wish: str, taken: set[str]) -> str:
    """The wished id or, where it is taken, the same with a number; it is then taken."""
    free, number = wish, 1
    while free in taken:
        number += 1
        free = f"{wish}_{number}"
    taken.add(free)
    return free


def flow_nodes(process: etree._Element) -> Iterator[tuple[etree._Element, str | None]]:
    """Each flow node with the id of the sub-process it lies in."""
    stack: list[tuple[etree._Element, str | None]] = [(process, None)]
    while stack:
        holder, scope = stack.pop(0)
        for node in holder:
            kind = local(node)
            if kind in FLOW_NODES:
                yield node, scope
            if kind in SCOPES:
                stack.append((node, node.get("id")))


def _process(node: etree._Element, file: str, declared: Declared) -> Drawn:
    id = str(node.get("id"))
    lanes = _lanes(node)
    elements: dict[str, Element] = {}
    nodes: dict[str, etree._Element] = {id: node}
    for flow_node, scope in flow_nodes(node):
        lane = lanes.get(str(flow_node.get("id"))) or (elements[scope].lane if scope else None)
        element = _element(flow_node, id, scope, lane, declared)
        elements[element.id] = element
        nodes[element.id] = flow_node
    flows = {flow.id: flow for flow in _flows(node, nodes)}
    properties = dialect.properties(node)
    rules = process_rules_of(properties)
    starts = [e for e in elements.values() if e.kind == "startEvent" and e.scope is None]
    plain = next((e for e in starts if not definitions(nodes[e.id], declared)), None)
    value = Process(
        id=id,
        file=file,
        elements=elements,
        flows=flows,
        name=node.get("name") or None,
        documentation=_documentation(node),
        executable=flag(node, "isExecutable"),
        rules=rules,
        variables=variables_of(properties),
        start_form=plain.form if plain else None,
        start_groups=rules.start_groups if plain else None,
        message_starts=dict(_message_starts(node, elements.values(), nodes, declared)),
        keys=_keys(node, elements, nodes, declared),
    )
    return Drawn(value, node, nodes, declared)


def _message_starts(
    process: etree._Element,
    elements: Iterable[Element],
    nodes: Mapping[str, etree._Element],
    declared: Declared,
) -> Iterator[tuple[str, str]]:
    """(message, start event); receive tasks and event gateways that start the process included."""
    firsts = set(_behind_starting_gateways(process))
    for element in elements:
        node = nodes[element.id]
        if element.scope is not None:
            continue
        starts = element.id in firsts or flag(node, "instantiate")
        if element.kind == "receiveTask" and starts and element.message:
            yield element.message, element.id
        begins = element.kind == "startEvent" or element.id in firsts
        for definition in definitions(node, declared) if begins else ():
            if local(definition) == "messageEventDefinition":
                name = declared.name_of("message", definition)
                if name is not None:
                    yield name, element.id


def _keys(
    process: etree._Element,
    elements: Mapping[str, Element],
    nodes: Mapping[str, etree._Element],
    declared: Declared,
) -> dict[str, dict[str, tuple[KeyPart, ...]]]:
    """Element → message → correlation key, of all that waits inside a running process."""
    correlation = Correlation.of(process.getroottree().getroot(), process)
    if not correlation.by_message and not correlation.subscribed:
        return {}
    firsts = set(_behind_starting_gateways(process))
    by_element = {}
    for id, element in elements.items():
        if element.kind in SENDS or id in firsts or starts_process(nodes[id]):
            continue
        keys = correlation.keys(nodes[id], definitions(nodes[id], declared))
        if keys:
            by_element[id] = {declared.messages.get(ref, ref): tuple(k) for ref, k in keys.items()}
    return by_element


def _behind_starting_gateways(process: etree._Element) -> Iterator[str]:
    gateways = {
        str(gateway.get("id"))
        for gateway in process.iter(b("eventBasedGateway"))
        if flag(gateway, "instantiate")
    }
    for flow in process.iter(b("sequenceFlow")):
        if flow.get("sourceRef") in gateways:
            yield str(flow.get("targetRef"))


def _lanes(process: etree._Element) -> dict[str, str]:
    """Flow node id → label of the innermost lane."""
    labels: dict[str, str] = {}
    for lane in process.iter(b("lane")):
        for listed in lane.iterfind(b("flowNodeRef")):
            # Document order puts an inner lane after the one around it.
            labels[reference(listed.text) or ""] = lane.get("name") or lane.get("id") or ""
    return labels


def _flows(process: etree._Element, nodes: dict[str, etree._Element]) -> Iterator[Flow]:
    for node in process.iter(b("sequenceFlow")):
        id = str(node.get("id"))
        source = reference(node.get("sourceRef")) or ""
        nodes[id] = node
        start = nodes.get(source)
        yield Flow(
            id=id,
            source=source,
            target=reference(node.get("targetRef")) or "",
            name=node.get("name") or None,
            condition=(node.findtext(b("conditionExpression")) or "").strip() or None,
            default=start is not None and reference(start.get("default")) == id,
        )


def _element(
    node: etree._Element, process: str, scope: str | None, lane: str | None, declared: Declared
) -> Element:
    kind = local(node)
    result = dialect.result_variable(node)
    return Element(
        id=str(node.get("id")),
        kind=kind,
        process=process,
        name=node.get("name") or None,
        scope=scope,
        lane=lane,
        documentation=_documentation(node),
        form=dialect.form(node),
        rules=rules_of(dialect.properties(node)),
        inputs=dialect.mappings(node, "input"),
        outputs=dialect.mappings(node, "output"),
        effect=dialect.effect(node),
        headers=dialect.headers(node),
        called_process=dialect.called_process(node) if kind == "callActivity" else None,
        all_in=dialect.carries(node, "propagateAllParentVariables"),
        all_out=dialect.carries(node, "propagateAllChildVariables"),
        decision=dialect.decision(node),
        result_variable=result,
        loop=dialect.loop(node),
        **dialect.assignment(node),
        **_happening(node, declared),
    )


def _happening(node: etree._Element, declared: Declared) -> dict[str, Any]:
    """Keyword arguments of `Element` that say what it throws, catches or waits for."""
    arguments: dict[str, Any] = {
        "attached_to": reference(node.get("attachedToRef")),
        "interrupting": interrupting(node),
        "triggered": flag(node, "triggeredByEvent"),
    }
    if local(node) in ("sendTask", "receiveTask"):
        arguments["message"] = declared.messages.get(reference(node.get("messageRef")) or "")
    for definition in definitions(node, declared):
        kind = local(definition).removesuffix("EventDefinition")
        if kind == "timer" and "timer" not in arguments:
            arguments["timer"] = timer(definition)
        elif kind == "conditional" and "condition" not in arguments:
            arguments["condition"] = condition(definition)
        elif kind in ("terminate", "cancel"):
            arguments["ends"] = kind
        elif kind == "link":
            arguments["link"] = definition.get("name") or None
        elif kind in ("message", "signal", "error", "escalation") and kind not in arguments:
            arguments[kind] = declared.name_of(kind, definition)
    return arguments


def _documentation(node: etree._Element) -> str | None:
    documentation = node.find(b("documentation"))
    text = (
        "".join(str(part) for part in documentation.itertext()).strip()
        if documentation is not None
        else ""
    )
    return text or None
