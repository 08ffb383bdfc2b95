"""Owns global tasks (BPMN 2.0.2, 10.3.7): tasks outside any process that call activities may call.

Each becomes a process of one step in the tree, before that is read: so nothing else need know of
them, and rules that judge the file find a node for each step.
"""

from __future__ import annotations

from itertools import pairwise

from lxml import etree

from app.engine.bpmn.names import b, line, local, z

#: tag of the global task → tag of the step it is
STEPS = {
    "globalTask": "task",
    "globalUserTask": "userTask",
    "globalManualTask": "manualTask",
    "globalBusinessRuleTask": "businessRuleTask",
    "globalScriptTask": "scriptTask",
}
MARK = z("globalTask")


def add_global_tasks(root: etree._Element) -> None:
    """Adds a process for each global task of the definitions document."""
    for node in list(root):
        step = STEPS.get(local(node))
        if step is not None and node.get("id"):
            root.append(_process(node, step))


def is_global(process: etree._Element) -> bool:
    """Whether a process was made here, so that it cannot have a drawing."""
    return process.get(MARK) is not None


def _process(node: etree._Element, step: str) -> etree._Element:
    id = str(node.get("id"))
    process = etree.Element(b("process"), id=id, isExecutable="true", attrib={MARK: "true"})
    ids = [f"{id}__start", f"{id}__task", f"{id}__finish"]
    for tag, own in zip(("startEvent", step, "endEvent"), ids, strict=True):
        made = etree.SubElement(process, b(tag), id=own)
        if tag == step:
            made.set("name", node.get("name") or id)
            made.extend(
                child
                for child in list(node)
                if local(child) in ("documentation", "extensionElements")
            )
    for source, target in pairwise(ids):
        etree.SubElement(
            process, b("sequenceFlow"), id=f"{source}__go", sourceRef=source, targetRef=target
        )
    for made in process.iter():
        made.sourceline = line(node)  # type: ignore[assignment]
    return process
