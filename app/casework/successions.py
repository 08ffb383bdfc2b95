"""Organisations and roles that take the place of others on a day: who then holds what they held.

Nothing of a case is rewritten: whoever holds a successor holds, from midnight in London on, also
the name it succeeded. Which names there are is the configuration's to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.engine import day_in_london, saying


@dataclass(frozen=True, slots=True)
class Succession:
    #: the first day in London on which the successors stand in the old one's place
    on: date
    #: a role, or a value of people's attributes
    old: str
    #: of the same kind
    new: tuple[str, ...]


class Successions:
    def __init__(self, rows: Sequence[Succession] = (), labels: Mapping[str, str] | None = None):
        self.rows = tuple(rows)
        #: what people call a value: "gp" → "General practice"
        self.labels = dict(labels or {})

    def former(self, names: Iterable[str], day: date) -> frozenset[str]:
        """The names whose place these take on the day, directly or through others in between."""
        known = set(names)
        former: set[str] = set()
        while more := {
            row.old
            for row in self.rows
            if row.on <= day and row.old not in former and not known.isdisjoint(row.new)
        }:
            former |= more
            known |= more
        return frozenset(former)

    def heirs(self, name: str, day: date) -> tuple[str, ...]:
        """The name and all that stand in its place on the day."""
        heirs = [name]
        for heir in heirs:  # grows while it is walked
            for row in self.rows:
                if row.old == heir and row.on <= day:
                    heirs += [new for new in row.new if new not in heirs]
        return tuple(heirs)

    def groups(self, group: str, at: datetime) -> tuple[str, ...]:
        """ "role" or "role:value" and the groups whose people hold it too at this instant."""
        if not self.rows:
            return (group,)
        day = day_in_london(at)
        role, _, value = group.partition(":")
        roles = self.heirs(role, day)
        if not value:
            return roles
        return tuple(f"{heir}:{other}" for heir in roles for other in self.heirs(value, day))

    def since(self, name: str, at: datetime, names: Mapping[str, str]) -> str:
        """ "since 1 April 2027 East and West" once it was succeeded, else "". `names`: of roles."""
        day = day_in_london(at) if self.rows else None
        rows = [row for row in self.rows if row.old == name and day is not None and row.on <= day]
        return ", ".join(
            f"since {saying.short_day(row.on)} "
            + saying.joined(names.get(new) or self.label(new) for new in row.new)
            for row in rows
        )

    def label(self, value: str) -> str:
        return self.labels.get(value, value.replace("_", " "))
