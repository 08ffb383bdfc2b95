"""Taking back what was recorded: what it began is ended, and who was told of it is told again.

Only what began something new can be taken back: whole processes, and what was drawn beside them. A
message that moved or ended what went on already has no way back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from app import store
from app.casework.cases import Happening, Loaded, LockedCase, Past, happening, history
from app.casework.commands import DeliverMessage, Done, TakeBack
from app.casework.errors import NotFound, Refused
from app.casework.orders import questions
from app.casework.orders.recording import TOLD
from app.documents import MAIL, addressees
from app.engine import Event, NotOpen, saying
from app.engine import events as fact
from app.engine.run import Begun
from app.store import DoneRow

#: hours in which it may be taken back, where the settings say nothing
HOURS = 24
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
_GONE = "Nothing of what it began goes on any more, so there is nothing to take back."


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


def until(locked: LockedCase, recorded: datetime) -> datetime:
    """The last instant at which it may be taken back."""
    stated = locked.loaded.program.settings.get("take_back_hours", HOURS)
    return recorded + timedelta(hours=float(stated))


def by_whoever_recorded(locked: LockedCase, command: TakeBack) -> bool:
    entry = history.some(locked.unit, locked.key, [command.entry]).get(command.entry)
    return (
        entry is not None
        and entry.kind == DeliverMessage.__name__
        and (entry.actor == command.actor.id)
    )


def refusal(locked: LockedCase, entry: int, at: datetime) -> tuple[Reach, Happening] | str:
    """What would be taken back; else why it cannot be. Raises `NotFound` where nothing was
    recorded by that entry."""
    past = Past(locked.unit, locked.key, locked.loaded.program, locked.row.seq)
    rows = past.entries(entry, locked.row.seq)
    if not rows or rows[0][0].seq != entry or rows[0][0].kind != DeliverMessage.__name__:
        raise NotFound
    row, body = rows[0]
    about = happening(locked.loaded, str(body.said.get("message")))
    if about is None:
        raise NotFound
    far = reach(locked.loaded, body.events)
    last = until(locked, row.at)
    if far.fixed:
        return far.fixed
    if at > last:
        return f"It could be taken back until {saying.moment(last)}."
    later = [event for _, each in rows[1:] for event in each.events]
    mine = [e for e in later if e.instance in far.begun.instances]
    done = any(isinstance(e, _DONE) for e in mine) or any(
        isinstance(e, fact.TaskCompleted) and e.task in far.begun.tasks for e in later
    )
    if done:
        return "Somebody has worked on what it began since then, so it cannot be taken back."
    if not _goes_on(locked, far.begun, later):
        return _GONE
    mails = _told(e for e in mine if isinstance(e, fact.EffectRequested))
    return replace(
        far,
        begun=replace(far.begun, status=_status(past, locked, entry, far.begun, rows)),
        told=tuple(dict.fromkeys((*far.told, *mails))),
    ), about


def _goes_on(locked: LockedCase, begun: Begun, later: list[Event]) -> bool:
    over = {e.instance for e in later if isinstance(e, fact.InstanceEnded)}
    gone = {e.task for e in later if isinstance(e, fact.TaskCancelled)}
    out = {e.id for e in later if isinstance(e, fact.MessageUnbuffered)}
    lost = over & {*begun.instances} or gone & {*begun.tasks} or out & {*begun.kept}
    return not lost


def _status(
    past: Past, locked: LockedCase, entry: int, begun: Begun, rows: list[Any]
) -> str | None:
    """The status as it was before, where the newest one is that of what began."""
    events = [event for _, body in rows for event in body.events]
    newest = next((e for e in reversed(events) if isinstance(e, fact.StatusSet)), None)
    if newest is None or newest.instance not in begun.instances:
        return None
    earlier = past.entries(1, entry - 1)
    stood = [e for _, body in earlier for e in body.events if isinstance(e, fact.StatusSet)]
    return stood[-1].status if stood else None


def open_entries(
    locked: LockedCase, at: datetime, by: str | None = None
) -> list[tuple[DoneRow, Happening]]:
    """What was recorded lately by its form and can be taken back now, the newest first; `by`:
    only by this person."""
    lately = [
        row
        for row in store.work.answers.of_case(locked.unit, locked.row.id)
        if row.how == TOLD and at <= until(locked, row.at) and by in (None, row.by)
    ]
    looked_at = ((row, refusal(locked, row.seq, at)) for row in reversed(lately))
    return [(row, far[1]) for row, far in looked_at if not isinstance(far, str)]


def name_of_entry(locked: LockedCase, entry: int) -> str:
    """What was recorded by the entry. Raises `NotFound` where nothing was."""
    body = history.some(locked.unit, locked.key, [entry]).get(entry)
    if body is None or body.kind != DeliverMessage.__name__:
        raise NotFound
    about = happening(locked.loaded, str(body.said.get("message")))
    return about.name if about is not None else str(body.said.get("message"))


def take_back(locked: LockedCase, command: TakeBack) -> Done:
    reason = questions.reason(command.reason)
    at = locked.at(command.at)
    found = refusal(locked, command.entry, at)
    if isinstance(found, str):
        raise Refused(found)
    far, about = found
    begun = replace(far.begun, telling=_telling(locked, about, far))
    try:
        events = locked.engine.take_back(begun, at, by=command.actor.id)
    except NotOpen as error:
        raise Refused(_GONE) from error
    said = {"entry": command.entry, "message": about.message, "name": about.name, "reason": reason}
    done = locked.record(command, events, said=said | {"begun": as_said(begun)})
    store.work.answers.taken_back(locked.unit, locked.row.id, command.entry)
    return done


def _telling(locked: LockedCase, about: Happening, far: Reach) -> dict[str, Any]:
    """The mail to whoever was told, and to whoever has taken what began."""
    rows = store.work.tasks.of_case(locked.unit, locked.row.id)
    mine = [r for r in rows if r.instance in far.begun.instances or r.task in far.begun.tasks]
    to = list(dict.fromkeys([*far.told, *(row.assignee for row in mine if row.assignee)]))
    template = locked.loaded.program.settings.get("take_back_mail")
    if not to or not template:
        return {}
    place = {"process": about.process, "element": about.element}
    return {**place, "effect": MAIL, "headers": {"to": to, "template": str(template)}}


def as_said(begun: Begun) -> dict[str, Any]:
    return {
        "instances": list(begun.instances),
        "tasks": list(begun.tasks),
        "kept": list(begun.kept),
        "status": begun.status,
        "telling": dict(begun.telling),
    }


def as_begun(said: dict[str, Any]) -> Begun:
    """What stands in the history, as the engine takes it."""
    return Begun(
        instances=tuple(said["instances"]),
        tasks=tuple(said["tasks"]),
        kept=tuple(said["kept"]),
        status=said["status"],
        telling=said["telling"],
    )
