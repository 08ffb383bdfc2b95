"""Cases that may be about the same people, side by side, after the look was written down."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app import store
from app.casework.access import Person
from app.casework.cases import alike, shared_with
from app.casework.commands import Merge
from app.casework.desk import Desk
from app.casework.errors import NotFound
from app.casework.reading.case.beside.persons import PersonLine, person_lines
from app.casework.reading.look import Look, look
from app.store import CaseRow


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseBeside:
    reference: str
    process: str
    begun: datetime
    status: str | None
    ended: datetime | None
    #: what it shares with the case that one looks from, in words
    why: tuple[str, ...] = ()
    #: whom it names, where the case itself is shown
    persons: tuple[PersonLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AlikeCases:
    """A case, and those that may be about the same people, the likeliest first."""

    mine: CaseBeside
    others: tuple[CaseBeside, ...]
    #: the person may merge this case into another now
    merges: bool


def alike_cases(desk: Desk, person: Person, case: str, at: datetime) -> AlikeCases:
    with look(desk, person, case, at, None, by="alike") as seen:
        return AlikeCases(
            mine=_of(seen, seen.row),
            others=tuple(_of(seen, one.row, one.why) for one in alike(seen.locked, person)),
            merges=seen.offers(Merge),
        )


def alike_count(desk: Desk, person: Person, case: str, at: datetime) -> int:
    """How many other cases may be about the same people, of those the person sees."""
    with look(desk, person, case, at, None, by="alike") as seen:
        return len(alike(seen.locked, person))


def two_cases(
    desk: Desk, person: Person, case: str, other: str, at: datetime
) -> tuple[CaseBeside, CaseBeside]:
    """Both with the people they name. Raises `NotFound` for one that the person may not see."""
    view = "beside another case"
    with look(desk, person, case, at, None, by="alike") as seen:
        mine = _of(seen, seen.row, persons=person_lines(seen.locked))
        row = store.cases.find(seen.unit, other.strip())
        if row is None:
            raise NotFound
        why = shared_with(seen.locked, row.id)
    with look(desk, person, row.id, at, view, by="alike") as beside:
        return mine, _of(beside, beside.row, why, person_lines(beside.locked))


def _of(
    seen: Look,
    row: CaseRow,
    why: tuple[str, ...] = (),
    persons: tuple[PersonLine, ...] = (),
) -> CaseBeside:
    """A case as this person sees it; `row`: that of the look, or of another case they may see."""
    installation = seen.locked.installation
    process = installation.programs.of(seen.unit, row.deployment).process(row.process)
    return CaseBeside(
        reference=row.reference,
        process=(process.name if process is not None else None) or row.process,
        begun=row.opened_at,
        status=installation.standing(seen.unit, seen.person, row.status, row.merged_into),
        ended=row.ended_at,
        why=why,
        persons=persons,
    )
