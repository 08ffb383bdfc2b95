"""Who an account, or a token, says somebody is at an instant, with what they hold and for whom they
cover."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from app import store
from app.casework.access import GLASS, Cover, Person
from app.casework.desk import Desk
from app.casework.people.links import hashed
from app.engine import day_in_london
from app.store import Look, PersonRow, Unit
from app.store.people import Covered

#: the use of a token is written down at most this often
_SLIDE = timedelta(minutes=1)


def as_seen(row: PersonRow, at: datetime) -> Person:
    """Who the account says this is at this instant; see `present`."""
    held = frozenset(row.roles_on(day_in_london(at)))
    return Person(row.id, row.name, held, dict(row.attributes))


def bearer(
    desk: Desk, secret: str, at: datetime, look: Look | None = None
) -> tuple[Person, tuple[str, ...] | None] | None:
    """Who holds the token with this secret, while it serves, and its scopes (None: a token from
    before there were any). Notes its use, with the order that goes on from `look`."""
    which = hashed(secret)
    with desk.store.reading(look) as unit:
        held = store.people.bearer.of(unit, which, day_in_london(at), at)
        row = held.person if held is not None else None
        if held is None or row is None or row.disabled or not held.token.serves(at):
            return None
        person = standing_in(desk, unit, as_seen(row, at), held.covers, at)
    used_at = held.token.used_at
    if used_at is None or at - used_at >= _SLIDE:
        _note_use(desk, which, at, look)
    return person, held.token.scope


def _note_use(desk: Desk, which: bytes, at: datetime, look: Look | None) -> None:
    def note(unit: Unit) -> None:
        store.people.access.used(unit, which, at)

    if look is not None:
        look.besides(note)
        return
    with desk.store.writing() as unit:
        note(unit)


def present(desk: Desk, unit: Unit, person: Person, at: datetime) -> Person:
    """The person at this instant: with what they hold by succession, and for whom they cover."""
    rows = store.people.covers.running(unit, person.id, day_in_london(at), at)
    covered = [(row, store.people.accounts.find(unit, row.person)) for row in rows]
    return standing_in(desk, unit, person, covered, at)


def standing_in(
    desk: Desk, unit: Unit, person: Person, covered: Iterable[Covered], at: datetime
) -> Person:
    """As `present`; `covered`: for whom they cover."""
    running = []
    for row, away in covered:
        if away is not None:
            seen = desk.roles.working(desk.roles.present(as_seen(away, at), at))
            running.append(Cover(row.id, seen, row.last))
    breaks = desk.roles.may(person, GLASS)
    opened = store.people.glass.opened(unit, person.id, at) if breaks else frozenset()
    return desk.roles.present(person, at, tuple(running), opened)
