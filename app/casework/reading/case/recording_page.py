"""What somebody can record in a case, the form for it, and what they can take back.

What would follow is `dry_run`'.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.casework.access import Person
from app.casework.cases import Happening, event_scope, happening, happenings
from app.casework.commands import DeliverMessage, TakeBack
from app.casework.desk import Desk
from app.casework.errors import NotFound
from app.casework.orders import ORDERS, refusal, taking_back
from app.casework.reading.look import Look, look
from app.casework.reading.task import Asked
from app.engine.forms import NOTHING_KNOWN, known


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
        about = about_message(seen, message)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class LatelyRecorded:
    """Something that this person can take back now."""

    entry: int
    name: str
    at: datetime


def lately_recorded(
    desk: Desk, person: Person, case: str, at: datetime
) -> tuple[LatelyRecorded, ...]:
    """What the person can take back now, the newest first."""
    with look(desk, person, case, at, None) as seen:
        locked = seen.locked
        if not seen.whole or refusal(locked, TakeBack, person) is not None:
            return ()
        every = ORDERS[TakeBack].allows(desk.roles, person)
        open_ = taking_back.open_entries(locked, locked.at(at), None if every else person.id)
        return tuple(
            LatelyRecorded(entry=row.seq, name=about.name, at=row.at) for row, about in open_
        )


def _may(seen: Look) -> None:
    roles = seen.locked.installation.roles
    ORDERS[DeliverMessage].open_page(roles, seen.person, whole=seen.whole)


def about_message(seen: Look, message: str) -> Happening:
    """What people record by this message. Raises `NotFound` where they do not."""
    _may(seen)
    about = happening(seen.locked.loaded, message)
    if about is None:
        raise NotFound
    return about
