"""What every case shares: settings, roles, the versions that cases run on; and who sees which."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app import store
from app.casework.access import Person, Roles
from app.casework.cases.programs import Programs
from app.casework.settings import DeskSettings
from app.engine import day_in_london
from app.engine.feel import World
from app.store import PersonRow, Unit


@dataclass(frozen=True)
class Installation:
    settings: DeskSettings
    programs: Programs
    roles: Roles

    @classmethod
    def of(cls, settings: DeskSettings, programs: Programs) -> Installation:
        return cls(settings, programs, Roles(settings.roles, settings.successions))

    def world(self, at: datetime) -> World:
        """What expressions may ask the time and the calendar of."""
        return World(now=at, calendar=self.settings.calendar)

    def person(self, row: PersonRow, at: datetime) -> Person:
        """Who an account is at this instant, as themselves: without what they cover."""
        held = frozenset(row.roles_on(day_in_london(at)))
        seen = Person(row.id, row.name, held, dict(row.attributes))
        return self.roles.present(seen, at)

    def visible(self, unit: Unit, person: Person, case: str) -> str | None:
        """The reference of the case, where the person sees it."""
        row = store.cases.find(unit, case)
        if row is None or self.roles.sight(person, store.cases.members(unit, row.id)) == "none":
            return None
        return row.reference

    def standing(
        self, unit: Unit, person: Person, status: str | None, merged_into: str | None
    ) -> str | None:
        """Where a case stands, for the person: its status, or with which case it was merged."""
        if merged_into is None:
            return status
        return f"Merged into {self.visible(unit, person, merged_into) or 'another case'}"
