"""What a token does at each kind of element, as task specs of SpiffWorkflow."""

from collections.abc import Mapping

from app.engine.run.elements.activities import Activity
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
    Patient,
    settle_one,
)
from app.engine.run.elements.loops import repeat_of
from app.engine.run.elements.scopes import (
    AdHoc,
    CallActivity,
    EventSubProcess,
    Root,
    SubProcess,
    Transaction,
    open_flow,
)
from app.engine.run.elements.tasks import (
    AutomaticTask,
    DecisionTask,
    EffectTask,
    ReceiveTask,
    UserTask,
)
from app.engine.run.tokens import Node, Token

#: kind of an element → what a token does there
CLASSES: Mapping[str, type[Node]] = {
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


def decide_later(token: Token) -> None:
    """Ask the decision that waited for bank holidays; it waits on where they are not known yet."""
    assert isinstance(token.task_spec, DecisionTask)
    token.task_spec.decide_later(token)


__all__ = [
    "CLASSES",
    "Activity",
    "AdHoc",
    "EventSubProcess",
    "Patient",
    "Root",
    "StartEvent",
    "UserTask",
    "decide_later",
    "open_flow",
    "repeat_of",
    "settle_one",
]
