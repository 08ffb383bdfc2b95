"""Rules on the drawing as readers see it: shapes that are missing, labels, what is only shown."""

from __future__ import annotations

from collections.abc import Iterator

from app.engine.drawing.global_tasks import is_global
from app.engine.drawing.lint.registry import rule
from app.engine.drawing.lint.view import Said, View
from app.engine.drawing.names import ACTIVITIES, BPMNDI, b


@rule("no-bpmndi", "warning")
def no_bpmndi(view: View) -> Iterator[Said]:
    root = view.drawn.node.getparent()
    if root is None or is_global(view.drawn.node):
        return
    shapes = {node.get("bpmnElement") for tag in ("BPMNShape", "BPMNEdge")
              for node in root.iter(f"{{{BPMNDI}}}{tag}")}  # fmt: skip
    shapes = {(one or "").rpartition(":")[2] for one in shapes}
    lacking = [one.id for one in view.elements.values() if one.id not in shapes]
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
    for one in view.within(ACTIVITIES):
        if not (one.name or "").strip() and not one.triggered:
            yield Said(one.id, f"{view.the(one.id)} has no label, so nobody sees what it is for.")
    for one in view.of("exclusiveGateway", "inclusiveGateway"):
        ways = view.out(one.id)
        if len(ways) < 2:
            continue
        if not (one.name or "").strip():
            yield Said(
                one.id, f"{view.the(one.id)} has no label; ask the question that is decided there."
            )
        for flow in ways:
            if not (flow.name or "").strip():
                yield Said(
                    flow.id,
                    f"The {view.flow(flow)} has no label, so nobody sees when it is taken.",
                )


@rule("data-not-carried-out", "warning")
def data_not_carried_out(view: View) -> Iterator[Said]:
    for one in view.elements.values():
        node = view.node(one.id)
        for tag in ("dataInputAssociation", "dataOutputAssociation"):
            if node.find(b(tag)) is not None:
                yield Said(
                    one.id,
                    f"{view.the(one.id)} is joined to a data object or store. That is shown but "
                    "not carried out: values travel in the process's variables.",
                )
                break
