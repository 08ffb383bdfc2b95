"""What would follow, if something were recorded in a case: found by a dry run.

The engine takes the message in a copy that is thrown away, so nothing is written and nobody is
told. What comes of it in words is the page's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.casework.cases import Happening
from app.casework.commands import DeliverMessage
from app.casework.desk import Desk
from app.casework.errors import Refused
from app.casework.orders import refusal, taking_back
from app.casework.orders.recording import Before, Recorded, before, moved, reading
from app.casework.reading.answer_words import Answer, answers_told
from app.casework.reading.case.recording_page import about_message
from app.casework.reading.look import Look, look
from app.documents import MAIL, addressees
from app.engine import Event, Fault
from app.engine import events as fact

#: timers that fire before what is recorded
_FIRST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskTold:
    name: str
    label: str | None
    #: names of groups and people
    to: tuple[str, ...] = ()
    due: datetime | None = None
    whole_day: bool = False
    #: where the date was, of one that moves
    was: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Follows:
    """What would come of it."""

    #: reference of the case
    case: str
    about: Happening
    answers: tuple[Answer, ...]
    #: names of the processes that begin
    begins: tuple[str, ...]
    opens: tuple[TaskTold, ...]
    withdraws: tuple[TaskTold, ...]
    moves: tuple[TaskTold, ...]
    #: names of those to whom mail goes
    mails: tuple[str, ...]
    status: str | None
    #: nothing waits for it: it is kept
    kept: bool
    #: until when it can be taken back; None: it cannot
    until: datetime | None
    #: why it cannot
    fixed: str
    #: the same was recorded before
    before: Before | None


def dry_run(desk: Desk, command: DeliverMessage) -> Follows:
    """Raises `Refused` as the order would, but for what was recorded before: that is told."""
    person, at = command.actor, command.at
    with look(desk, person, command.case, at, None) as seen:
        about = about_message(seen, command.message)
        against = refusal(seen.locked, DeliverMessage, person, message=command.message)
        if against is not None:
            raise against
        told = reading(seen.locked, command)
        same = before(seen.locked, told)
        try:
            events = _dry(seen, command, told)
        except Fault as error:
            raise Refused(error.sentence, given=command.given) from error
        far = taking_back.reach(seen.locked.loaded, events)
        answers = answers_told(seen, told.said(command), at, {}) if told.form is not None else ()
        last = taking_back.until(seen.locked, seen.locked.at(at))
        return Follows(
            case=seen.row.reference,
            about=about,
            answers=answers,
            until=None if far.fixed else last,
            fixed=far.fixed,
            before=same,
            **_told(seen, events),
        )


def _dry(seen: Look, command: DeliverMessage, told: Recorded) -> list[Event]:
    """What would come of it: first what is due already, as the desk lets it fire, then this."""
    locked, at = seen.locked, seen.locked.at(command.at)
    if locked.overdue(at):
        for _ in range(_FIRST):
            due = locked.engine.next_due()
            if due is None or due > at:
                break
            locked.engine.wake(at)
    return moved(locked, command, told)


def _told(seen: Look, events: list[Event]) -> dict[str, Any]:
    dues = {e.task: e for e in events if isinstance(e, fact.DeadlineSet)}
    gone = {e.task for e in events if isinstance(e, fact.TaskCancelled)}
    opened = [e for e in events if isinstance(e, fact.TaskOpened) and e.task not in gone]
    mine = {e.task for e in events if isinstance(e, fact.TaskOpened)}
    mails = [e for e in events if isinstance(e, fact.EffectRequested) and e.effect == MAIL]
    to = [name for mail in mails for name in addressees(mail.headers.get("to"))]
    started = [e for e in events if isinstance(e, fact.InstanceStarted)]
    status = next((e.status for e in reversed(events) if isinstance(e, fact.StatusSet)), None)
    return {
        "begins": tuple(_process(seen, e.process) for e in started),
        "opens": tuple(_opened(seen, e, dues.get(e.task)) for e in opened),
        "withdraws": tuple(_line(seen, task) for task in sorted(gone - mine)),
        "moves": tuple(_moved(seen, e) for e in events if isinstance(e, fact.DeadlineMoved)),
        "mails": _names(seen, to),
        "status": status if status != seen.row.status else None,
        "kept": any(isinstance(e, fact.MessageBuffered) for e in events),
    }


def _process(seen: Look, id: str) -> str:
    process = seen.locked.loaded.process(id)
    return (process.name if process is not None else None) or id


def _opened(seen: Look, event: fact.TaskOpened, due: fact.DeadlineSet | None) -> TaskTold:
    return TaskTold(
        name=event.name,
        label=event.label,
        to=_names(seen, [event.assignee] if event.assignee else [*event.groups, *event.users]),
        due=due.due if due is not None else None,
        whole_day=due.whole_day if due is not None else False,
    )


def _line(seen: Look, task: str) -> TaskTold:
    known = seen.locked.task(task)
    return TaskTold(name=known[0].name if known else task, label=known[0].label if known else None)


def _moved(seen: Look, event: fact.DeadlineMoved) -> TaskTold:
    known = seen.locked.task(event.task)
    element = seen.locked.loaded.element(event.process, event.element)
    drawn = (element.name if element is not None else None) or event.element
    return TaskTold(
        name=known[0].name if known else drawn,
        label=known[0].label if known else None,
        due=event.new,
        whole_day=event.whole_day,
        was=event.old,
    )


def _names(seen: Look, who: list[str]) -> tuple[str, ...]:
    """What people call these groups and people, each once."""
    people: Mapping[str, str] = seen.names(list(who))
    group = seen.locked.installation.roles.name
    return tuple(dict.fromkeys(people.get(id) or group(id, seen.at) for id in who))
