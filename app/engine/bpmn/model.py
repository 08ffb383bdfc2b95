"""Processes as plain frozen values: what a BPMN file says, once it is read.

Who makes them: `reading`; who judges them: `validation`; who makes of them what runs: `executable`,
who runs that: `run`. Text that may be an expression keeps its source form: leading "=" is FEEL, all
else literal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.engine.bpmn.properties import ProcessRules, Rules


@dataclass(frozen=True, slots=True)
class Mapped:
    """One zeebe:input or zeebe:output."""

    source: str
    target: str


@dataclass(frozen=True, slots=True)
class Timer:
    #: "date", "duration" or "cycle"
    kind: str
    expression: str


@dataclass(frozen=True, slots=True)
class KeyPart:
    """One part of a correlation key: a message fits where both sides give the same."""

    #: FEEL source over the variables of what waits
    waiting: str
    #: FEEL source over what the message carries; None: `waiting` or its name says what to look for
    carried: str | None = None


@dataclass(frozen=True, slots=True)
class Trigger:
    """One event definition of an event (BPMN 2.0.2 section 10.5), or the message of a task."""

    #: "message", "signal", "timer", "conditional", "error", "escalation", "cancel", "compensate",
    #: "terminate", "link"
    kind: str
    #: name of the message, signal or link, code of the error or escalation; a catching event
    #: without a code catches every one
    name: str | None = None
    timer: Timer | None = None
    #: raw condition
    condition: str | None = None
    #: the activity that compensation undoes; None: all of the scope
    activity: str | None = None
    #: what a message must carry besides its name
    key: tuple[KeyPart, ...] = ()


@dataclass(frozen=True, slots=True)
class MultiInstance:
    """An activity that is done once for each item of a collection."""

    sequential: bool
    collection: str
    element: str | None
    output_collection: str | None
    output_element: str | None
    completion: str | None


@dataclass(frozen=True, slots=True)
class StandardLoop:
    """An activity that is done again while a condition holds."""

    condition: str | None = None
    test_before: bool = False
    maximum: int | None = None


@dataclass(frozen=True, slots=True)
class AdHoc:
    """What an ad-hoc sub-process says about the order and the end of its work."""

    completion: str | None = None
    sequential: bool = False
    #: what still runs is withdrawn once the completion condition holds
    cancel_remaining: bool = True


@dataclass(frozen=True, slots=True)
class Element:
    """A flow node."""

    id: str
    #: local name of its tag: "userTask", "exclusiveGateway", "boundaryEvent" …
    kind: str
    process: str
    name: str | None = None
    #: id of the sub-process it lies in; None directly in the process
    scope: str | None = None
    lane: str | None = None
    documentation: str | None = None
    #: form id
    form: str | None = None
    assignee: str | None = None
    #: raw candidateGroups / candidateUsers: comma-separated literal or "=…" giving a text or list
    groups: str | None = None
    users: str | None = None
    #: raw due date ("=…" giving a date or date and time)
    due: str | None = None
    #: what its extension properties say, as types
    rules: Rules = field(default_factory=Rules)
    inputs: tuple[Mapped, ...] = ()
    outputs: tuple[Mapped, ...] = ()
    #: zeebe:taskDefinition type and headers
    effect: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    called_process: str | None = None
    #: call activity: whether variables pass to and fro that no mapping names
    all_in: bool = True
    all_out: bool = True
    decision: str | None = None
    result_variable: str | None = None
    #: event definitions in document order; the message of a send or receive task
    triggers: tuple[Trigger, ...] = ()
    #: all triggers must happen, not just one
    parallel_multiple: bool = False
    loop: MultiInstance | None = None
    standard_loop: StandardLoop | None = None
    ad_hoc: AdHoc | None = None
    #: tokens that start it, tokens that leave it (section 13.3.2)
    start_quantity: int = 1
    completion_quantity: int = 1
    #: raw activation condition of a complex gateway
    activation: str | None = None
    #: it is no part of the flow; it undoes an activity
    for_compensation: bool = False
    #: a receive task or event gateway that starts the process
    instantiate: bool = False
    #: for a boundary event
    attached_to: str | None = None
    #: boundary event, or start event of an event sub-process
    interrupting: bool = True
    #: an event sub-process
    triggered: bool = False

    def first(self, *kinds: str) -> Trigger | None:
        """The first trigger of one of these kinds."""
        return next((trigger for trigger in self.triggers if trigger.kind in kinds), None)

    def _named(self, kind: str) -> str | None:
        trigger = self.first(kind)
        return trigger.name if trigger is not None else None

    @property
    def message(self) -> str | None:
        """Name of the message it sends or waits for."""
        return self._named("message")

    @property
    def signal(self) -> str | None:
        """Name of the signal it throws or catches."""
        return self._named("signal")

    @property
    def error(self) -> str | None:
        """Code of the error it throws or catches."""
        return self._named("error")

    @property
    def escalation(self) -> str | None:
        """Code of the escalation it throws or catches."""
        return self._named("escalation")

    @property
    def link(self) -> str | None:
        """Name of the link it throws or catches."""
        return self._named("link")

    @property
    def timer(self) -> Timer | None:
        trigger = self.first("timer")
        return trigger.timer if trigger is not None else None

    @property
    def condition(self) -> str | None:
        """Raw condition of a conditional event."""
        trigger = self.first("conditional")
        return trigger.condition if trigger is not None else None

    @property
    def ends(self) -> str | None:
        """An end event that ends all around it ("terminate") or calls a transaction off
        ("cancel")."""
        trigger = self.first("terminate", "cancel")
        return trigger.kind if trigger is not None else None


@dataclass(frozen=True, slots=True)
class Flow:
    id: str
    source: str
    target: str
    name: str | None = None
    condition: str | None = None
    default: bool = False


@dataclass(frozen=True, slots=True)
class Process:
    id: str
    #: path of its file in the deployment
    file: str
    elements: Mapping[str, Element]
    flows: Mapping[str, Flow]
    name: str | None = None
    documentation: str | None = None
    executable: bool = True
    #: what its extension properties say, as types
    rules: ProcessRules = field(default_factory=ProcessRules)
    #: declared workflow variables: name → FEEL source (without "=") of its first value
    variables: Mapping[str, str] = field(default_factory=dict)
    #: form of the none start event
    start_form: str | None = None
    #: raw candidate groups who may start it; None: nobody by hand
    start_groups: str | None = None
    #: message name → start event id
    message_starts: Mapping[str, str] = field(default_factory=dict)
    #: compensation boundary event → the activities that an association joins to it
    handlers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: what is made of it once, by who makes it: it goes when the process goes
    made: dict[str, Any] = field(default_factory=dict, init=False, compare=False, repr=False)
