"""Owns putting nodes and flows together: who follows whom, what lies in which scope.

Pure structure, worked out once per process, so that a step never walks the drawing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from app.engine.bpmn.model import Element
from app.engine.run.elements.activities import Activity
from app.engine.run.elements.base import Node, ProcessSpec
from app.engine.run.elements.events import StartEvent
from app.engine.run.elements.gateways import Patient
from app.engine.run.elements.loops import repeat_of
from app.engine.run.elements.scopes import AdHoc, EventSubProcess, Root
from app.engine.run.shape import Arc

ROOT = "(process)"


def connect(spec: ProcessSpec, nodes: Mapping[str, Node], arcs: Iterable[Arc]) -> None:
    """Fill in everything a node knows of its surroundings."""
    spec.root = Root(spec, ROOT, Element(id=ROOT, kind="process", process=spec.process.id))
    spec.start = spec.root
    for arc in arcs:
        source, target = nodes[arc.source], nodes[arc.target]
        source.arcs_out += (arc,)
        target.arcs_in += (arc,)
        source.connect(target)
    for node in nodes.values():
        if isinstance(node, Activity):
            node.repeat = repeat_of(node.loop)
        if node.attached_to is not None:
            nodes[node.attached_to].boundaries += (node,)
        spec.has_conditions |= any(t.kind == "conditional" for t in node.triggers)
    for node in nodes.values():
        _place(nodes.get(node.scope_id or "", spec.root), node, nodes)
    for node in (spec.root, *nodes.values()):
        node.listens = frozenset(_kinds(node, nodes))
        if isinstance(node, Patient) and len(node.arcs_in) > 1:
            node.sources = {arc.id: _reaching(nodes, node, arc) for arc in node.arcs_in}


def _place(scope: Node, node: Node, nodes: Mapping[str, Node]) -> None:
    if isinstance(node, StartEvent) or (node.instantiates and not node.arcs_in):
        scope.starts += (node,)
    if isinstance(scope, AdHoc) and _stands_alone(node):
        scope.starts += (node,)
    if isinstance(node, EventSubProcess):
        own = [n for n in nodes.values() if n.scope_id == node.name and isinstance(n, StartEvent)]
        scope.event_starts += tuple((node, start) for start in own)


def _kinds(node: Node, nodes: Mapping[str, Node]) -> Iterator[str]:
    """Kinds of triggers of the node itself, of what hangs at it, lies in it or comes after it."""
    after = [nodes[arc.target] for arc in node.arcs_out]
    for neighbour in (node, *node.boundaries, *after, *(start for _, start in node.event_starts)):
        yield from (trigger.kind for trigger in neighbour.triggers)


def _stands_alone(node: Node) -> bool:
    """In an ad-hoc sub-process: begun without a flow that leads to it."""
    reached = node.arcs_in or node.attached_to is not None or node.for_undoing or node.by_event
    return not reached


def _reaching(nodes: Mapping[str, Node], join: Node, arc: Arc) -> frozenset[str]:
    """Nodes from which a token can come along `arc` without passing `join`."""
    names: set[str] = set()
    stack = [arc.source]
    while stack:
        name = stack.pop()
        if name in names or name == join.name:
            continue
        names.add(name)
        node = nodes[name]
        stack.extend(before.source for before in node.arcs_in)
        if node.attached_to is not None:
            stack.append(node.attached_to)
    return frozenset(names)


def add_handler(source: Node, target: Node, nodes: Mapping[str, Node]) -> None:
    """An association from a compensation boundary event to the activity that undoes its host."""
    compensates = any(t.kind == "compensate" for t in source.triggers)
    if compensates and source.attached_to is not None:
        nodes[source.attached_to].handlers += (target,)


def mark_undoable(nodes: Mapping[str, Node]) -> None:
    """Activities whose completion must be remembered: with a handler, or holding such ones."""
    for node in nodes.values():
        undone = any(t.kind == "compensate" for _, s in node.event_starts for t in s.triggers)
        if node.handlers or undone:
            node.undoable = True
            holder = nodes.get(node.scope_id or "")
            while holder is not None:
                holder.undoable = True
                holder = nodes.get(holder.scope_id or "")
