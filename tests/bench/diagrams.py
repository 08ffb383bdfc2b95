"""A diagram of any number of user tasks, for our dialect and for SpiffWorkflow alone.

Stages of three parallel and two sequential tasks, boundary timers on two of the three, and a
loop back to the start, so that a case can live as long as one likes.
"""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="bench" targetNamespace="bench">'
)
FORM = (
    '{"id": "note", "type": "default", "schemaVersion": 19, "components": ['
    '{"type": "textarea", "id": "c1", "key": "what", "label": "What happened",'
    ' "validate": {"required": true}},'
    '{"type": "textfield", "id": "c2", "key": "who", "label": "Who was there"},'
    '{"type": "checkbox", "id": "c3", "key": "again", "label": "Once more"}]}'
)


class Drawing:
    """Collects nodes and flows of one process, in one dialect."""

    def __init__(self, *, ours: bool) -> None:
        self.ours = ours
        self.nodes: list[str] = []
        self.flows: list[tuple[str, str, str | None]] = []

    def task(self, name: str) -> None:
        inner = (
            "<bpmn:extensionElements><zeebe:userTask/>"
            '<zeebe:formDefinition formId="note"/>'
            '<zeebe:assignmentDefinition candidateGroups="desk"/>'
            '<zeebe:taskSchedule dueDate="=working_days_after(today(), 5)"/>'
            "</bpmn:extensionElements>"
            if self.ours
            else ""
        )
        self.nodes.append(f'<bpmn:userTask id="{name}" name="{name}">{inner}</bpmn:userTask>')

    def gateway(self, kind: str, name: str, default: str | None = None) -> None:
        more = f" default={quoteattr(default)}" if default else ""
        self.nodes.append(f'<bpmn:{kind}Gateway id="{name}" name="{name}?"{more}/>')

    def timer(self, name: str, host: str, days: int) -> None:
        text = f"P{days}D" if self.ours else f'"P{days}D"'
        self.nodes.append(
            f'<bpmn:boundaryEvent id="{name}" name="{name}" attachedToRef="{host}"'
            f' cancelActivity="false"><bpmn:timerEventDefinition id="{name}_d">'
            f'<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">{text}</bpmn:timeDuration>'
            "</bpmn:timerEventDefinition></bpmn:boundaryEvent>"
            f'<bpmn:endEvent id="{name}_end" name="Told"/>'
        )
        self.flow(name, f"{name}_end")

    def flow(self, source: str, target: str, condition: str | None = None) -> None:
        self.flows.append((source, target, condition))

    def xml(self) -> bytes:
        arrows = ""
        for number, (source, target, condition) in enumerate(self.flows):
            test = (
                '<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">'
                f"{condition}</bpmn:conditionExpression>"
                if condition
                else ""
            )
            arrows += (
                f'<bpmn:sequenceFlow id="f{number}" name="f{number}" sourceRef="{source}"'
                f' targetRef="{target}">{test}</bpmn:sequenceFlow>'
            )
        declared = (
            '<bpmn:extensionElements><zeebe:properties><zeebe:property name="var:again"'
            ' value="=false"/><zeebe:property name="var:stop" value="=false"/>'
            '<zeebe:property name="start_groups" value="desk"/>'
            "</zeebe:properties></bpmn:extensionElements>"
            if self.ours
            else ""
        )
        body = declared + "".join(self.nodes) + arrows
        return (
            '<?xml version="1.0" encoding="UTF-8"?>'
            f'{HEAD}<bpmn:process id="long" name="Long" isExecutable="true">{body}</bpmn:process>'
            "</bpmn:definitions>"
        ).encode()


def long_process(tasks: int, *, ours: bool) -> bytes:
    """A process of `tasks` user tasks (a multiple of five) in a loop steered by `again`."""
    drawing = Drawing(ours=ours)
    drawing.nodes.append('<bpmn:startEvent id="begin" name="Begin"/>')
    drawing.gateway("exclusive", "merge")
    drawing.flow("begin", "merge")
    last = "merge"
    for stage in range(tasks // 5):
        split, join = f"split{stage}", f"join{stage}"
        drawing.gateway("parallel", split)
        drawing.gateway("parallel", join)
        drawing.flow(last, split)
        for branch in range(3):
            name = f"t{stage}_{branch}"
            drawing.task(name)
            drawing.flow(split, name)
            drawing.flow(name, join)
            if branch < 2:
                drawing.timer(f"remind{stage}_{branch}", name, 40 + stage)
        last = join
        for branch in (3, 4):
            name = f"t{stage}_{branch}"
            drawing.task(name)
            drawing.flow(last, name)
            last = name
        # Without an exclusive gateway here SpiffWorkflow alone predicts 3**stages tasks.
        drawing.gateway("exclusive", f"on{stage}", default=f"f{len(drawing.flows) + 2}")
        drawing.flow(last, f"on{stage}")
        drawing.flow(f"on{stage}", "finish", "=stop" if ours else "stop")
        last = f"on{stage}"
    drawing.gateway("exclusive", "lap", default=f"f{len(drawing.flows) + 2}")
    drawing.flow(last, "lap")
    drawing.flow("lap", "merge", "=again" if ours else "again")
    drawing.flow("lap", "finish")
    drawing.nodes.append('<bpmn:endEvent id="finish" name="Finish"/>')
    return drawing.xml()
