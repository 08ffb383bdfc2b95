"""Who an account says somebody is at an instant, with what they hold and for whom they cover."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from app import store
from app.casework.access import GLASS, Cover, Person
from app.casework.desk import Desk
from app.engine import day_in_london
from app.store import PersonRow, Unit
from app.store.people import Covered


def as_seen(row: PersonRow, at: datetime) -> Person:
    """Who the account says this is at this instant; see `present`."""
    held = frozenset(row.roles_on(day_in_london(at)))
    return Person(row.id, row.name, held, dict(row.attributes))


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
