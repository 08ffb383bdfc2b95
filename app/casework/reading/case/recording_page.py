"""What somebody can record in a case, the form for it, and what they can take back.

What would follow is `dry_run`'.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.casework.access import Person
from app.casework.commands import DeliverMessage, TakeBack
from app.casework.desk import Desk
from app.casework.errors import NotFound
from app.casework.orders import ORDERS, events, refusal
from app.casework.orders.events import Happening
from app.casework.reading.look import Look, look
from app.casework.reading.task import Asked


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
class RecordPage:
    """What somebody can record in a case."""

    #: the reference
    case: str
    lines: tuple[HappeningLine, ...]
    #: why the case takes none of it now
    refused: str | None


def recordable(desk: Desk, person: Person, case: str, at: datetime) -> RecordPage:
    """Raises `NotFound` for somebody who records nothing there."""
    with look(desk, person, case, at, None, by="recording") as seen:
        _may(seen)
        locked, lines, against = seen.locked, [], []
        for about in events.happenings(locked.loaded):
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
        about = about_message(seen, message)
        against = refusal(seen.locked, DeliverMessage, person, message=message)
        held = events.asked_of_event(seen.locked, about, at)
        world = seen.locked.world(seen.locked.at(at))
        asked = (
            Asked(name=about.name, form=None, scope={}, world=world)
            if held is None
            else Asked(
                name=about.name, form=held.form, scope=held.scope, world=held.world,
                known=held.known,
            )
        )  # fmt: skip
        return EventPage(
            case=seen.row.reference,
            about=about,
            asked=asked,
            refused=against.sentence if against is not None else None,
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
    with look(desk, person, case, at, None, by="taking back") as seen:
        locked = seen.locked
        back = events.looked_up(locked, entry, locked.at(at))
        if back.by != person.id and not ORDERS[TakeBack].allows(desk.roles, person):
            raise NotFound
        against = refusal(locked, TakeBack, person)
        why = back.why if against is None else against.sentence
        return TakeBackPage(case=seen.row.reference, name=back.name, refused=why or None)


@dataclass(frozen=True, slots=True, kw_only=True)
class LatelyRecorded:
    """Something that this person can take back now."""

    entry: int
    name: str
    at: datetime


def lately_recorded(seen: Look) -> tuple[LatelyRecorded, ...]:
    """What the person can take back now, the newest first."""
    locked, roles = seen.locked, seen.locked.installation.roles
    if not seen.whole or refusal(locked, TakeBack, seen.person) is not None:
        return ()
    every = ORDERS[TakeBack].allows(roles, seen.person)
    open_ = events.open_entries(locked, locked.at(seen.at), None if every else seen.person.id)
    return tuple(LatelyRecorded(entry=row.seq, name=name, at=row.at) for row, name in open_)


def _may(seen: Look) -> None:
    roles = seen.locked.installation.roles
    ORDERS[DeliverMessage].open_page(roles, seen.person, whole=seen.whole)


def about_message(seen: Look, message: str) -> Happening:
    """What people record by this message. Raises `NotFound` where they do not."""
    _may(seen)
    about = events.happening(seen.locked.loaded, message)
    if about is None:
        raise NotFound
    return about
