"""Owns reading a BPMN file: a tree in, processes as plain values out, beside their XML nodes.

A drawing is read here once: what is judged, drawn and run comes from these values. One flow node is
`elements`, what runs of a process `executable`, judging it `validation`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace

from lxml import etree

from app.engine.bpmn.model import Element, Flow, Process
from app.engine.bpmn.names import FLOW_NODES, SCOPES, b, flag, local, reference, z
from app.engine.bpmn.properties import process_rules_of, variables_of
from app.engine.bpmn.reading import dialect
from app.engine.bpmn.reading.correlation import Correlation, starts_process
from app.engine.bpmn.reading.declarations import Declared, definitions
from app.engine.bpmn.reading.elements import Keys, documentation, read_element
from app.engine.bpmn.reading.global_tasks import add_global_tasks

#: what sends messages; all else that names one waits for it
SENDS = ("sendTask", "endEvent", "intermediateThrowEvent")
#: kind of trigger of an event about undoing
UNDOES = "compensate"
#: marks what had no id in the file, so that lint can say so
GIVEN = z("idGivenOnReading")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A process as drawn: its values and, by id, the XML nodes they were read from."""

    process: Process
    node: etree._Element
    nodes: Mapping[str, etree._Element]
    declared: Declared


def without_xml(drawn: Drawn) -> Drawn:
    """Enough of it to run: what is judged and shown needs the rest."""
    node = etree.Element(drawn.node.tag)
    node.sourceline = drawn.node.sourceline
    return replace(drawn, node=node, nodes={})


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
    lanes, keys = _lanes(node), _Waiting(node, declared)
    elements: dict[str, Element] = {}
    nodes: dict[str, etree._Element] = {id: node}
    for flow_node, scope in flow_nodes(node):
        lane = lanes.get(str(flow_node.get("id"))) or (elements[scope].lane if scope else None)
        element = read_element(flow_node, id, scope, lane, declared, keys.of(flow_node))
        elements[element.id] = element
        nodes[element.id] = flow_node
    flows = {flow.id: flow for flow in _flows(node, nodes)}
    properties = dialect.properties(node)
    rules = process_rules_of(properties)
    starts = [e for e in elements.values() if e.kind == "startEvent" and e.scope is None]
    plain = next((e for e in starts if not e.triggers), None)
    value = Process(
        id=id,
        file=file,
        elements=elements,
        flows=flows,
        name=node.get("name") or None,
        documentation=documentation(node),
        executable=flag(node, "isExecutable"),
        rules=rules,
        variables=variables_of(properties),
        start_form=plain.form if plain else None,
        start_groups=rules.start_groups if plain else None,
        message_starts=dict(_message_starts(elements.values(), keys.firsts)),
        handlers=_handlers(node, elements),
    )
    return Drawn(value, node, nodes, declared)


class _Waiting:
    """The correlation keys of what waits inside a running process."""

    def __init__(self, process: etree._Element, declared: Declared) -> None:
        self._declared = declared
        self._correlation = Correlation.of(process.getroottree().getroot(), process)
        #: ids of what lies behind an event gateway that starts the process
        self.firsts = frozenset(_behind_starting_gateways(process))

    def of(self, node: etree._Element) -> Keys:
        """Id of a message that the flow node waits for → its key; none where it starts or sends."""
        if local(node) in SENDS or node.get("id") in self.firsts or starts_process(node):
            return {}
        return self._correlation.keys(node, definitions(node, self._declared))


def _message_starts(elements: Iterable[Element], firsts: Set[str]) -> Iterator[tuple[str, str]]:
    """(message, start event); receive tasks and event gateways that start the process included."""
    for element in elements:
        starts = element.kind == "startEvent" or element.id in firsts
        if element.scope is None and (starts or element.instantiate):
            for trigger in element.triggers:
                if trigger.kind == "message" and trigger.name is not None:
                    yield trigger.name, element.id


def _behind_starting_gateways(process: etree._Element) -> Iterator[str]:
    gateways = {
        str(gateway.get("id"))
        for gateway in process.iter(b("eventBasedGateway"))
        if flag(gateway, "instantiate")
    }
    for flow in process.iter(b("sequenceFlow")):
        if flow.get("sourceRef") in gateways:
            yield str(flow.get("targetRef"))


def _handlers(
    process: etree._Element, elements: Mapping[str, Element]
) -> dict[str, tuple[str, ...]]:
    """Associations are for readers, save those from a compensation event to its handler."""
    events = {e.id for e in elements.values() if e.kind == "boundaryEvent" and e.first(UNDOES)}
    undo = {e.id for e in elements.values() if e.for_compensation}
    by_event: dict[str, tuple[str, ...]] = {}
    for association in process.iter(b("association")):
        ends = [reference(association.get(end)) or "" for end in ("sourceRef", "targetRef")]
        for event, handler in (ends, ends[::-1]):
            if event in events and handler in undo:
                by_event[event] = (*by_event.get(event, ()), handler)
    return by_event


def _lanes(process: etree._Element) -> dict[str, str]:
    """Flow node id → label of the innermost lane."""
    labels: dict[str, str] = {}
    for lane in process.iter(b("lane")):
        for listed in lane.iterfind(b("flowNodeRef")):
            # Document order puts an inner lane after the one around it.
            labels[reference(listed.text) or ""] = lane.get("name") or lane.get("id") or ""
    return labels


def _flows(process: etree._Element, nodes: dict[str, etree._Element]) -> Iterator[Flow]:
    """Those that lie in the process or a sub-process; what an extension holds is none."""
    for node in process.iter(b("sequenceFlow")):
        id, holder = str(node.get("id")), node.getparent()
        if holder is None or nodes.get(str(holder.get("id"))) is not holder:
            continue
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
