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
        read = self.found.read
        asked = {case for case, one in read.items() if one.asked}
        if not asked <= self.whole(asked):
            return False
        return not self.found.kept or late_lines.all_seen(self.unit, self.sight, sorted(read))
