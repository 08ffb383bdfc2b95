"""Facts that a case leaves behind when it moves; `to_dict`/`from_dict` give their stored form.

Every instant is aware UTC. `instance` is the running process's id within its case ("1", "2" …).
An element or flow is told with the `process` that holds it: ids are unique within a process only.
Who caused it and when stands in the command that holds the events, not here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from typing import Any

from app.engine.deadline_facts import DeadlineEnded as DeadlineEnded
from app.engine.deadline_facts import DeadlineMoved as DeadlineMoved
from app.engine.deadline_facts import DeadlineSet as DeadlineSet
from app.engine.deadline_facts import DeadlineUnknown as DeadlineUnknown
from app.engine.fact import Event as Event
from app.engine.fact import Placed as Placed


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceStarted(Event):
    process: str
    #: the message that started it; None when a person or the case's start did
    message: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InstanceEnded(Event):
    #: "completed", "terminated", "cancelled" or "failed" (an error nobody caught)
    how: str
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementEntered(Placed):
    """An activity that takes time began: sub-process, call activity, receive task, catch event."""

    element: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementPassed(Placed):
    """A flow node other than a user task was completed."""

    element: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementCancelled(Placed):
    """A running activity, not a user task, was interrupted."""

    element: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowTaken(Placed):
    flow: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskOpened(Placed):
    #: unique within the case
    task: str
    element: str
    name: str
    #: form id; its version is the deployment's
    form: str | None = None
    groups: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    assignee: str | None = None
    #: the multi-instance element variable(s) of this instance, e.g. {"agency": "gp"}
    item: Mapping[str, Any] | None = None
    #: what tells this instance from its siblings, for people
    label: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskOffered(Placed):
    """An open task is for these from now on, and no more for those it was offered before."""

    task: str
    element: str
    groups: tuple[str, ...] = ()
    users: tuple[str, ...] = ()
    assignee: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCompleted(Placed):
    task: str
    element: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCancelled(Placed):
    task: str
    element: str
    #: the boundary event, end event or command that did it, where known
    by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerSet(Placed):
    #: unique within the case
    timer: str
    element: str
    due: datetime
    sum: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerFired(Placed):
    timer: str
    element: str
    due: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerDropped(Placed):
    timer: str
    element: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionMade(Placed):
    element: str
    decision: str
    inputs: Mapping[str, Any]
    #: null where nothing came of it: no rule of a table that collects, an empty answer
    output: Any = None
    #: ids (or "rule 3") of the rules that matched, in the order of the table; none of an expression
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionWaits(Placed):
    """A decision hangs on a day beyond the bank holidays that are known, and waits for them."""

    element: str
    decision: str
    #: the first year of which they are not
    year: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSent(Placed):
    element: str
    message: str
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReceived(Placed):
    element: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageBuffered(Event):
    """Nobody waited for it yet; it is kept and offered again after each command."""

    #: unique within the case
    id: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageUnbuffered(Event):
    id: str
    message: str
    #: "delivered", or "dead" when the case ended before anybody waited for it
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalSent(Placed):
    element: str
    signal: str
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusSet(Event):
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VariablesSet(Placed):
    element: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectRequested(Placed):
    """Something outside should happen (a mail); the outbox does it, at least once."""

    element: str
    #: zeebe:taskDefinition type, e.g. "mail"
    effect: str
    #: task headers, expressions already worked out
    headers: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRaised(Placed):
    """Something could not go on. With `timer` that is held, and all else of the case goes on."""

    element: str | None
    sentence: str
    timer: str | None = None
    #: when it is tried again; None: it waits for a person
    until: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRetried(Placed):
    """A person lets a held timer be tried again at once; `element` is the timer's."""

    element: str
    timer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentEnded(Placed):
    """A timer is held no more; `element` is the timer's."""

    element: str
    timer: str
    #: "fired" when it fired after all, "dropped" when it is needed no more
    how: str


KINDS: dict[str, type[Event]] = {
    cls.__name__: cls
    for cls in list(globals().values())
    if isinstance(cls, type) and issubclass(cls, Event) and cls not in (Event, Placed)
}


def to_dict(event: Event) -> dict[str, Any]:
    """{"kind": class name, field: value …}; values stay FEEL values (see feel.codec for JSON)."""
    kind = type(event)
    told: dict[str, Any] = {"kind": kind.__name__}
    if kind not in _NAMES:
        _NAMES[kind] = tuple(each.name for each in fields(kind))
    for name in _NAMES[kind]:
        value = getattr(event, name)
        if value is not None:
            told[name] = value
    return told


#: kind of fact → its fields
_NAMES: dict[type, tuple[str, ...]] = {}


def from_dict(stored: Mapping[str, Any]) -> Event:
    """Inverse of `to_dict`; lists become tuples where the field is a tuple."""
    cls = KINDS[stored["kind"]]
    given = {k: v for k, v in stored.items() if k != "kind"}
    for f in fields(cls):
        if f.name in given and str(f.type).startswith("tuple"):
            given[f.name] = tuple(given[f.name])
    return cls(**given)
