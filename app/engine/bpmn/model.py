"""Processes as plain frozen values: what a BPMN file says, once it is read.

Who makes them: `reader`; who judges them: `validation`; who runs them: `run`. Text that may be an
expression keeps its source form: leading "=" is FEEL, all else literal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

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
class Loop:
    """Multi-instance facts."""

    sequential: bool
    collection: str
    element: str | None
    output_collection: str | None
    output_element: str | None
    completion: str | None


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
    #: names of the message, signal, error code, escalation code it throws or catches
    message: str | None = None
    signal: str | None = None
    error: str | None = None
    escalation: str | None = None
    timer: Timer | None = None
    #: raw condition of a conditional event
    condition: str | None = None
    loop: Loop | None = None
    #: for a boundary event
    attached_to: str | None = None
    #: boundary event, or start event of an event sub-process
    interrupting: bool = True
    #: an event sub-process
    triggered: bool = False
    #: an end event that ends all around it ("terminate") or calls a transaction off ("cancel")
    ends: str | None = None
    #: name of the link it throws or catches
    link: str | None = None


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
    #: element id → message name → its correlation key, for what waits for a message with a key
    keys: Mapping[str, Mapping[str, tuple[KeyPart, ...]]] = field(default_factory=dict)
    #: the compiled definitions document, as bytes, that the run floor reads
    compiled: bytes = b""
