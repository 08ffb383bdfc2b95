"""Whether something that was recorded can be taken back, and what that would be."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app import store
from app.casework.cases import LockedCase, Past
from app.casework.commands import DeliverMessage, TakeBack
from app.casework.errors import NotFound
from app.casework.orders.events import reach
from app.casework.orders.events.before import TOLD
from app.casework.orders.events.happenings import Happening, happening
from app.casework.orders.events.reach import Reach
from app.engine import moment
from app.store import DoneRow

#: hours in which it may be taken back, where the settings say nothing
HOURS = 24
GONE = "Nothing of what it began goes on any more, so there is nothing to take back."


@dataclass(frozen=True, slots=True)
class Back:
    """Something that was recorded."""

    #: what it was called
    name: str
    #: id of who recorded it
    by: str
    about: Happening | None
    reach: Reach
    #: why it cannot be taken back now; "" where it can
    why: str


def until(locked: LockedCase, recorded: datetime) -> datetime:
    """The last instant at which it may be taken back."""
    stated = locked.loaded.program.settings.get("take_back_hours", HOURS)
    return recorded + timedelta(hours=float(stated))


def by_whoever_recorded(locked: LockedCase, command: TakeBack) -> bool:
    return looked_up(locked, command.entry, locked.at(command.at)).by == command.actor.id


def looked_up(locked: LockedCase, entry: int, at: datetime) -> Back:
    """Raises `NotFound` where nothing was recorded by that entry."""
    past = Past(locked.unit, locked.key, locked.loaded.program, locked.row.seq)
    rows = past.entries(entry, locked.row.seq)
    if not rows or rows[0][0].seq != entry or rows[0][0].kind != DeliverMessage.__name__:
        raise NotFound
    row, body = rows[0]
    message = str(body.said.get("message"))
    about = happening(locked.loaded, message)
    far = reach.reach(locked.loaded, body.events)
    later = [event for _, each in rows[1:] for event in each.events]
    why, last = far.fixed, until(locked, row.at)
    if not why and at > last:
        why = f"It could be taken back until {moment(last)}."
    elif not why and reach.done_since(far.begun, later):
        why = "Somebody has worked on what it began since then, so it cannot be taken back."
    elif not why and not reach.goes_on(far.begun, later):
        why = GONE
    begun = far.begun
    if not why and reach.changed_status(begun, [*body.events, *later]):
        earlier = [event for _, each in past.entries(1, entry - 1) for event in each.events]
        begun = replace(begun, status=reach.status_of(earlier))
    told = tuple(dict.fromkeys((*far.told, *reach.told_since(begun, later))))
    name = about.name if about is not None else message
    return Back(name, body.actor or row.actor, about, replace(far, begun=begun, told=told), why)


def open_entries(
    locked: LockedCase, at: datetime, by: str | None = None
) -> list[tuple[DoneRow, str]]:
    """What was recorded lately by its form and can be taken back now, the newest first, each with
    its name; `by`: only by this person."""
    lately = [
        row
        for row in store.work.answers.of_how(locked.unit, locked.row.id, TOLD)
        if at <= until(locked, row.at) and by in (None, row.by)
    ]
    looked_at = ((row, looked_up(locked, row.seq, at)) for row in reversed(lately))
    return [(row, back.name) for row, back in looked_at if not back.why]
