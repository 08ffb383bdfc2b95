# mypy: disable-error-code="misc"
"""Owns reading a compiled process into a graph of SpiffWorkflow task specs.

Extends SpiffWorkflow's parser (LGPL-3.0) at its extension points, and replaces its recursive walk,
which fails on long processes, drops flows without an id and whatever no flow leads to, and changes
names (test_long_chain_is_read). Checking and compiling the drawing is the floor to the left.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag

from app.engine.bpmn.model import Element, Process
from app.engine.bpmn.names import flag, interrupting
from app.engine.errors import NotExecutable
from app.engine.run.elements.base import Node, ProcessSpec
from app.engine.run.elements.gateways import ComplexGateway
from app.engine.run.elements.kinds import CLASSES, node_class
from app.engine.run.elements.scopes import AdHoc
from app.engine.run.graph import add_handler, connect, mark_undoable
from app.engine.run.shape import Arc, Loop, Trigger

BPMN = full_tag("")
TIMERS = {"timeDate": "date", "timeDuration": "duration", "timeCycle": "cycle"}


def read_process(process: Process) -> ProcessSpec:
    """The graph of a process from its compiled document; NotExecutable when it cannot be read."""
    parser = CompiledParser(process)
    try:
        parser.add_bpmn_xml(etree.fromstring(process.compiled))
        spec: ProcessSpec = parser.get_spec(process.id)
    except etree.XMLSyntaxError as fault:
        raise NotExecutable(f"Process “{process.id}” cannot be read: {fault}") from None
    return spec


class CompiledProcess(ProcessParser):
    """Reads one process, sub-processes included, without recursion."""

    def _parse(self) -> None:
        process: Process = self.parser.process
        self.spec = spec = ProcessSpec(process)
        nodes: dict[str, Node] = {}
        for item in self.node.iter():
            kind = local(item)
            if kind in CLASSES:
                node = self._read_node(spec, item, kind)
                nodes[node.name] = node
        connect(spec, nodes, list(self._read_arcs(process)))
        for item in self.node.iter(full_tag("association")):
            source = item.get("sourceRef") or ""
            target = item.get("targetRef") or ""
            if source in nodes and target in nodes:
                add_handler(nodes[source], nodes[target], nodes)
        mark_undoable(nodes)

    def _read_node(self, spec: ProcessSpec, item: Any, kind: str) -> Node:
        element = self._element(spec.process, item, kind)
        by_event = flag(item, "triggeredByEvent")
        node = node_class(kind, by_event)(spec, element.id, element)
        node.triggers = tuple(self._triggers(item))
        node.every_trigger = flag(item, "parallelMultiple")
        node.interrupting = interrupting(item)
        node.attached_to = item.get("attachedToRef")
        node.at_start = int(item.get("startQuantity") or 1)
        node.at_end = int(item.get("completionQuantity") or 1)
        if isinstance(node, ComplexGateway):
            node.activation = _text(item.find(full_tag("activationCondition")))
        node.instantiates = flag(item, "instantiate")
        if isinstance(node, AdHoc):
            node.completion = _text(item.find(full_tag("completionCondition")))
            node.in_turn = item.get("ordering") == "Sequential"
            node.withdraws_rest = item.get("cancelRemainingInstances") not in ("false", "0")
        node.for_undoing = flag(item, "isForCompensation")
        node.loop = _read_loop(item, element)
        return node

    def _element(self, process: Process, item: Any, kind: str) -> Element:
        name = item.get("id") or ""
        element = process.elements.get(name)
        if element is not None:
            return element
        parent = item.getparent()
        scope = None if local(parent) == "process" else parent.get("id")
        return Element(id=name, kind=kind, process=process.id, scope=scope)

    def _read_arcs(self, process: Process) -> Iterator[Arc]:
        defaults = {item.get("default") for item in self.node.iter() if local(item) in CLASSES}
        for item in self.node.iter(full_tag("sequenceFlow")):
            yield Arc(
                id=item.get("id"),
                source=item.get("sourceRef") or "",
                target=item.get("targetRef") or "",
                condition=_text(item.find(full_tag("conditionExpression"))),
                default=item.get("id") in defaults,
                drawn=item.get("id") in process.flows,
            )

    def _triggers(self, item: Any) -> Iterator[Trigger]:
        if item.get("messageRef"):
            yield self._message(item, self._named("messages", item.get("messageRef")))
        for child in item:
            kind = local(child).removesuffix("EventDefinition")
            if kind != local(child) and kind != "link":
                yield self._trigger(kind, child)

    def _trigger(self, kind: str, definition: Any) -> Trigger:
        if kind in ("message", "signal"):
            event = definition.getparent()
            name = self._named(f"{kind}s", definition.get(f"{kind}Ref")) or event.get("name") or ""
            return self._message(event, name) if kind == "message" else Trigger(kind, name)
        if kind in ("error", "escalation"):
            return Trigger(kind, self._code(kind, definition.get(f"{kind}Ref")))
        if kind == "timer":
            text = next((c for c in definition if local(c) in TIMERS), None)
            if text is None:
                raise NotExecutable(
                    "This timer names no time.", element_id=definition.getparent().get("id")
                )
            return Trigger(kind, None, (text.text or "").strip(), TIMERS[local(text)])
        if kind == "conditional":
            return Trigger(kind, None, _text(definition.find(full_tag("condition"))))
        return Trigger(kind, definition.get("activityRef"))

    def _message(self, item: Any, name: str | None) -> Trigger:
        process: Process = self.parser.process
        key = process.keys.get(item.get("id"), {}).get(name or "", ())
        return Trigger("message", name, key=key)

    def _named(self, table: str, ref: str | None) -> str | None:
        return getattr(self.parser, table).get(ref) or ref

    def _code(self, kind: str, ref: str | None) -> str | None:
        entry = getattr(self.parser, f"{kind}s").get(ref)
        return ref if entry is None else entry[f"{kind}_code"] or entry["name"] or ref


class CompiledParser(BpmnParser):
    """The library's parser for one compiled process."""

    PROCESS_PARSER_CLASS = CompiledProcess
    OVERRIDE_PARSER_CLASSES: ClassVar[dict[str, Any]] = {
        full_tag(kind): (TaskParser, cls) for kind, cls in CLASSES.items()
    }

    def __init__(self, process: Process) -> None:
        super().__init__()
        self.process = process

    def _add_data_stores(self, bpmn: Any) -> None:
        """Data stores carry nothing here."""

    def _add_correlations(self, bpmn: Any) -> None:
        """Messages are correlated by case, and by the keys that `Process` carries."""


def local(item: Any) -> str:
    """The tag's name if it is BPMN's own, else ""."""
    tag = item.tag
    return tag[len(BPMN) :] if isinstance(tag, str) and tag.startswith(BPMN) else ""


def _text(item: Any) -> str | None:
    return None if item is None else (item.text or "").strip() or None


def _read_loop(item: Any, element: Element) -> Loop | None:
    if element.loop is not None:
        loop = element.loop
        return Loop(
            sequential=loop.sequential,
            items=loop.collection,
            item=loop.element,
            output=loop.output_collection,
            output_element=loop.output_element,
            completion=loop.completion,
        )
    drawn = item.find(full_tag("standardLoopCharacteristics"))
    if drawn is None:
        return None
    most = drawn.get("loopMaximum")
    return Loop(
        sequential=True,
        test_before=flag(drawn, "testBefore"),
        condition=_text(drawn.find(full_tag("loopCondition"))),
        maximum=int(most) if most else None,
    )
