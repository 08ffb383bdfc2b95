"""When somebody needs a second factor to sign in, and which they have."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app import store
from app.casework.desk import Desk
from app.engine import day_in_london
from app.store import PasskeyRow, PersonRow, Unit


@dataclass(frozen=True, slots=True)
class Factors:
    """What somebody has."""

    app: bool
    passkeys: tuple[PasskeyRow, ...]
    codes_left: int

    @property
    def any(self) -> bool:
        return self.app or bool(self.passkeys)


def has(unit: Unit, person: str) -> Factors:
    factors = store.people.factors
    return Factors(
        factors.app_of(unit, person) is not None,
        tuple(factors.passkeys_of(unit, person)),
        factors.codes_left(unit, person),
    )


def demanded(desk: Desk, row: PersonRow, at: datetime) -> bool:
    """Whether a role that they hold on this day asks for one."""
    known = desk.roles.known
    held = row.roles_on(day_in_london(at))
    return any(known[role].second_factor for role in held if role in known)


def needed(desk: Desk, unit: Unit, row: PersonRow, at: datetime) -> bool:
    """Whoever has a second factor is asked for it, also where no role demands it."""
    return demanded(desk, row, at) or has(unit, row.id).any
