"""Who acts in a journey.

The rule, in this order: (1) a name of the journey's `people`; (2) the id of an account, where
accounts are given (the demo); (3) the id of a role: the one default person of that role, named
`<role>`; (4) `<role>:<value>`: the default person of that role for one organisation. When the
default person of a role does a task that is offered to `<role>:<value>` only, the default person
of that value acts in their place, so `who: <role>` speaks for every organisation, and `for` says
for which.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from app import store
from app.casework import Desk, Person, accounts
from app.engine import nearest
from app.journeys.file import Journey


class UnknownPerson(ValueError):
    """Nobody of that name acts in this journey."""


class Cast:
    """Everybody who may act."""

    def __init__(
        self, journey: Journey, roles: Collection[str], accounts: Mapping[str, Person] | None = None
    ) -> None:
        self._roles = frozenset(roles)
        self._named = dict(accounts or {})
        for key, someone in journey.people.items():
            strange = next((role for role in someone.roles if role not in self._roles), None)
            if strange is not None:
                near = nearest(strange, self._roles)
                hint = f" Did you mean “{near}”?" if near else ""
                raise UnknownPerson(f"“{key}” has a role “{strange}” that nobody knows.{hint}")
            self._named[key] = Person(
                key, someone.name or key, frozenset(someone.roles), someone.attributes
            )

    def person(self, who: str, offered: Collection[str] = ()) -> Person:
        """Who acts; `offered`: the groups of the task that is to be done. UnknownPerson."""
        if who in self._named:
            return self._named[who]
        role, _, value = who.partition(":")
        if role in self._roles and value:
            return _default(role, value)
        if role in self._roles:
            mine = [group for group in offered if group.partition(":")[0] == role]
            if mine and role not in mine:
                return _default(role, mine[0].partition(":")[2])
            return _default(role, "")
        near = nearest(who, [*self._named, *self._roles])
        hint = f" Did you mean “{near}”?" if near else ""
        raise UnknownPerson(f"Nobody is called “{who}”, and no role is.{hint}")

    def values(self) -> frozenset[str]:
        """What people's attributes say: values of groups."""
        return frozenset(
            value for person in self._named.values() for value in person.attributes.values()
        )

    def names(self) -> dict[str, str]:
        return {key: person.name for key, person in self._named.items()}


def as_at(desk: Desk, person: Person, at: datetime) -> Person:
    """The person as they are at this instant: what they succeed to, for whom they cover."""
    with desk.store.reading() as unit:
        return accounts.present(desk, unit, person, at)


def account(desk: Desk, person: Person, at: datetime) -> str:
    """The id of their account, made where there is none: cover is kept between accounts."""
    with desk.store.reading() as unit:
        has_account = store.people.accounts.find(unit, person.id) is not None
    if not has_account:
        about = dict(person.attributes)
        accounts.ensure(desk, person.id, person.name, person.roles, at, attributes=about)
    return person.id


def _default(role: str, value: str) -> Person:
    name = f"{role}:{value}" if value else role
    return Person(name, name, frozenset({role}), {"value": value} if value else {})
