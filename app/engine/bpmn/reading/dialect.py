"""Owns where a modeler writes what the standard has no place for: forms, groups, dates, mappings.

Camunda 8 (zeebe) first, Camunda 7 attributes as a fall-back. Values stay as drawn: a leading "="
marks FEEL, anything else is literal text. What values may be is left to lint.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from app.engine.bpmn.model import Mapped, MultiInstance
from app.engine.bpmn.names import SEVENS, b, flag, z


def extension(node: etree._Element, tag: str) -> etree._Element | None:
    """The zeebe child of the node's extension elements."""
    return next(extensions(node, tag), None)


def extensions(node: etree._Element, tag: str) -> Iterator[etree._Element]:
    for holder in node.iterfind(b("extensionElements")):
        yield from holder.iterfind(z(tag))


def seven(node: etree._Element, attribute: str) -> str | None:
    """A Camunda 7 attribute, whichever descendant of it wrote the file."""
    for key, value in node.attrib.items():
        space, _, name = str(key).rpartition("}")
        if name == attribute and space[1:] in SEVENS and value:
            return str(value)
    return None


def _attribute(node: etree._Element, tag: str, name: str) -> str | None:
    element = extension(node, tag)
    return (element.get(name) or None) if element is not None else None


def form(node: etree._Element) -> str | None:
    """The form's id."""
    form_id = (
        _attribute(node, "formDefinition", "formId")
        or _attribute(node, "formDefinition", "formKey")
        or seven(node, "formRef")
        or seven(node, "formKey")
    )
    # The desktop modeler of old wrote where the form lies, not what it is called.
    return form_id.removesuffix(".form").rpartition("/")[2].rpartition(":")[2] if form_id else None


def assignment(node: etree._Element) -> dict[str, Any]:
    """Keyword arguments of `Element`: who may do it, and by when."""
    return {
        "assignee": _attribute(node, "assignmentDefinition", "assignee") or seven(node, "assignee"),
        "groups": _attribute(node, "assignmentDefinition", "candidateGroups")
        or seven(node, "candidateGroups"),
        "users": _attribute(node, "assignmentDefinition", "candidateUsers")
        or seven(node, "candidateUsers"),
        "due": _attribute(node, "taskSchedule", "dueDate") or seven(node, "dueDate"),
    }


def properties(node: etree._Element) -> dict[str, str]:
    """zeebe:properties and camunda:properties; the first of a name counts."""
    values: dict[str, str] = {}
    for holder in node.iterfind(b("extensionElements")):
        for space in (z("properties"), *(f"{{{s}}}properties" for s in SEVENS)):
            for group in holder.iterfind(space):
                for element in group:
                    values.setdefault(
                        element.get("name") or "", (element.get("value") or "").strip()
                    )
    values.pop("", None)
    return values


def mappings(node: etree._Element, direction: str) -> tuple[Mapped, ...]:
    """zeebe:input or zeebe:output, in the order drawn."""
    return tuple(
        Mapped((mapping.get("source") or "").strip(), (mapping.get("target") or "").strip())
        for held in extensions(node, "ioMapping")
        for mapping in held.iterfind(z(direction))
    )


def effect(node: etree._Element) -> str | None:
    return _attribute(node, "taskDefinition", "type") or seven(node, "topic") or seven(node, "type")


def headers(node: etree._Element) -> dict[str, str]:
    return {
        (header.get("key") or ""): (header.get("value") or "")
        for held in extensions(node, "taskHeaders")
        for header in held.iterfind(z("header"))
        if header.get("key")
    }


def called_process(node: etree._Element) -> str | None:
    called = _attribute(node, "calledElement", "processId") or node.get("calledElement")
    return (called or "").rpartition(":")[2] or None


def carries(node: etree._Element, attribute: str) -> bool:
    """propagateAllChildVariables and its twin; Camunda's default is true."""
    return (_attribute(node, "calledElement", attribute) or "true").lower() != "false"


def decision(node: etree._Element) -> str | None:
    return _attribute(node, "calledDecision", "decisionId") or seven(node, "decisionRef")


def result_variable(node: etree._Element) -> str | None:
    return _attribute(node, "calledDecision", "resultVariable") or seven(node, "resultVariable")


def loop(node: etree._Element) -> MultiInstance | None:
    """The multi-instance facts of an activity; a literal cardinality becomes a FEEL list."""
    drawn = node.find(b("multiInstanceLoopCharacteristics"))
    if drawn is None:
        return None
    zeebe = extension(drawn, "loopCharacteristics")
    given: Mapping[str, str] = (
        {str(k): str(v) for k, v in zeebe.items()} if zeebe is not None else {}
    )
    completion = drawn.findtext(b("completionCondition"))
    return MultiInstance(
        sequential=flag(drawn, "isSequential"),
        collection=given.get("inputCollection") or _listed(drawn) or _counted(drawn),
        element=given.get("inputElement") or seven(drawn, "elementVariable"),
        output_collection=given.get("outputCollection") or None,
        output_element=given.get("outputElement") or None,
        completion=(completion or "").strip() or None,
    )


def _listed(drawn: etree._Element) -> str | None:
    """Camunda 7's collection, or the standard's loopDataInputRef: the name of a list."""
    text = seven(drawn, "collection") or drawn.findtext(b("loopDataInputRef")) or ""
    return re.sub(r"^\s*[$#]\{\s*([A-Za-z_]\w*)\s*\}\s*$", r"=\1", text).strip() or None


def _counted(drawn: etree._Element) -> str:
    """loopCardinality n as the list 1 to n; below 0 it is null, which stops the case visibly."""
    count = (drawn.findtext(b("loopCardinality")) or "").strip().removeprefix("=").strip()
    if not count:
        return ""
    return (
        f"=if ({count}) < 0 then null else if ({count}) < 1 then [] "
        f"else for loopNumber in 1..({count}) return loopNumber"
    )
