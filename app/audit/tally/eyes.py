"""What somebody may see of what was counted: the whole of some cases, and nothing of the others."""

from __future__ import annotations

from collections.abc import Iterable

from app import store
from app.audit.tally.looking import Found
from app.casework import Desk, Person
from app.casework.views import whole_eyes
from app.store import Unit
from app.store.tallies import late_lines


class Eyes:
    """What somebody sees of what was found."""

    def __init__(self, desk: Desk, unit: Unit, person: Person, found: Found) -> None:
        self.desk, self.unit, self.person, self.found = desk, unit, person, found
        self.sight = late_lines.sight(unit, whole_eyes(desk, person))

    def whole(self, cases: Iterable[str]) -> set[str]:
        """Those of the cases that they see in whole."""
        members = store.queries.figures.members(self.unit, sorted(set(cases)))
        return {id for id, who in members.items() if self.desk.roles.sees_whole(self.person, who)}

    def see_all_asked(self) -> bool:
        """Whether they see in whole every case whose answers are counted."""
        return self._see_all({case for case, one in self.found.read.items() if one.asked}, True)

    def see_all(self) -> bool:
        """Whether they see in whole every case that is counted."""
        return self._see_all(set(self.found.read), False)

    def _see_all(self, read: set[str], asked: bool) -> bool:
        if not read <= self.whole(read):
            return False
        others = sorted(self.found.read)
        return not self.found.kept or late_lines.all_seen(
            self.unit, self.sight, others, asked=asked
        )
