"""Looking at a case: found by its reference, only by those who may see it, and written down.

What is shown is the views'. A case somebody may not see does not exist.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from app import store
from app.casework import policy
from app.casework.access import Person
from app.casework.cases import LockedCase, Past
from app.casework.commands import Command
from app.casework.desk import Desk
from app.casework.errors import NotFound
from app.casework.orders import ORDERS, State, states_of
from app.store import CaseKey, CaseRow, Store, StoreFault, Unit


@dataclass(frozen=True)
class Look:
    """A case seen by somebody; read only."""

    locked: LockedCase
    person: Person
    at: datetime
    #: "own", "case" or "all"
    sight: str

    @property
    def unit(self) -> Unit:
        return self.locked.unit

    @property
    def row(self) -> CaseRow:
        return self.locked.row

    @property
    def key(self) -> CaseKey:
        return self.locked.key

    @cached_property
    def past(self) -> Past:
        """What this look opens of the history."""
        return Past(self.unit, self.key, self.locked.loaded.program, self.row.seq)

    @property
    def whole(self) -> bool:
        """Sees all of the case, not only their own part."""
        return self.sight in policy.WHOLE

    def names(self, people: list[str | None]) -> dict[str, str]:
        """Person id → name."""
        return store.people.accounts.names(self.unit, sorted({who for who in people if who}))

    @cached_property
    def standing(self) -> dict[str, Set[str]]:
        """Group → who stands in it, of those groups of which it was asked (`unmanned`)."""
        return {}

    def takes(self, kind: type[Command]) -> bool:
        """Whether an order of this kind fits the case as it stands."""
        return ORDERS[kind].fits(states_of(self.row))

    def offers(self, kind: type[Command]) -> bool:
        """Whether the person may give an order of this kind in the case as it stands."""
        return ORDERS[kind].word in self.may(states_of(self.row))

    def may(self, states: frozenset[State]) -> frozenset[str]:
        """Words of the orders that the person may give in a case that is all this."""
        roles = self.locked.installation.roles
        return frozenset(
            order.word
            for order in ORDERS.values()
            if order.word and order.offers(roles, self.person, states, whole=self.whole)
        )


@contextmanager
def look(
    desk: Desk, person: Person, case: str, at: datetime, view: str | None, *, by: str = "case"
) -> Iterator[Look]:
    """Opens the case for reading. `view` names what is read in the history; None: not a read.

    `by`: the row of the policy that says who may. Raises `NotFound` for anybody else. When the read
    cannot be written down, nothing is shown.
    """
    rule = policy.rule(by)
    with desk.store.reading() as unit:
        opened = store.cases.open_(unit, case)
        if opened is None:
            raise NotFound
        row, locked = opened[0], LockedCase(desk.installation, unit, *opened)
        sight = desk.roles.sight(person, locked.members)
        if sight == "none":
            raise NotFound
        seen = Look(locked, person, at, sight)
        power = rule.allows(lambda power: desk.roles.may(person, power))
        if not (power and rule.reaches(sight) and rule.fits(states_of(row))):
            raise NotFound
        yield seen
    _keep(desk.store, seen)
    if view is not None:
        desk.note_read(row.id, person, view, at)


def _keep(database: Store, seen: Look) -> None:
    """Writes the checkpoints that the look made. Nothing that is shown depends on them: when they
    cannot be written, the next look makes them again."""
    opened = "past" in vars(seen)
    if opened and (seen.past.made or seen.past.anew):
        with suppress(StoreFault), database.writing() as unit:
            seen.past.write(unit)


def merged_with(seen: Look) -> tuple[str | None, tuple[str, ...]]:
    """References of the case that this one was merged into, and of those merged into this one;
    without those that the person may not see."""
    installation, unit = seen.locked.installation, seen.unit
    into = seen.row.merged_into
    here = store.cases.merged(unit, seen.row.reference)
    references = [installation.visible(unit, seen.person, reference) for reference in here]
    shown = installation.visible(unit, seen.person, into) if into else None
    return shown, tuple(reference for reference in references if reference)
