"""What is held, what is due to be destroyed, what was asked for and what was destroyed; and what
can still be said of a case whose content is gone.

Who holds the power sees every case that they are not shut out of, by its reference and its rule;
nothing of its content but why it is held.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from app import store
from app.casework import policy
from app.casework.access import Person, as_person
from app.casework.desk import Desk
from app.casework.errors import NotFound
from app.casework.orders.retention import RetentionState, state_of
from app.engine import day_in_london
from app.store import CaseRow, ErasureRow, HoldRow, StoreFault, Unit

POWER = policy.rule("retention").power or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldLine:
    #: reference of the case that it was set on
    case: str
    #: its number within that case
    number: int
    name: str
    #: None: it cannot be read
    reason: str | None
    at: datetime
    #: names
    by: str
    #: who asked that it be lifted
    lift_by: str | None
    #: the one who looks asked for it
    mine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionLine:
    """A case whose content is there, and that has ended."""

    case: str
    #: None: config.yaml has no rule for it
    rule: str | None
    #: from which day on its content may be destroyed
    over: date | None
    sum: str
    held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasureLine:
    case: str
    rule: str
    cause: str
    at: datetime
    #: names
    by: str
    agreed_at: datetime | None
    agreed_by: str | None
    #: what the database kept of it was overwritten
    swept: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionPage:
    holds: tuple[HoldLine, ...]
    asked: tuple[ErasureLine, ...]
    due: tuple[RetentionLine, ...]
    #: kept for some time yet, the soonest first
    later: tuple[RetentionLine, ...]
    destroyed: tuple[ErasureLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionCase:
    case: str
    ended_at: datetime | None
    rule: str | None
    basis: str | None
    sum: str
    due: bool
    #: on it, or on a case that is one with it
    holds: tuple[HoldLine, ...]
    asked: ErasureLine | None
    #: the one who looks asked for it
    mine: bool
    #: why it may be destroyed now: (cause, in words)
    causes: tuple[tuple[str, str], ...]
    #: (kind, in words)
    kinds: tuple[tuple[str, str], ...]

    @property
    def own_holds(self) -> tuple[HoldLine, ...]:
        """Those that were set on this very case, and are lifted here."""
        return tuple(hold for hold in self.holds if hold.case == self.case)


@dataclass(frozen=True, slots=True, kw_only=True)
class ErasedCase:
    """What is left of a case whose content was destroyed."""

    case: str
    opened_at: datetime
    ended_at: datetime | None
    entries: int
    erasure: ErasureLine


def retention_page(desk: Desk, person: Person, at: datetime) -> RetentionPage:
    _demand(desk, person)
    with desk.store.reading() as unit:
        reader = _Reader(desk, unit, person)
        erasures = store.retention.erasures.everything(unit)
        lines = [
            line
            for id in store.retention.erasures.ended(unit)
            if (line := reader.line(id)) is not None
        ]
        holds = reader.holds(store.retention.holds.standing(unit))
        said = reader.erasures(erasures)
    today = sorted(lines, key=lambda line: (line.over or date.max, line.case))
    due = [line for line in today if _is_due(line, at) and not line.held]
    return RetentionPage(
        holds=holds,
        asked=tuple(line for line in said if line.agreed_at is None),
        due=tuple(due),
        later=tuple(line for line in today if line not in due),
        destroyed=tuple(line for line in said if line.agreed_at is not None),
    )


def retention_case(desk: Desk, person: Person, case: str, at: datetime) -> RetentionCase:
    """Raises `NotFound`, `Destroyed`."""
    _demand(desk, person)
    retention = desk.settings.retention
    with desk.store.reading() as unit:
        row = store.cases.find(unit, case)
        if row is None:
            raise NotFound
        reader = _Reader(desk, unit, person)
        if not reader.sees(row.id):
            raise NotFound
        store.cases.key_of(unit, row.id)
        state = state_of(unit, row, retention)
        asked = store.retention.erasures.find(unit, row.id)
        lines = reader.erasures([asked] if asked else [])
        holds = reader.holds(state.holds)
    return RetentionCase(
        case=row.reference,
        ended_at=state.ended_at,
        rule=state.rule.name if state.rule else None,
        basis=state.rule.basis if state.rule else None,
        sum=state.sum,
        due=state.due(at),
        holds=holds,
        asked=lines[0] if lines else None,
        mine=asked is not None and asked.by == person.id,
        causes=_causes(desk, state, asked, at),
        kinds=tuple(retention.holds.items()),
    )


def erased_case(desk: Desk, person: Person, case: str) -> ErasedCase:
    """For whoever might see the case before, or holds the power. Raises `NotFound`."""
    with desk.store.reading() as unit:
        row = store.cases.find(unit, case)
        erasure = store.retention.erasures.find(unit, row.id) if row is not None else None
        if row is None or erasure is None or erasure.agreed_at is None:
            raise NotFound
        members = store.cases.members(unit, row.id)
        sight = desk.roles.sight(person, members)
        power = desk.roles.may(person, POWER) and not members.get(as_person(person.id), False)
        if not (policy.rule("case").reaches(sight) or power):
            raise NotFound
        (line,) = _Reader(desk, unit, person).erasures([erasure])
    return ErasedCase(
        case=row.reference, opened_at=row.opened_at, ended_at=row.ended_at, entries=row.seq,
        erasure=line,
    )  # fmt: skip


def _demand(desk: Desk, person: Person) -> None:
    if not desk.roles.may(person, POWER):
        raise NotFound


def _is_due(line: RetentionLine, at: datetime) -> bool:
    return line.over is not None and line.over <= day_in_london(at)


def _causes(
    desk: Desk, state: RetentionState, asked: ErasureRow | None, at: datetime
) -> tuple[tuple[str, str], ...]:
    """What can be chosen; once somebody has asked, only what they asked for."""
    retention = desk.settings.retention
    if asked is not None:
        return ((asked.cause, retention.cause_name(asked.cause)),)
    due = (("due", retention.cause_name("due")),) if state.due(at) else ()
    return (*due, *retention.early.items())


class _Reader:
    """Rows in words, without those of cases that the person is shut out of."""

    def __init__(self, desk: Desk, unit: Unit, person: Person) -> None:
        self.desk, self.unit, self.person = desk, unit, person
        self.names = {row.id: row.name for row in store.people.accounts.everybody(unit)}
        self.cases: dict[str, CaseRow | None] = {}

    def sees(self, case: str) -> bool:
        members = store.cases.members(self.unit, case)
        return not members.get(as_person(self.person.id), False)

    def case(self, id: str) -> CaseRow | None:
        if id not in self.cases:
            self.cases[id] = store.cases.find(self.unit, id) if self.sees(id) else None
        return self.cases[id]

    def line(self, id: str) -> RetentionLine | None:
        row = self.case(id)
        if row is None:
            return None
        state = state_of(self.unit, row, self.desk.settings.retention)
        if state.ended_at is None:
            return None  # it rests in a case that goes on
        return RetentionLine(
            case=row.reference,
            rule=state.rule.name if state.rule else None,
            over=state.over,
            sum=state.sum,
            held=bool(state.holds),
        )

    def holds(self, rows: list[HoldRow] | tuple[HoldRow, ...]) -> tuple[HoldLine, ...]:
        names = self.desk.settings.retention.holds
        lines = []
        for hold in rows:
            row = self.case(hold.case_id)
            if row is not None:
                lines.append(
                    HoldLine(
                        case=row.reference,
                        number=hold.seq,
                        name=names.get(hold.kind, hold.kind),
                        reason=self._reason(hold),
                        at=hold.at,
                        by=self.name(hold.by),
                        lift_by=self.name(hold.lift_by) or None,
                        mine=hold.lift_by == self.person.id,
                    )
                )
        return tuple(lines)

    def _reason(self, hold: HoldRow) -> str | None:
        try:
            return hold.reason(store.cases.key_of(self.unit, hold.case_id))
        except StoreFault:
            return None

    def erasures(self, rows: list[ErasureRow]) -> list[ErasureLine]:
        retention = self.desk.settings.retention
        seen = [(erasure, self.case(erasure.case_id)) for erasure in rows]
        return [
            ErasureLine(
                case=row.reference,
                rule=retention.rule_name(erasure.rule),
                cause=retention.cause_name(erasure.cause),
                at=erasure.at,
                by=self.name(erasure.by),
                agreed_at=erasure.agreed_at,
                agreed_by=self.name(erasure.agreed_by) or None,
                swept=erasure.swept_at is not None,
            )
            for erasure, row in seen
            if row is not None
        ]

    def name(self, id: str | None) -> str:
        return self.names.get(id or "", id or "")
