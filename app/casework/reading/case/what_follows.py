"""What can be recorded in a case, the form for it, and what would follow: found by a dry run.

The engine takes the message in a copy that is thrown away, so nothing is written and nobody is
told. What comes of it in words is the page's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.casework.access import Person
from app.casework.cases import Happening, event_scope, happening, happenings
from app.casework.commands import DeliverMessage, TakeBack
from app.casework.desk import Desk
from app.casework.errors import NotFound, Refused
from app.casework.orders import ORDERS, refusal, taking_back
from app.casework.orders.recording import Before, Recorded, before, moved, reading
from app.casework.reading.answer_words import Answer, answers_told
from app.casework.reading.look import Look, look
from app.casework.reading.task import Asked
from app.documents import MAIL, addressees
from app.engine import Event, Fault
from app.engine import events as fact
from app.engine.forms import NOTHING_KNOWN, known

#: timers that fire before what is recorded
_FIRST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class HappeningLine:
    about: Happening
    #: something in the case waits for it now
    awaited: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPage:
    """The form of an event that somebody may record."""

    #: the reference
    case: str
    about: Happening
    asked: Asked
    #: why the case does not take it now
    refused: str | None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPage:
    """What somebody can record in a case."""

    #: the reference
    case: str
    lines: tuple[HappeningLine, ...]
    #: why the case takes none of it now
    refused: str | None


def recordable(desk: Desk, person: Person, case: str, at: datetime) -> RecordPage:
    """Raises `NotFound` for somebody who records nothing there."""
    with look(desk, person, case, at, None) as seen:
        _may(seen)
        locked, lines, against = seen.locked, [], []
        for about in happenings(locked.loaded):
            why = refusal(locked, DeliverMessage, person, message=about.message)
            if why is None:
                awaited = locked.engine.hears(about.message)
                lines.append(HappeningLine(about=about, awaited=awaited))
            else:
                against.append(why.sentence)
        refused = against[0] if against and not lines else None
        return RecordPage(case=seen.row.reference, lines=tuple(lines), refused=refused)


def event_page(desk: Desk, person: Person, case: str, message: str, at: datetime) -> EventPage:
    """Raises `NotFound` for what people do not record in the case."""
    with look(desk, person, case, at, None) as seen:
        about = _about(seen, message)
        against = refusal(seen.locked, DeliverMessage, person, message=message)
        form, scope = seen.locked.form(about.form), event_scope(seen.locked, about)
        world = seen.locked.world(seen.locked.at(at))
        return EventPage(
            case=seen.row.reference,
            about=about,
            asked=Asked(
                name=about.name,
                form=form,
                scope=scope,
                world=world,
                known=known(form, scope, world) if form is not None else NOTHING_KNOWN,
            ),
            refused=against.sentence if against is not None else None,
        )


def what_follows(desk: Desk, command: DeliverMessage) -> Follows:
    """Raises `Refused` as the order would, but for what was recorded before: that is told."""
    person, at = command.actor, command.at
    with look(desk, person, command.case, at, None) as seen:
        about = _about(seen, command.message)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBackPage:
    """Something that was recorded, for who may take it back."""

    #: the reference
    case: str
    #: what was recorded
    name: str
    #: why it cannot be taken back
    refused: str | None


def take_back_page(desk: Desk, person: Person, case: str, entry: int, at: datetime) -> TakeBackPage:
    """Raises `NotFound` for somebody who may not, and where nothing was recorded by the entry."""
    with look(desk, person, case, at, None, whole=True) as seen:
        locked = seen.locked
        order = ORDERS[TakeBack]
        name = taking_back.name_of_entry(locked, entry)
        mine = taking_back.by_whoever_recorded(
            locked, TakeBack(actor=person, at=at, case=case, entry=entry, reason="")
        )
        if not mine and not order.allows(desk.roles, person):
            raise NotFound
        against = refusal(locked, TakeBack, person)
        why = against.sentence if against is not None else None
        if why is None:
            far = taking_back.refusal(locked, entry, locked.at(at))
            why = far if isinstance(far, str) else None
        return TakeBackPage(case=seen.row.reference, name=name, refused=why)


def _may(seen: Look) -> None:
    roles = seen.locked.installation.roles
    ORDERS[DeliverMessage].open_page(roles, seen.person, whole=seen.whole)


def _about(seen: Look, message: str) -> Happening:
    _may(seen)
    about = happening(seen.locked.loaded, message)
    if about is None:
        raise NotFound
    return about


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
