"""Owns the table of what each BPMN element does here: runs, is repaired, shown only, or refused.

The engine below would drop or ignore some of them without a word;
`lint.unsupported` turns the refused ones into findings. How the rest runs is left to `run`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Does = Literal["runs", "repaired", "shown", "refused"]


@dataclass(frozen=True, slots=True)
class Support:
    does: Does
    #: what happens with it, or why it cannot run; a half sentence
    why: str
    #: what to draw instead, a whole sentence; only for the refused
    instead: str = ""
    #: lint rule of the refused
    rule: str = ""


def _runs(why: str = "as BPMN 2.0.2 says") -> Support:
    return Support("runs", why)


def _refused(rule: str, why: str, instead: str) -> Support:
    return Support("refused", why, instead, rule)


_CHOREOGRAPHY = _refused(
    "choreography", "choreographies only describe", "Draw a process with pools and message flows."
)

#: flow nodes and other elements by tag
ELEMENTS: Mapping[str, Support] = {
    "task": _runs("it is completed at once; it only says that something happens"),
    "userTask": _runs("it opens a task for people and waits"),
    "manualTask": _runs("it is completed at once; nobody is shown it, so a user task says more"),
    "serviceTask": _runs("it orders an effect outside, such as a mail, and goes on"),
    "sendTask": _runs("it sends its message, or orders an effect such as a mail, and goes on"),
    "receiveTask": _runs("it waits for its message; with instantiate it starts the process"),
    "businessRuleTask": _runs("it asks its decision table"),
    "scriptTask": _refused(
        "no-script-task",
        "scripts in a drawing are never executed",
        "Set variables by a task's output mapping, or use a business rule task with a table.",
    ),
    "subProcess": _runs(),
    "adHocSubProcess": _runs("each inner step that nothing leads to once, in any order"),
    "transaction": _runs("as a sub-process that a cancel end event leaves by its cancel boundary"),
    "callActivity": _runs("the called process of the same set, 50 deep at most"),
    "exclusiveGateway": _runs("the first true flow in the order drawn, else its default"),
    "parallelGateway": _runs(),
    "inclusiveGateway": _runs(),
    "eventBasedGateway": _runs(
        "the first event to happen, also when it starts the process; one that waits for all of "
        "its events is refused (`instantiating-event-gateway`)"
    ),
    "complexGateway": _runs("splits like an inclusive one; joins by its activation condition"),
    "startEvent": _runs(),
    "endEvent": _runs(),
    "intermediateCatchEvent": _runs(),
    "intermediateThrowEvent": _runs(),
    "implicitThrowEvent": _refused(
        "implicit-throw-event", "modelers cannot draw it", "Use a throw event."
    ),
    "boundaryEvent": _runs("interrupting first of all; beside the activity as often as it happens"),
    "sequenceFlow": Support("repaired", "one without an id is given one"),
    "choreographyTask": _CHOREOGRAPHY,
    "subChoreography": _CHOREOGRAPHY,
    "callChoreography": _CHOREOGRAPHY,
    "standardLoopCharacteristics": _runs("its loop condition and maximum"),
    "multiInstanceLoopCharacteristics": _runs("one instance for each item of its collection"),
    "complexBehaviorDefinition": _refused(
        "mi-behavior",
        "events in the middle of a multi-instance are not thrown",
        "Remove the complex behaviour; use a completion condition.",
    ),
    "compensateEventDefinition": _runs(
        "handlers of what was completed, one after the other, the newest first; those inside "
        "sub-processes and called processes too"
    ),
    "correlationSubscription": _runs(
        "a message goes to the one whose properties it carries, within the case; without a "
        "subscription keys and properties are only shown"
    ),
    "dataObjectReference": Support("shown", "values travel in the process's variables"),
    "dataStoreReference": Support("shown", "nothing is read from or written to it"),
    "laneSet": Support("shown", "who may do a task stands in its candidate groups"),
    "textAnnotation": Support("shown", "a note for readers"),
    "association": Support("shown", "a line for readers"),
    "group": Support("shown", "a frame for readers"),
    "messageFlow": Support("shown", "messages are matched by their names"),
    "linkEventDefinition": Support("repaired", "a pair becomes the sequence flow it stands for"),
    "eventDefinitionRef": Support("repaired", "it is replaced by what it refers to"),
}  # fmt: skip

#: (tag, attribute) → allowed values; anything else is refused with rule, reason and advice
ATTRIBUTES: Mapping[tuple[str, str], tuple[frozenset[str], Support]] = {
    ("*", "startQuantity"): (
        frozenset(str(number) for number in range(1, 101)),
        _refused(
            "token-quantity",
            "it would wait for {value} arrivals (startQuantity)",
            "Set it to 1, or to at most 100.",
        ),
    ),
    ("*", "completionQuantity"): (
        frozenset(str(number) for number in range(1, 101)),
        _refused(
            "token-quantity",
            "it would go on {value} times (completionQuantity)",
            "Set it to 1, or to at most 100.",
        ),
    ),
    ("multiInstanceLoopCharacteristics", "behavior"): (
        frozenset({"All"}),
        _refused(
            "mi-behavior",
            "events in the middle of a multi-instance (behavior “{value}”) are not thrown",
            "Leave the behaviour at “All”; use a completion condition to end early.",
        ),
    ),
}  # fmt: skip

_WAITS = frozenset({"message", "signal", "timer", "conditional"})
#: where an event stands → definitions that may stand there (BPMN 2.0.2, tables 10.84 to 10.92);
#: "none" is an event without any
EVENTS: Mapping[str, frozenset[str]] = {
    "start event of a process": _WAITS | {"none"},
    "start event of a sub-process": frozenset({"none"}),
    "start event of an event sub-process": _WAITS | {"error", "escalation", "compensate"},
    "catch event": _WAITS | {"link"},
    "throw event": frozenset({"none", "message", "signal", "escalation", "link", "compensate"}),
    "end event": frozenset(
        {"none", "message", "signal", "error", "escalation", "terminate", "cancel", "compensate"}
    ),
    "boundary event": _WAITS | {"error", "escalation", "cancel", "compensate"},
}
