"""One sentence for each kind of event, as a table. Orders of people are `orders`'.

A function gives (topic, sentence), or None when the event tells a person nothing. `actor` is the
name of the person whose order led to the event, "" when time did.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from app.audit.narrative import stops
from app.audit.narrative.memory import Memory
from app.engine import due, joined, moment, plain, saying, value
from app.engine import events as fact
from app.engine.lateness import away
from app.engine.run import TAKEN_BACK

Told = tuple[str, str] | None
Teller = Callable[[Any, Memory, str, datetime], Told]

#: words that filter a history, in the order of a page
TOPICS = {
    "task": "Tasks",
    "deadline": "Deadlines",
    "decision": "Decisions",
    "message": "Messages",
    "timer": "Timers that went off",
    "plan": "Timers set and dropped",
    "step": "Steps",
    "status": "Status",
    "mail": "Mail",
    "document": "Documents",
    "case": "Case",
    "record": "Recorded values",
    "trouble": "Trouble",
    "read": "Readings",
}
_ENDS = {
    "completed": "came to its end",
    "terminated": "was ended",
    "cancelled": "was cancelled",
    "failed": "failed",
}


def instance_started(event: fact.InstanceStarted, memory: Memory, actor: str, at: datetime) -> Told:
    name = memory.words.process(event.process)
    if event.message:
        return "case", f"“{name}” was started by the message “{event.message}”."
    if actor:
        return "case", f"{actor} started “{name}” on {moment(at)}."
    return "case", f"“{name}” was started."


def instance_ended(event: fact.InstanceEnded, memory: Memory, actor: str, at: datetime) -> Told:
    process = memory.process(event)
    name = memory.words.process(process) if process else f"Process {event.instance}"
    why = f": {event.error}" if event.error else ""
    return "case", f"“{name}” {_ENDS.get(event.how, event.how)}{why}."


def element_entered(event: fact.ElementEntered, memory: Memory, actor: str, at: datetime) -> Told:
    element = memory.element(event)
    name = memory.named(event, event.element)
    waits = element is not None and (
        element.kind.endswith("Event") or element.kind == "receiveTask"
    )
    return "step", f"Waiting at {name}." if waits else f"{name} began."


def element_passed(event: fact.ElementPassed, memory: Memory, actor: str, at: datetime) -> Told:
    element = memory.element(event)
    if element is None or not element.name or element.kind.endswith("Gateway"):
        return None
    if element.kind in ("startEvent", "boundaryEvent", "businessRuleTask") or element.effect:
        return None  # other facts tell these
    name = memory.named(event, event.element)
    if element.kind.endswith("Event"):
        return "step", f"Reached {name}."
    return "step", f"{name} was done."


def element_cancelled(
    event: fact.ElementCancelled, memory: Memory, actor: str, at: datetime
) -> Told:
    return "step", f"{memory.named(event, event.element)} was stopped."


def flow_taken(event: fact.FlowTaken, memory: Memory, actor: str, at: datetime) -> Told:
    """Only a named way out of a gateway is a decision somebody wants to read."""
    process = memory.place(event)
    flow = memory.words.flow(process, event.flow)
    if flow is None or not flow.name:
        return None
    source = memory.words.element(process, flow.source)
    if source is None or not source.kind.endswith("Gateway"):
        return None
    name = source.name or plain(source.id)
    return "step", f"At “{name}” the way was “{flow.name}”."


def task_opened(event: fact.TaskOpened, memory: Memory, actor: str, at: datetime) -> Told:
    return "task", f"Task opened: {memory.tasks[event.task]}{_to(event, memory, at)}."


def task_offered(event: fact.TaskOffered, memory: Memory, actor: str, at: datetime) -> Told:
    name = memory.task(event, event.task, event.element)
    return "task", f"{name} is offered anew{_to(event, memory, at)}, and to nobody else."


def _to(event: fact.TaskOpened | fact.TaskOffered, memory: Memory, at: datetime) -> str:
    words = memory.words
    offered = [words.person(event.assignee)] if event.assignee else []
    offered += [words.person(user) for user in event.users]
    offered += [words.group(group, at) for group in event.groups]
    return f", for {joined(offered, 'or')}" if offered else ""


def task_completed(event: fact.TaskCompleted, memory: Memory, actor: str, at: datetime) -> Told:
    name = memory.task(event, event.task, event.element)
    memory.signed.pop(event.task, None)
    if actor:
        return "task", f"{actor} completed {name} on {moment(at)}."
    return "task", f"{name} was completed."


def task_cancelled(event: fact.TaskCancelled, memory: Memory, actor: str, at: datetime) -> Told:
    name = memory.task(event, event.task, event.element)
    by = ""
    if event.by:
        by = f", by {memory.canceller(event) or plain(event.by)}"
    first = memory.signed.pop(event.task, None)
    fallen = f" The signature of {first} fell with it." if first else ""
    return "task", f"{name} is no longer needed{by}.{fallen}"


def deadline_set(event: fact.DeadlineSet, memory: Memory, actor: str, at: datetime) -> Told:
    name = memory.task(event, event.task, event.element)
    text = f"Deadline set: {name} is due by {due(event.due, event.whole_day)}"
    text += f" ({event.sum})" if event.sum else ""
    if event.backstop is not None:
        last = due(event.backstop, event.backstop_whole_day)
        sum_ = f" ({event.backstop_sum})" if event.backstop_sum else ""
        text += f"; at the latest by {last}{sum_}"
    basis = f" Basis: {event.basis.rstrip('.')}." if event.basis else ""
    return "deadline", f"{text}.{basis}"


def deadline_unknown(event: fact.DeadlineUnknown, memory: Memory, actor: str, at: datetime) -> Told:
    name = memory.task(event, event.task, event.element)
    return "deadline", f"The deadline of {name} {saying.undated(event.year)}."


def deadline_moved(event: fact.DeadlineMoved, memory: Memory, actor: str, at: datetime) -> Told:
    name = memory.task(event, event.task, event.element)
    old, new = due(event.old, event.whole_day), due(event.new, event.whole_day)
    what = f"the deadline of {name} from {old} to {new}"
    why = f" Reason: {event.reason.rstrip('.')}." if event.reason else ""
    if actor:
        return "deadline", f"{actor} moved {what} on {moment(at)}.{why}"
    return "deadline", f"Deadline moved: {what}.{why}"


def deadline_ended(event: fact.DeadlineEnded, memory: Memory, actor: str, at: datetime) -> Told:
    name = memory.task(event, event.task, event.element)
    known = memory.dues.get(event.task)
    if event.how != "met":
        return "deadline", f"Deadline dropped: {name}."
    done = event.happened or at
    if known is not None and done > known.at:
        late = away(known.at, known.whole_day, done, memory.words.working_day(known.calendar))
        was = due(known.at, known.whole_day)
        return "deadline", f"Deadline missed: {name} was due by {was}, done {late} late."
    return "deadline", f"Deadline met: {name}."


def timer_set(event: fact.TimerSet, memory: Memory, actor: str, at: datetime) -> Told:
    why = f" ({event.sum})" if event.sum else ""
    return "plan", f"Timer set: {memory.named(event, event.element)} on {moment(event.due)}{why}."


def timer_fired(event: fact.TimerFired, memory: Memory, actor: str, at: datetime) -> Told:
    return "timer", f"Timer went off: {memory.named(event, event.element)}, {moment(event.due)}."


def timer_dropped(event: fact.TimerDropped, memory: Memory, actor: str, at: datetime) -> Told:
    return "plan", f"Timer no longer needed: {memory.named(event, event.element)}."


def decision_made(event: fact.DecisionMade, memory: Memory, actor: str, at: datetime) -> Told:
    name = memory.words.decision(event.decision)
    result = f"Result: {value(event.output)}."
    if event.rules:
        given = joined(
            f"{plain(key)} {value(input_value)}" for key, input_value in event.inputs.items()
        )
        for_ = f" for {given}" if given else ""
        return "decision", f"Decision “{name}”: {joined(event.rules)} matched{for_}. {result}"
    given = "; ".join(
        f"{plain(key)}: {value(input_value)}" for key, input_value in event.inputs.items()
    )
    how = "no rule matched" if memory.words.has_rules(event.decision) else "worked out"
    return "decision", f"Decision “{name}”: {how}{f' ({given})' if given else ''}. {result}"


def decision_waits(event: fact.DecisionWaits, memory: Memory, actor: str, at: datetime) -> Told:
    name = memory.words.decision(event.decision)
    return "decision", f"Decision “{name}” {saying.undated(event.year)}: the case waits for them."


def message_sent(event: fact.MessageSent, memory: Memory, actor: str, at: datetime) -> Told:
    name = memory.named(event, event.element)
    return "message", f"Message “{event.message}” was sent by {name}."


def message_received(event: fact.MessageReceived, memory: Memory, actor: str, at: datetime) -> Told:
    name = memory.named(event, event.element)
    return "message", f"Message “{event.message}” was received by {name}."


def message_buffered(event: fact.MessageBuffered, memory: Memory, actor: str, at: datetime) -> Told:
    return "message", f"Nobody waited yet for the message “{event.message}”; it is kept."


def message_unbuffered(
    event: fact.MessageUnbuffered, memory: Memory, actor: str, at: datetime
) -> Told:
    if event.how == "dead":
        return "message", f"The case ended before anybody waited for “{event.message}”."
    if event.how == TAKEN_BACK:
        return "message", f"The kept message “{event.message}” was taken back."
    return "message", f"The kept message “{event.message}” was delivered."


def signal_sent(event: fact.SignalSent, memory: Memory, actor: str, at: datetime) -> Told:
    name = memory.named(event, event.element)
    return "message", f"Signal “{event.signal}” was sent by {name}."


def status_set(event: fact.StatusSet, memory: Memory, actor: str, at: datetime) -> Told:
    return "status", f"The case is now at: {plain(event.status)}."


def variables_set(event: fact.VariablesSet, memory: Memory, actor: str, at: datetime) -> Told:
    said = joined(f"{plain(key)} is {value(new_value)}" for key, new_value in event.values.items())
    return ("record", f"Recorded for the process: {said}.") if said else None


def effect_requested(event: fact.EffectRequested, memory: Memory, actor: str, at: datetime) -> Told:
    headers = event.headers
    if event.effect != "mail":
        return "mail", f"{memory.named(event, event.element)} was ordered ({plain(event.effect)})."
    to = headers.get("to")
    people = [to] if isinstance(to, str) else list(to or ())
    whom = joined(memory.words.group(str(addressee), at) for addressee in people)
    what = headers.get("subject") or plain(str(headers.get("template") or event.element))
    return "mail", f"Mail “{what}” to {whom or 'nobody'} was put in the outbox."


TELLERS: dict[type[fact.Event], Teller] = {
    fact.InstanceStarted: instance_started,
    fact.InstanceEnded: instance_ended,
    fact.ElementEntered: element_entered,
    fact.ElementPassed: element_passed,
    fact.ElementCancelled: element_cancelled,
    fact.FlowTaken: flow_taken,
    fact.TaskOpened: task_opened,
    fact.TaskOffered: task_offered,
    fact.TaskCompleted: task_completed,
    fact.TaskCancelled: task_cancelled,
    fact.DeadlineSet: deadline_set,
    fact.DeadlineUnknown: deadline_unknown,
    fact.DeadlineMoved: deadline_moved,
    fact.DeadlineEnded: deadline_ended,
    fact.TimerSet: timer_set,
    fact.TimerFired: timer_fired,
    fact.TimerDropped: timer_dropped,
    fact.DecisionMade: decision_made,
    fact.DecisionWaits: decision_waits,
    fact.MessageSent: message_sent,
    fact.MessageReceived: message_received,
    fact.MessageBuffered: message_buffered,
    fact.MessageUnbuffered: message_unbuffered,
    fact.SignalSent: signal_sent,
    fact.StatusSet: status_set,
    fact.VariablesSet: variables_set,
    fact.EffectRequested: effect_requested,
    fact.IncidentRaised: stops.raised,
    fact.IncidentRetried: stops.retried,
    fact.IncidentEnded: stops.ended,
}
