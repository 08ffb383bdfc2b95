"""Which roles and organisations take the place of others, from which day, and in which cases.

Most take it in every case. Where a succession is divided, a record of the case says to which of
the successors it falls (its *part*); where nothing is recorded that says so, to whom the
installation names for that. Who sees what by it is `access`'s, what the part is `cases`'.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from app.engine import day_in_london, saying

#: the part of a case of which nothing is recorded that says to whom it falls
NOWHERE = ""


@dataclass(frozen=True, slots=True)
class Succession:
    #: the first day in London on which the successors stand in the old one's place
    on: date
    #: a role, or a value of people's attributes
    old: str
    #: of the same kind
    new: tuple[str, ...]
    #: part of a case → which of them there; empty: all of them in every case
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def divided(self) -> bool:
        return bool(self.parts)

    def there(self, part: str | None) -> tuple[str, ...]:
        """Who stands in its place in cases of this part. None: in every case."""
        if not self.divided:
            return self.new
        return () if part is None else self.parts.get(part, ())


class Successions:
    def __init__(
        self,
        rows: Sequence[Succession] = (),
        labels: Mapping[str, str] | None = None,
        by: Sequence[tuple[str, str]] = (),
    ):
        self.rows = tuple(rows)
        #: what people call a value: "gp" → "General practice"
        self.labels = dict(labels or {})
        #: (step, question): the answers that say of which part a case is; the newest counts
        self.by = tuple(by)
        self.parts = frozenset(part for row in self.rows for part in row.parts)

    def former(self, names: Iterable[str], day: date, part: str | None = None) -> frozenset[str]:
        """The names whose place these take on the day, directly or through others in between."""
        known = set(names)
        former: set[str] = set()
        while more := {
            row.old
            for row in self._begun(day)
            if row.old not in former and not known.isdisjoint(row.there(part))
        }:
            former |= more
            known |= more
        return frozenset(former)

    def divided(self, names: Iterable[str], day: date) -> dict[str, frozenset[str]]:
        """Part → the names whose place these take in its cases and not in all of them."""
        held = set(names)
        always = self.former(held, day)
        there = {part: self.former(held, day, part) - always for part in self.parts}
        return {part: names for part, names in there.items() if names}

    def heirs(self, name: str, day: date, part: str | None = None) -> tuple[str, ...]:
        """The name and all that stand in its place on the day."""
        heirs = [name]
        for heir in heirs:  # grows while it is walked
            for row in self._begun(day):
                if row.old == heir:
                    heirs += [new for new in row.there(part) if new not in heirs]
        return tuple(heirs)

    def groups(self, group: str, at: datetime, part: str | None = None) -> tuple[str, ...]:
        """ "role" or "role:value" and the groups whose people hold it too at this instant."""
        if not self.rows:
            return (group,)
        day = day_in_london(at)
        role, _, value = group.partition(":")
        roles = self.heirs(role, day, part)
        if not value:
            return roles
        return tuple(f"{heir}:{other}" for heir in roles for other in self.heirs(value, day, part))

    def since(
        self, name: str, at: datetime, names: Mapping[str, str], part: str | None = None
    ) -> str:
        """ "since 1 April 2027 East and West" once it was succeeded, else "". `names`: of roles."""
        day = day_in_london(at) if self.rows else None
        rows = [row for row in self._begun(day) if row.old == name] if day else []
        return ", ".join(
            f"since {saying.short_day(row.on)} "
            + saying.joined(
                names.get(new) or self.label(new)
                for new in (row.new if part is None else row.there(part))
            )
            for row in rows
        )

    def label(self, value: str) -> str:
        return self.labels.get(value, value.replace("_", " "))

    def _begun(self, day: date) -> Iterator[Succession]:
        return (row for row in self.rows if row.on <= day)
