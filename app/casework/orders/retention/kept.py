"""Where a case stands between being kept and being destroyed: with which others it is one, which
holds stand on them, when it ended, by which rule its time is over.

A case that was merged into another one rests there: its time counts from the end of the one that
went on, and a hold on either is a hold on both.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from app import store
from app.casework.access import Person, as_person
from app.casework.cases import LockedCase
from app.casework.cases.looked import take_in
from app.casework.errors import Conflict, NotFound
from app.casework.retention import Retention, RetentionRule
from app.engine import day_in_london
from app.store import CaseRow, HoldRow, Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionState:
    #: holds that stand on it, or on a case that is one with it
    holds: tuple[HoldRow, ...]
    #: when it ended, or the case that it rests in; None: it goes on
    ended_at: datetime | None
    #: by which its time is counted; None: config.yaml has none for it
    rule: RetentionRule | None

    @property
    def over(self) -> date | None:
        """The day from which on its content may be destroyed; None: there is none yet."""
        if self.rule is None or self.ended_at is None:
            return None
        return self.rule.over(day_in_london(self.ended_at))

    @property
    def sum(self) -> str:
        if self.rule is None or self.ended_at is None:
            return ""
        return self.rule.sum(day_in_london(self.ended_at))

    def due(self, at: datetime) -> bool:
        return self.over is not None and self.over <= day_in_london(at)


def state_of(unit: Unit, row: CaseRow, retention: Retention) -> RetentionState:
    together = _together(unit, row)
    holds = [
        hold
        for each in together
        for hold in store.retention.holds.of_case(unit, each.id)
        if hold.lifted_at is None
    ]
    return RetentionState(
        holds=tuple(holds), ended_at=_ended(unit, row), rule=retention.rule(row.process)
    )


def take_all(unit: Unit, case: str) -> None:
    """Locks the case and those that are one with it, so that nobody can set a hold on one of them
    meanwhile. Raises `Busy`, `Conflict`."""
    row = store.cases.find(unit, case)
    if row is None:
        return
    ids = {each.id for each in _together(unit, row)}
    store.retention.erasures.take(unit, sorted(ids))
    if ids != {each.id for each in _together(unit, row)}:
        raise Conflict("Somebody has merged this case, or undone it, at this moment. Look again.")


def keep_who_looked(locked: LockedCase) -> None:
    """Before the last entry: reads that wait beside the case would go with its content."""
    take_in(locked)


def demand_not_shut_out(person: Person, members: store.Members | dict[str, bool]) -> None:
    """For whoever is shut out of it there is no such case. Raises `NotFound`."""
    if members.get(as_person(person.id), False):
        raise NotFound


def _together(unit: Unit, row: CaseRow) -> list[CaseRow]:
    """The case, those it is merged into, and all that are merged into these."""
    top, seen = row, {row.id}
    while top.merged_into is not None:
        into = store.cases.find(unit, top.merged_into)
        if into is None or into.id in seen:
            break
        top = into
        seen.add(into.id)
    rows, left = {top.id: top}, [top]
    while left:
        for id in store.cases.merged(unit, left.pop().reference):
            below = store.cases.find(unit, id)
            if below is not None and below.id not in rows:
                rows[below.id] = below
                left.append(below)
    return list(rows.values())


def _ended(unit: Unit, row: CaseRow) -> datetime | None:
    seen = set()
    while row.ended_at is None and row.merged_into is not None and row.id not in seen:
        seen.add(row.id)
        into = store.cases.find(unit, row.merged_into)
        if into is None:
            return None
        row = into
    return row.ended_at
