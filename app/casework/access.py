"""Who may see and do what: roles, membership of the case, exclusion, cover. The default is no.

What a case's members are comes from the store; the diagrams say to whom a task is offered. A
`Person` is somebody at one instant: what they hold by succession, and for whom they cover then.

By succession organisations and roles take the place of others on a day. Nothing of a case is
rewritten: whoever holds a successor holds, from midnight in London on, also the name it succeeded;
where the succession is divided, only in cases of their part. Which names there are is the
configuration's to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property

from app.casework import policy
from app.casework.errors import Refused
from app.casework.policy import SIGHTS, WHOLE, Relation
from app.casework.successions import NOWHERE
from app.casework.successions import Succession as Succession
from app.casework.successions import Successions as Successions
from app.engine import day_in_london

#: powers that no order asks for: reading all histories, keeping accounts, seeing figures
AUDIT, ACCOUNTS, FIGURES = "audit", "accounts", "figures"
#: and that of who is told when the glass of a case is broken
DATA_OWNER = "data_owner"
#: the power to break the glass: no role has it unless config.yaml says so
GLASS = policy.rule("BreakGlass").power or ""
#: ways of seeing cases of people who work on them
WORKING = frozenset({"own", "case"})


@dataclass(frozen=True, slots=True)
class Role:
    id: str
    name: str
    #: "case": the whole case when a member; "own": own tasks and what they sent themselves;
    #: "all": every case; "none": no case content
    sees: str
    may: frozenset[str] = frozenset()
    #: who holds it proves who they are by a second thing too
    second_factor: bool = False


@dataclass(frozen=True)
class Person:
    id: str
    name: str
    roles: frozenset[str] = frozenset()
    #: e.g. {"team": "north"}
    attributes: Mapping[str, str] = field(default_factory=dict)
    #: roles and values whose place theirs have taken
    former: frozenset[str] = frozenset()
    #: part of a case → the same, in cases of this part only
    divided: Mapping[str, frozenset[str]] = field(default_factory=dict)
    #: for whom they cover now; it is never passed on
    covers: tuple[Cover, ...] = ()
    #: ids of the cases for which they broke the glass, that count now
    opened: frozenset[str] = frozenset()
    #: of a guest, who has no account: (id of the case, the one task that is theirs)
    guest: tuple[str, str] | None = None

    @cached_property
    def groups(self) -> frozenset[str]:
        """Every role, and every role with each attribute: "<role>:<value>"."""
        held = self.roles | self.former
        return frozenset(group for role in held for group in self.groups_of(role))

    def within(self, members: Mapping[str, bool]) -> Person:
        """As they are in the case with these members: it may fall to them by a division."""
        more = self.divided.get(part_of(members)) if self.divided else None
        return replace(self, former=self.former | more, divided={}) if more else self

    def groups_of(self, role: str) -> set[str]:
        values = {*self.attributes.values(), *self.former}
        return {role, *(f"{role}:{value}" for value in values)}

    def __hash__(self) -> int:
        return hash(self.id)


@dataclass(frozen=True, slots=True)
class Cover:
    """A person who is away, as they are seen by the one who covers for them."""

    id: str
    #: with only those roles that work on cases
    person: Person
    #: the last day in London
    until: date


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

    def __init__(self, roles: Mapping[str, Role], successions: Successions | None = None) -> None:
        self.known = dict(roles)
        self.successions = successions or Successions()

    def present(
        self,
        person: Person,
        at: datetime,
        covers: tuple[Cover, ...] = (),
        opened: frozenset[str] = frozenset(),
    ) -> Person:
        """The person as they are at this instant; nothing of another day is kept."""
        held = {*person.roles, *person.attributes.values()}
        former: frozenset[str] = frozenset()
        divided: Mapping[str, frozenset[str]] = {}
        if self.successions.rows:
            former = self.successions.former(held, day_in_london(at))
            divided = self.successions.divided(held, day_in_london(at))
        present = replace(person, former=former, divided=divided, covers=covers, opened=opened)
        return person if present == person else present

    def working(self, person: Person) -> Person:
        """With only those roles that work on cases: no auditing and no administration."""
        idle = {role.id for role in self._seeing(person) if role.sees not in WORKING}
        return replace(
            person,
            roles=person.roles - idle,
            former=person.former - idle,
            divided={part: names - idle for part, names in person.divided.items()},
            covers=(),
            opened=frozenset(),
        )

    def in_whole(self, person: Person) -> Person:
        """With only what lets them see cases in whole: whoever sees one as this sees all of it."""
        if is_system(person):
            return person
        parts = {role.id for role in self.known.values() if role.sees not in WHOLE}
        left = replace(
            person,
            roles=person.roles - parts,
            former=person.former - parts,
            divided={part: names - parts for part, names in person.divided.items()},
            covers=tuple(
                replace(cover, person=self.in_whole(cover.person)) for cover in person.covers
            ),
        )
        return left if self._seeing(left) else replace(left, opened=frozenset())

    def looks_at_whole(self, person: Person) -> bool:
        """Whether there may be cases that they see in whole, also for whom they cover."""
        return bool(self._seeing(self.in_whole(person))) or bool(person.covers)

    def held(self, person: Person) -> list[Role]:
        return [self.known[role] for role in sorted(person.roles) if role in self.known]

    def _seeing(self, person: Person) -> list[Role]:
        """Their roles and those whose place these have taken: for offers and for seeing."""
        held = sorted(person.roles | person.former)
        return [self.known[role] for role in held if role in self.known]

    def may(self, person: Person, what: str) -> bool:
        """Powers are those of the account's own roles."""
        return is_system(person) or any(what in role.may for role in self.held(person))

    def demand(self, person: Person, what: str) -> None:
        if not self.may(person, what):
            raise Refused("Your role does not allow this.")

    def sees_everything(self, person: Person) -> bool:
        return is_system(person) or any(role.sees == "all" for role in self._seeing(person))

    def hands(self, person: Person) -> tuple[str, ...]:
        """As whom the person is offered tasks: roles that see no case get none."""
        roles = [role for role in self._seeing(person) if role.sees != "none"]
        groups = {g for role in roles for g in person.groups_of(role.id)}
        own = [as_person(person.id)] if roles else []
        return tuple(sorted(map(as_group, groups)) + own)

    def hands_in(self, person: Person, members: Mapping[str, bool]) -> tuple[str, ...]:
        """As whom they are offered tasks of the case with these members."""
        return self.hands(person.within(members))

    def unplaced(self, person: Person, members: Mapping[str, bool], offers: Set[str]) -> bool:
        """They are offered it only because nobody recorded to which successor the case falls."""
        nowhere = part_of(members) == NOWHERE
        return nowhere and not offered(self.hands(person), offers)

    def parted(self, person: Person) -> tuple[tuple[str, str], ...]:
        """(hand, part): what they are besides, only in cases of this part."""
        always = set(self.hands(person))
        return tuple(
            (hand, part)
            for part, names in sorted(person.divided.items())
            for hand in self.hands(replace(person, former=person.former | names))
            if hand not in always
        )

    def sight(self, person: Person, members: Mapping[str, bool]) -> str:
        """How much of a case with these members the person sees: one of `SIGHTS`.

        `members`: "g:<group>" or "p:<person>" → excluded. Exclusion overrides everything: one's
        own shuts out altogether, that of a covered person what is seen as them.
        """
        if is_system(person):
            return "all"
        own = self.own_sight(person, members)
        if not person.covers or members.get(as_person(person.id), False):
            return own
        covered = [self.own_sight(cover.person, members) for cover in person.covers]
        return max([own, *covered], key=SIGHTS.index)

    def sees_whole(self, person: Person, members: Mapping[str, bool]) -> bool:
        """Whether they see all of a case with these members, not only their own part."""
        return self.sight(person, members) in WHOLE

    def own_sight(self, person: Person, members: Mapping[str, bool]) -> str:
        """Without what is seen for others."""
        if members.get(as_person(person.id), False):
            return "none"  # `Relation.EXCLUDED`
        person = person.within(members)
        if person.guest is not None:
            return "guest" if getattr(members, "case", "") == person.guest[0] else "none"
        sights = [self._by_role(person, role, members) for role in self._seeing(person)]
        return max(sights, key=SIGHTS.index, default="none")

    def stands(self, person: Person, members: Mapping[str, bool]) -> list[Person]:
        """As whom the person is in the case: first as themselves, then for whom they cover."""
        if not person.covers or members.get(as_person(person.id), False):
            return [person]
        covered = [cover.person for cover in person.covers]
        return [
            person,
            *(absent for absent in covered if self.own_sight(absent, members) != "none"),
        ]

    def stand_in(self, person: Person, members: Mapping[str, bool]) -> Person | None:
        """For whom the person is in the case, when as themselves they would not be."""
        if not person.covers or self.own_sight(person, members) != "none":
            return None
        return next(iter(self.stands(person, members)[1:]), None)

    def _by_role(self, person: Person, role: Role, members: Mapping[str, bool]) -> str:
        names = {as_person(person.id), *map(as_group, person.groups_of(role.id))}
        inside = any(members.get(name) is False for name in names)
        return policy.sight(role.sees, Relation.MEMBER if inside else _otherwise(person, members))

    def name(self, group: str, at: datetime | None = None, part: str | None = None) -> str:
        """What people call a group: "Reviewer (Police)" for "reviewer:police".

        With `at`, who has taken its place by then: "Reviewer (since 1 April 2027 East and West)";
        with `part`, in cases of this part.
        """
        role, _, value = group.partition(":")
        known = self.known[role].name if role in self.known else role.replace("_", " ")
        parts = [self.successions.label(value)] if value else []
        if at is not None and self.successions.rows:
            names = {known_role.id: known_role.name for known_role in self.known.values()}
            ended = (self.successions.since(one, at, names, part) for one in (value, role) if one)
            parts += filter(None, ended)
        return f"{known} ({', '.join(parts)})" if parts else known


def _otherwise(person: Person, members: Mapping[str, bool]) -> Relation:
    """How somebody stands to a case with these members who is none of them."""
    opened = getattr(members, "case", "") in person.opened
    return Relation.OPENED if opened else Relation.NONE


def part_of(members: Mapping[str, bool]) -> str:
    """To whom the case with these members falls where a succession is divided."""
    return getattr(members, "part", NOWHERE)


def offered(hands: Iterable[str], offers: Set[str]) -> bool:
    return any(hand in offers for hand in hands)
