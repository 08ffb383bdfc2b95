"""What a case's page says beside where the case stands: about whom it is, what forbids that it is
destroyed, and how much there is of what stands on pages of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app import store
from app.casework.mail.page import mails_of
from app.casework.reading.case.documents import files_made
from app.casework.reading.case.holds import HeldFor, holds_on
from app.casework.reading.case.matters import MatterLine, matter_lines
from app.casework.reading.case.persons import PersonLine, person_lines
from app.casework.reading.look import Look


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """For who sees only their own part all is empty, but how often they sent something."""

    #: whom its answers name
    persons: tuple[PersonLine, ...]
    #: what it follows until it is done
    matters: tuple[MatterLine, ...]
    #: on it, or on a case that is one with it
    holds: tuple[HeldFor, ...]
    #: files that were made, of documents that the person may open
    files: int
    #: how often something was sent
    recorded: int
    #: state → how many mails; None for who may not see them
    mails: Mapping[str, int] | None

    @property
    def about(self) -> tuple[PersonLine, ...]:
        """Whom the case is about: the person who was named first, and all named as the same."""
        first = next((one.kinds[:1] for one in self.persons), ())
        return tuple(one for one in self.persons if one.kinds[:1] == first)

    @property
    def open_matters(self) -> int:
        return sum(not one.closed for one in self.matters)

    @property
    def late_matters(self) -> int:
        return sum(one.late for one in self.matters)


def beside(seen: Look) -> Beside:
    rows = store.work.answers.of_case(seen.unit, seen.row.id)
    if not seen.whole:
        mine = sum(seen.person.id in row.doers for row in rows)
        return Beside(persons=(), matters=(), holds=(), files=0, recorded=mine, mails=None)
    return Beside(
        persons=person_lines(seen.locked),
        matters=matter_lines(seen),
        holds=holds_on(seen),
        files=files_made(seen),
        recorded=len(rows),
        mails=mails_of(seen),
    )
