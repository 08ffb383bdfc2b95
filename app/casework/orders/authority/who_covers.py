"""Who may say that somebody covers for whom, agree to it and end it; and who can cover at all."""

from __future__ import annotations

from datetime import date, datetime

from app import store
from app.casework import policy
from app.casework.access import WORKING, Person, is_system
from app.casework.cases import Installation
from app.casework.commands import AgreeCover, EndCover, SetCover
from app.casework.errors import NotFound, Refused
from app.engine import day_in_london
from app.store import CoverRow, PersonRow, Unit

POWER = policy.rule("SetCover").power or ""


def works(installation: Installation, row: PersonRow, day: date) -> bool:
    """Whether the person holds a role that works on cases on this day, and can sign in."""
    roles = (installation.roles.known.get(role) for role in row.roles_on(day))
    return not row.disabled and any(role is not None and role.sees in WORKING for role in roles)


def may_set(installation: Installation, person: Person, away: str) -> bool:
    """For anybody with the power; for oneself with any role that works on cases."""
    own = away == person.id and bool(installation.roles.working(person).roles)
    return own or is_system(person) or installation.roles.may(person, POWER)


def away_oneself(installation: Installation, unit: Unit, command: AgreeCover) -> bool:
    """Whether they are the one who is away. Raises `NotFound` for a cover of others."""
    return about_oneself(installation, unit, command)


def for_oneself(installation: Installation, unit: Unit, command: SetCover) -> bool:
    return command.person == command.actor.id and may_set(
        installation, command.actor, command.person
    )


def about_oneself(installation: Installation, unit: Unit, command: EndCover | AgreeCover) -> bool:
    """Whether they are the one who is away. Raises `NotFound` for a cover of others."""
    row = store.people.covers.find(unit, command.cover)
    if row is None or command.actor.id not in (row.person, row.cover):
        raise NotFound
    return command.actor.id == row.person


def today(at: datetime) -> date:
    return day_in_london(at)


def demand_not_over(row: CoverRow, at: datetime) -> None:
    if row.over(today(at)):
        raise Refused("This cover has ended already.")
