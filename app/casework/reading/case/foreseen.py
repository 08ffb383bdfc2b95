"""What facts would mean to people: what begins, opens, moves, and who is told, by their names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.casework.reading.look import Look
from app.documents import MAIL, addressees
from app.engine import events as fact


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


def foreseen(seen: Look, events: Sequence[fact.Event]) -> dict[str, Any]:
    """The members of what is told of them."""
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
    group = seen.locked.group_name
    return tuple(dict.fromkeys(people.get(id) or group(id, seen.at) for id in who))
