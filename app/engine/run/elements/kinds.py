"""Owns the table from BPMN tag to task spec."""

from __future__ import annotations

from app.engine.run.elements.base import Node
from app.engine.run.elements.events import (
    BoundaryEvent,
    CatchEvent,
    EndEvent,
    StartEvent,
    ThrowEvent,
)
from app.engine.run.elements.gateways import (
    ComplexGateway,
    EventGateway,
    ExclusiveGateway,
    InclusiveGateway,
    ParallelGateway,
)
from app.engine.run.elements.scopes import (
    AdHoc,
    CallActivity,
    EventSubProcess,
    SubProcess,
    Transaction,
)
from app.engine.run.elements.tasks import (
    AutomaticTask,
    DecisionTask,
    EffectTask,
    ReceiveTask,
    UserTask,
)

CLASSES: dict[str, type[Node]] = {
    "startEvent": StartEvent,
    "endEvent": EndEvent,
    "intermediateCatchEvent": CatchEvent,
    "intermediateThrowEvent": ThrowEvent,
    "boundaryEvent": BoundaryEvent,
    "task": AutomaticTask,
    "manualTask": AutomaticTask,
    "userTask": UserTask,
    "receiveTask": ReceiveTask,
    "sendTask": EffectTask,
    "serviceTask": EffectTask,
    "businessRuleTask": DecisionTask,
    "exclusiveGateway": ExclusiveGateway,
    "parallelGateway": ParallelGateway,
    "inclusiveGateway": InclusiveGateway,
    "eventBasedGateway": EventGateway,
    "complexGateway": ComplexGateway,
    "subProcess": SubProcess,
    "transaction": Transaction,
    "adHocSubProcess": AdHoc,
    "callActivity": CallActivity,
}


def node_class(kind: str, by_event: bool) -> type[Node]:
    if by_event:
        return EventSubProcess
    return CLASSES[kind]
