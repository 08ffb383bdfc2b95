"""How far what came of a message can be undone, read off the facts that it led to.

Only what began something new can be taken back: whole processes, and what was drawn beside them. A
message that moved or ended what went on already has no way back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.casework.cases import Loaded
from app.documents import MAIL, addressees
from app.engine import events as fact
from app.engine.events import Event
from app.engine.run import Begun

#: of what went on before: nobody can undo these
_CHANGES = (
    fact.TaskCancelled,
    fact.TaskCompleted,
    fact.ElementCancelled,
    fact.DeadlineMoved,
    fact.DeadlineEnded,
    fact.TimerDropped,
    fact.VariablesSet,
    fact.InstanceEnded,
    fact.MessageUnbuffered,
)
#: done in what began since then: somebody would lose it
_DONE = (fact.TaskCompleted, fact.MessageSent, fact.MessageReceived, fact.SignalSent)
_CHANGED = "It changes what is going on already, so it cannot be taken back afterwards."


@dataclass(frozen=True, slots=True)
class Reach:
    """How far what came of a message can be undone."""

    begun: Begun
    #: groups and people to whom mail went
    told: tuple[str, ...] = ()
    #: why it cannot be taken back; "" where it can
    fixed: str = ""


def reach(loaded: Loaded, events: Iterable[Event]) -> Reach:
    """`events`: all that came of the message, in the order of the history entry."""
    happened = list(events)
    begun = tuple(e.instance for e in happened if isinstance(e, fact.InstanceStarted))
    beside = [e for e in happened if e.instance not in (*begun, "")]
    kept = tuple(e.id for e in happened if isinstance(e, fact.MessageBuffered))
    tasks = tuple(e.task for e in beside if isinstance(e, fact.TaskOpened))
    told = _told(e for e in happened if isinstance(e, fact.EffectRequested))
    fixed = ""
    if _changes(loaded, happened, begun, beside, tasks):
        fixed = _CHANGED
    elif not (begun or tasks or kept):
        fixed = "Nothing begins by it, so there is nothing to take back."
    return Reach(Begun(instances=begun, tasks=tasks, kept=kept), told, fixed)


def _changes(
    loaded: Loaded,
    happened: list[Event],
    begun: tuple[str, ...],
    beside: list[Event],
    tasks: tuple[str, ...],
) -> bool:
    """Whether it moved what went on before, or reached what is not in the case."""
    if any(isinstance(e, fact.SignalSent) for e in happened):
        return True
    if any(isinstance(e, fact.EffectRequested) and e.effect != MAIL for e in happened):
        return True
    if any(isinstance(e, _CHANGES) for e in happened if e.instance not in begun):
        return True
    return bool(beside) and not (tasks and all(_begins_beside(loaded, e) for e in beside))


def _begins_beside(loaded: Loaded, event: Event) -> bool:
    """No step of the flow that went on took the message in: an event sub-process did."""
    if not isinstance(event, fact.MessageReceived):
        return True
    element = loaded.element(event.process, event.element)
    beside = element is not None and element.scope is not None and element.kind == "startEvent"
    return beside and element is not None and not element.interrupting


def _told(effects: Iterable[fact.EffectRequested]) -> tuple[str, ...]:
    mails = [addressees(e.headers.get("to")) for e in effects if e.effect == MAIL]
    return tuple(dict.fromkeys(name for mail in mails for name in mail))


def done_since(begun: Begun, later: Iterable[Event]) -> bool:
    """Whether somebody has worked on what began."""
    return any(
        (isinstance(e, _DONE) and e.instance in begun.instances)
        or (isinstance(e, fact.TaskCompleted) and e.task in begun.tasks)
        for e in later
    )


def told_since(begun: Begun, later: Iterable[Event]) -> tuple[str, ...]:
    """To whom mail went since then."""
    mine = (e for e in later if e.instance in begun.instances)
    return _told(e for e in mine if isinstance(e, fact.EffectRequested))


def goes_on(begun: Begun, later: list[Event]) -> bool:
    over = {e.instance for e in later if isinstance(e, fact.InstanceEnded)}
    gone = {e.task for e in later if isinstance(e, fact.TaskCancelled)}
    out = {e.id for e in later if isinstance(e, fact.MessageUnbuffered)}
    return not (over & {*begun.instances} or gone & {*begun.tasks} or out & {*begun.kept})


def changed_status(begun: Begun, since: Iterable[Event]) -> bool:
    """Whether the status of the case is that of what began."""
    newest = _newest(since)
    return newest is not None and newest.instance in begun.instances


def status_of(events: Iterable[Event]) -> str | None:
    newest = _newest(events)
    return newest.status if newest is not None else None


def _newest(events: Iterable[Event]) -> fact.StatusSet | None:
    stood = [event for event in events if isinstance(event, fact.StatusSet)]
    return stood[-1] if stood else None


def mail(place: tuple[str, str], to: list[str], template: object) -> dict[str, object]:
    """The mail of an event to whoever has to know, as a send task would send it."""
    process, element = place
    headers = {"to": to, "template": str(template)}
    return {"process": process, "element": element, "effect": MAIL, "headers": headers}
