"""Owns the compiled form of a process: a definitions document that the run floor's parser reads.

Drawn ids stay; what is inserted has an id with two underscores. Which process may be compiled at
all is left to `drawing.lint`; the facts of the dialect travel beside it, in `program.Process`.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping

from lxml import etree

from app.engine.bpmn import rewrite
from app.engine.bpmn.declarations import REFERENCES, Declared, handlers
from app.engine.bpmn.names import BPMN, FLOW_NODES, b, local, of_bpmn, reference
from app.engine.bpmn.reader import Drawn

#: parts of flow nodes and scopes that stay; all else is for people or travels in `Process`
KEPT = frozenset(
    {
        "sequenceFlow",
        "conditionExpression",
        "standardLoopCharacteristics",
        "loopCondition",
        "multiInstanceLoopCharacteristics",
        "completionCondition",
        "activationCondition",
        "condition",
        "timeDate",
        "timeDuration",
        "timeCycle",
        "eventDefinitionRef",
    }
)
EXPRESSIONS = (
    "conditionExpression",
    "condition",
    "loopCondition",
    "completionCondition",
    "activationCondition",
)


def compile_process(drawn: Drawn) -> bytes:
    """The process alone, ready to run, with what it refers to declared by name."""
    process = copy.deepcopy(drawn.node)
    process.tail = None
    process.set("isExecutable", "true")
    rewrite.resolve_definitions(process, drawn.declared)
    undoing = handlers(process)
    _strip(process)
    _join_handlers(process, undoing)
    _plain_expressions(process)
    rewrite.instantiating_gateways(process)
    rewrite.instantiating_tasks(process)
    rewrite.loops(process, drawn.process)
    rewrite.throws(process)
    rewrite.links(process)
    rewrite.splits(process)
    root = etree.Element(b("definitions"), nsmap={"bpmn": BPMN})
    _declare(root, process, drawn.declared)
    root.append(process)
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True))


def _strip(process: etree._Element) -> None:
    for node in list(process.iter()):
        parent = node.getparent()
        if parent is None:
            continue
        kind = local(node)
        keep = kind in FLOW_NODES or kind in KEPT or kind.endswith("EventDefinition")
        if not keep or not of_bpmn(node):
            parent.remove(node)
    for node in process.iter():
        node.text = node.text if node.text and node.text.strip() else None
        node.tail = None
        for name in list(node.attrib):
            if str(name).startswith("{"):
                del node.attrib[name]


def _join_handlers(process: etree._Element, undoing: Mapping[str, list[str]]) -> None:
    """Associations are for readers, save those from a compensation event to its handler."""
    events = {str(n.get("id")): n.getparent() for n in process.iter(b("boundaryEvent"))}
    for event, handler_ids in undoing.items():
        scope = events.get(event)
        if scope is None:
            continue
        for handler in handler_ids:
            etree.SubElement(scope, b("association"), sourceRef=event, targetRef=handler)


def _plain_expressions(process: etree._Element) -> None:
    """Conditions become bare FEEL: the engine below knows no leading "="."""
    for node in process.iter(*(b(tag) for tag in EXPRESSIONS)):
        text = (node.text or "").strip()
        node.text = text.removeprefix("=").strip()
        if not node.text and local(node) != "condition":
            parent = node.getparent()
            if parent is not None:
                parent.remove(node)


def _declare(root: etree._Element, process: etree._Element, declared: Declared) -> None:
    """Messages and the like under ids that are their names, so that files cannot clash."""
    seen: set[tuple[str, str]] = set()
    for node in process.iter():
        for kind, attribute in REFERENCES.items():
            name = declared.of_kind(kind).get(reference(node.get(attribute)) or "")
            if name is None:
                continue
            node.set(attribute, name)
            if (kind, name) in seen:
                continue
            seen.add((kind, name))
            made = etree.SubElement(root, b(kind), id=name, name=name)
            if kind in ("error", "escalation"):
                made.set(f"{kind}Code", name)
