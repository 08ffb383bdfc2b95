"""Who may see and do what: roles, membership of the case, exclusion. The default is no.

What a case's members are comes from the store; the diagrams say to whom a task is offered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from functools import cached_property

from app.casework.errors import Refused

#: ways of seeing a case, least first
SIGHTS = ("none", "own", "case", "all")


@dataclass(frozen=True, slots=True)
class Role:
    id: str
    name: str
    #: "case": the whole case when a member; "own": own tasks and what they sent themselves;
    #: "all": every case; "none": no case content
    sees: str
    may: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Person:
    id: str
    name: str
    roles: frozenset[str] = frozenset()
    #: e.g. {"team": "north"}
    attributes: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def groups(self) -> frozenset[str]:
        """Every role, and every role with each attribute: "<role>:<value>"."""
        found = {group for role in self.roles for group in self.groups_of(role)}
        return frozenset(found)

    def groups_of(self, role: str) -> set[str]:
        return {role, *(f"{role}:{value}" for value in self.attributes.values())}

    def __hash__(self) -> int:
        return hash(self.id)


#: give the orders that time and the installation give; no account is ever one of these objects
CLOCK = Person("clock", "The clock")
SYSTEM = Person("system", "The system")


def is_system(person: Person) -> bool:
    return person is CLOCK or person is SYSTEM


def as_group(group: str) -> str:
    return f"g:{group}"


def as_person(person: str) -> str:
    return f"p:{person}"


class Roles:
    """The roles of this installation, asked about a person."""

    def __init__(self, roles: Mapping[str, Role]) -> None:
        self.known = dict(roles)

    def held(self, person: Person) -> list[Role]:
        return [self.known[one] for one in sorted(person.roles) if one in self.known]

    def may(self, person: Person, what: str) -> bool:
        return is_system(person) or any(what in role.may for role in self.held(person))

    def demand(self, person: Person, what: str) -> None:
        if not self.may(person, what):
            raise Refused("Your role does not allow this.")

    def sees_everything(self, person: Person) -> bool:
        return is_system(person) or any(role.sees == "all" for role in self.held(person))

    def hands(self, person: Person) -> tuple[str, ...]:
        """As whom the person is offered tasks: roles that see no case get none."""
        roles = [role for role in self.held(person) if role.sees != "none"]
        groups = {g for role in roles for g in person.groups_of(role.id)}
        own = [as_person(person.id)] if roles else []
        return tuple(sorted(map(as_group, groups)) + own)

    def sight(self, person: Person, members: Mapping[str, bool]) -> str:
        """How much of a case with these members the person sees: one of `SIGHTS`.

        `members`: "g:<group>" or "p:<person>" → excluded. Exclusion overrides everything.
        """
        if is_system(person):
            return "all"
        if members.get(as_person(person.id), False):
            return "none"
        sights = [self._by_role(person, role, members) for role in self.held(person)]
        return max(sights, key=SIGHTS.index, default="none")

    def _by_role(self, person: Person, role: Role, members: Mapping[str, bool]) -> str:
        if role.sees == "all":
            return "all"
        names = {as_person(person.id), *map(as_group, person.groups_of(role.id))}
        inside = any(members.get(name) is False for name in names)
        return role.sees if inside else "none"

    def name(self, group: str) -> str:
        """What people call a group: "Police: Reviewer" for "reviewer:police"."""
        role, _, value = group.partition(":")
        known = self.known[role].name if role in self.known else role.replace("_", " ")
        return f"{known} ({value.replace('_', ' ')})" if value else known


def offered(hands: Iterable[str], offers: Set[str]) -> bool:
    return any(hand in offers for hand in hands)
