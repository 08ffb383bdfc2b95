"""Rules on the drawing as readers see it: shapes that are missing, labels, what is only shown."""

from __future__ import annotations

from collections.abc import Iterator

from app.engine.bpmn import ACTIVITIES, BPMNDI, b, is_global
from app.validation.lint.registry import rule
from app.validation.lint.view import Said, View


@rule("no-bpmndi", "warning")
def no_bpmndi(view: View) -> Iterator[Said]:
    """What is not drawn runs all the same, unseen by those who read or approve the drawing. A
    process without any drawing is shown in a plain layout."""
    root = view.drawn.node.getparent()
    if root is None or is_global(view.drawn.node):
        return
    shapes = {node.get("bpmnElement") for tag in ("BPMNShape", "BPMNEdge")
              for node in root.iter(f"{{{BPMNDI}}}{tag}")}  # fmt: skip
    shapes = {(ref or "").rpartition(":")[2] for ref in shapes}
    lacking = [element.id for element in view.elements.values() if element.id not in shapes]
    if lacking and len(lacking) == len(view.elements):
        name = view.process.name or view.process.id
        yield Said(
            None,
            f"The process “{name}” has no drawing, only its logic. It can run; a plain layout is "
            "shown. Open and lay it out in a modeler.",
        )
        return
    for id in lacking:
        yield Said(id, f"{view.the(id)} is not drawn, so readers cannot see it.")


@rule("label-required", "warning")
def label_required(view: View) -> Iterator[Said]:
    """People are told what is asked and what comes next in the words of the drawing: tasks,
    decisions and the ways out of them. Without a label nobody sees what it is for."""
    for activity in view.within(ACTIVITIES):
        if not (activity.name or "").strip() and not activity.triggered:
            yield Said(
                activity.id, f"{view.the(activity.id)} has no label, so nobody sees what it is for."
            )
    for gateway in view.of("exclusiveGateway", "inclusiveGateway"):
        ways = view.out(gateway.id)
        if len(ways) < 2:
            continue
        if not (gateway.name or "").strip():
            yield Said(
                gateway.id,
                f"{view.the(gateway.id)} has no label; ask the question that is decided there.",
            )
        for flow in ways:
            if not (flow.name or "").strip():
                yield Said(
                    flow.id,
                    f"The {view.flow(flow)} has no label, so nobody sees when it is taken.",
                )


@rule("label-full-stop", "warning")
def label_full_stop(view: View) -> Iterator[Said]:
    """The name of a task stands in people's lists and in the middle of sentences of the history.
    With a full stop at its end such a sentence seems to end there."""
    for task in view.of("userTask"):
        if (task.name or "").rstrip().endswith("."):
            yield Said(task.id, f"{view.the(task.id)} has a name with a full stop. Leave it out.")


#: parts of a process or node that say where data comes from and goes to
DATA = ("ioSpecification", "dataInputAssociation", "dataOutputAssociation", "property")
SHOWN = ("dataObjectReference", "dataStoreReference", "dataObject")


@rule("data-not-carried-out", "warning")
def data_not_carried_out(view: View) -> Iterator[Said]:
    """Data in the standard's own notation is shown, not carried out: values travel in variables and
    mappings. Whoever relies on a data object would find nothing in it."""
    for id, what in ((view.process.id, "process"), *((id, view.a(id)) for id in view.elements)):
        node = view.node(id)
        if any(node.find(b(tag)) is not None for tag in DATA):
            yield Said(
                id,
                f"The {what} has data inputs, outputs or associations. They are shown but not "
                "carried out: values travel in the process's variables.",
            )
    shown = [n for tag in SHOWN for n in view.drawn.node.iter(b(tag))]
    if shown:
        names = ", ".join(f"“{n.get('name') or n.get('id')}”" for n in shown[:3])
        yield Said(
            shown[0].get("id"),
            f"Data objects and stores ({names}{' …' if len(shown) > 3 else ''}) are shown but "
            "hold nothing: values travel in the process's variables.",
        )


@rule("message-item", "warning")
def message_item(view: View) -> Iterator[Said]:
    """The file says that the message holds an item. What a message brings is taken from the
    mappings of its events, so that item alone brings nothing into a case."""
    root = view.drawn.node.getparent()
    if root is None:
        return
    used = {element.message for element in view.elements.values() if element.message}
    for node in root.iterfind(b("message")):
        if node.get("itemRef") and (node.get("name") or node.get("id")) in used:
            yield Said(
                node.get("id"),
                f"The message “{node.get('name') or node.get('id')}” is said to hold an item. "
                "That is not carried out: what it brings stands in the mappings of its events.",
            )
