"""Owns the graph that runs: of each process SpiffWorkflow task specs, built once and kept.

What runs of a drawing is `bpmn.executable`, what a token does at a node `elements`. Here nodes and
flows are put together: who follows whom, what lies in which scope, worked out once, so that a
step never walks the drawing. A graph is never changed after it is built, so threads share it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.engine.bpmn import Element, Flow, Process
from app.engine.bpmn.executable import executable
from app.engine.errors import Incident, NotExecutable
from app.engine.program import Program
from app.engine.run.elements import (
    CLASSES,
    Activity,
    AdHoc,
    EventSubProcess,
    Root,
    StartEvent,
    repeat_of,
)
from app.engine.run.tokens import Node, ProcessSpec

#: name of the node that is the process itself; no file can have such an id
ROOT = "(process)"
#: what end events throw to the scopes around them; these and "terminate" withdraw others too
RAISES = ("cancel", "error", "escalation")
_MADE = "graph"


def spec_of(program: Program, process: str | None) -> ProcessSpec:
    """The graph of a process, kept with it for the next command, and for every version that has it.

    Incident when the deployment has no such process; NotExecutable when it cannot be built.
    """
    drawn = program.processes.get(process or "")
    if drawn is None:
        raise Incident(f"There is no process “{process}” in this deployment.")
    kept: ProcessSpec | None = drawn.made.get(_MADE)
    return kept if kept is not None else drawn.made.setdefault(_MADE, build(drawn))


def build(process: Process) -> ProcessSpec:
    """The graph of a process as drawn. NotExecutable, with the element, when it has none."""
    runs = executable(process)
    spec = ProcessSpec(process)
    for element in runs.elements.values():
        _add(spec, element)
    nodes = dict(spec.task_specs)
    spec.root = Root(spec, Element(id=ROOT, kind="process", process=process.id))
    spec.start = spec.root
    for flow in runs.flows.values():
        _connect(nodes, flow)
    for node in nodes.values():
        _place(nodes.get(node.element.scope or "", spec.root), node, nodes)
        spec.has_conditions |= node.element.first("conditional") is not None
    for event, handlers in process.handlers.items():
        host = _at(nodes, nodes[event].element.attached_to or "", event)
        host.handlers += tuple(_at(nodes, handler, event) for handler in handlers)
    for node in (spec.root, *nodes.values()):
        node.listens = frozenset(_kinds(node, nodes))
        joins = len(node.incoming) > 1 and node.join
        if joins or node.element.start_quantity > 1 or node.element.first("terminate", *RAISES):
            node.sources = {flow.id: _reaching(nodes, node, flow) for flow in node.incoming}
    _mark_undoable(nodes)
    return spec


def _add(spec: ProcessSpec, element: Element) -> None:
    node_class = EventSubProcess if element.triggered else CLASSES.get(element.kind)
    if node_class is None:
        sentence = f"No token can come to a {element.kind}."
        raise NotExecutable(sentence, element_id=element.id)
    if any(trigger.kind == "timer" and trigger.timer is None for trigger in element.triggers):
        raise NotExecutable("This timer names no time.", element_id=element.id)
    node = node_class(spec, element)
    if isinstance(node, Activity):
        node.repeat = repeat_of(element)


def _at(nodes: Mapping[str, Node], id: str, of: str) -> Node:
    """The node with that id, which `of` speaks of."""
    if id not in nodes:
        raise NotExecutable(f"It leads to “{id}”, which is not drawn here.", element_id=of)
    return nodes[id]


def _connect(nodes: Mapping[str, Node], flow: Flow) -> None:
    source, target = _at(nodes, flow.source, flow.id), _at(nodes, flow.target, flow.id)
    source.outgoing += (flow,)
    target.incoming += (flow,)
    source.connect(target)


def _place(scope: Node, node: Node, nodes: Mapping[str, Node]) -> None:
    if node.element.attached_to is not None:
        _at(nodes, node.element.attached_to, node.name).boundaries += (node,)
    begins = isinstance(scope, AdHoc) and _stands_alone(node)
    if isinstance(node, StartEvent) or begins:
        scope.starts += (node,)
    if isinstance(node, EventSubProcess):
        inside = (n for n in nodes.values() if n.element.scope == node.name)
        starts = (start for start in inside if isinstance(start, StartEvent))
        scope.event_starts += tuple((node, start) for start in starts)


def _kinds(node: Node, nodes: Mapping[str, Node]) -> Iterator[str]:
    """Kinds of triggers of the node itself, of what hangs at it, lies in it or comes after it."""
    after = [nodes[flow.target] for flow in node.outgoing]
    for neighbour in (node, *node.boundaries, *after, *(start for _, start in node.event_starts)):
        yield from (trigger.kind for trigger in neighbour.element.triggers)


def _stands_alone(node: Node) -> bool:
    """In an ad-hoc sub-process: begun without a flow that leads to it."""
    drawn = node.element
    reached = node.incoming or drawn.attached_to is not None
    return not (reached or drawn.for_compensation or drawn.triggered)


def _reaching(nodes: Mapping[str, Node], join: Node, flow: Flow) -> frozenset[str]:
    """Nodes from which a token can come along `flow` without passing `join`."""
    names: set[str] = set()
    stack = [flow.source]
    while stack:
        name = stack.pop()
        if name in names or name == join.name:
            continue
        names.add(name)
        node = nodes[name]
        stack.extend(before.source for before in node.incoming)
        if node.element.attached_to is not None:
            stack.append(node.element.attached_to)
    return frozenset(names)


def _mark_undoable(nodes: Mapping[str, Node]) -> None:
    """Activities whose completion must be remembered: with a handler, or holding such ones."""
    for node in nodes.values():
        undone = any(start.element.first("compensate") for _, start in node.event_starts)
        if node.handlers or undone:
            node.undoable = True
            holder = nodes.get(node.element.scope or "")
            while holder is not None:
                holder.undoable = True
                holder = nodes.get(holder.element.scope or "")
