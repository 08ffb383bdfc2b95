"""Goes through letters in their order, each asked whether the person may know of it, until a page
is full and the rest is counted far enough."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app import store
from app.casework.access import Person, Roles
from app.casework.reading.counted import Counted
from app.store import LetterRow, Unit

letters = store.work.letters
_AT_A_TIME = 500
#: where even that is not enough, the rest is not looked at, and said to be there
FARTHEST = 50_000


class Sight:
    """Of which cases somebody may know; `roles` or `person` None: of all."""

    def __init__(self, unit: Unit, roles: Roles | None, person: Person | None) -> None:
        self.unit, self.roles, self.person = unit, roles, person
        self._known: dict[str, tuple[bool, str | None]] = {letters.NO_CASE: (True, None)}

    def sees(self, row: LetterRow) -> bool:
        return self._look(row.case_id)[0]

    def of(self, row: LetterRow) -> str | None:
        """The reference of its case; None: it is about none."""
        return self._look(row.case_id)[1]

    def _look(self, id: str) -> tuple[bool, str | None]:
        if id not in self._known:
            case = store.cases.find(self.unit, id)
            seen = case is not None and (
                self.roles is None
                or self.person is None
                or self.roles.sees_whole(self.person, store.cases.members(self.unit, id))
            )
            self._known[id] = seen, case.reference if case is not None and seen else None
        return self._known[id]


@dataclass(frozen=True, slots=True)
class Walked:
    #: those of the page
    rows: tuple[LetterRow, ...]
    #: of those that are seen, and of the others, as far as was looked
    total: Counted
    hidden: Counted


def walk(
    unit: Unit, sight: Sight, states: Sequence[str], skip: int, size: int, most: int
) -> Walked:
    """The page of `size` behind the first `skip`; counted up to `most`, or to the page's end."""
    far = max(most, skip + size)
    rows: list[LetterRow] = []
    seen = hidden = 0
    more = False
    for row in _all(unit, states):
        if seen + hidden >= FARTHEST or seen > far:
            more = True
            break
        if not sight.sees(row):
            hidden += 1
            continue
        if skip <= seen < skip + size:
            rows.append(row)
        seen += 1
    cut = seen > most
    return Walked(tuple(rows), Counted(min(seen, most), cut or more), Counted(hidden, more))


def everything(unit: Unit, sight: Sight, states: Sequence[str]) -> Iterator[LetterRow]:
    """All of which they may know."""
    return (row for row in _all(unit, states) if sight.sees(row))


def _all(unit: Unit, states: Sequence[str]) -> Iterator[LetterRow]:
    for skip in range(0, FARTHEST + _AT_A_TIME, _AT_A_TIME):
        several = letters.in_state(unit, states, _AT_A_TIME, skip)
        yield from several
        if len(several) < _AT_A_TIME:
            return
