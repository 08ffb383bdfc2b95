"""What has stopped, over all cases: incidents, cases that stand for ever, tasks without anybody.

Only open cases count. Who may see which case is the reader's to ask.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, exists, func, or_, select, update

from app.store.among import among
from app.store.database.unit import Unit
from app.store.people.guests.tables import guest
from app.store.people.tables import person, person_group
from app.store.schema import cases, member, offer, task
from app.store.work.incident_table import incident
from app.store.work.incidents import IncidentRow


@dataclass(frozen=True, slots=True)
class Standing:
    """A case that stands for ever, as its row keeps it."""

    case_id: str
    reference: str
    deployment: str
    stalls: str


@dataclass(frozen=True, slots=True)
class Left:
    """An open task that nobody can take up."""

    case_id: str
    reference: str
    task: str
    opened_at: datetime
    #: whose it is; None: offered to all of `offers`
    assignee: str | None
    #: "g:…" or "p:…"
    offers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Counts:
    """For the figures of an operation."""

    #: incidents that wait for a person
    waiting: int
    #: … and those that are tried again by themselves
    trying: int
    #: cases that stand for ever
    standing: int


_OPEN = cases.c.ended_at.is_(None)
_GOES_ON = (_OPEN, ~cases.c.suspended)
_TASK_OPEN = exists().where(task.c.case_id == incident.c.case_id, task.c.task == incident.c.task)
_COUNTS_NOW = (incident.c.resolved_at.is_(None), or_(incident.c.task == "", _TASK_OPEN))
_NAMES = tuple(IncidentRow.__dataclass_fields__)
_INCIDENTS = (
    select(*(incident.c[name] for name in _NAMES), cases.c.reference, cases.c.deployment)
    .join_from(incident, cases, cases.c.id == incident.c.case_id)
    .where(_OPEN, *_COUNTS_NOW)
    .order_by(incident.c.at, incident.c.case_id, incident.c.seq)
    .limit(bindparam("most"))
)
_OF_CASE = select(*(incident.c[name] for name in _NAMES)).where(
    incident.c.case_id == bindparam("case"), *_COUNTS_NOW
)
_OF_CASE = _OF_CASE.order_by(incident.c.seq)
_STANDING = (
    select(cases.c.id, cases.c.reference, cases.c.deployment, cases.c.stalls)
    .where(*_GOES_ON, cases.c.stalls != "")
    .order_by(cases.c.opened_at, cases.c.id)
    .limit(bindparam("most"))
)
_UNLOOKED = select(cases.c.id).where(_OPEN, cases.c.stalls.is_(None))
_UNLOOKED = _UNLOOKED.order_by(cases.c.id).limit(bindparam("most"))
_INCIDENTS_COUNTED = (
    select(func.count(), func.count(incident.c.next_at))
    .join_from(incident, cases, cases.c.id == incident.c.case_id)
    .where(_OPEN, *_COUNTS_NOW)
)
_PUT_STALLS = update(cases).where(cases.c.id == bindparam("case"))
_PUT_STALLS = _PUT_STALLS.values(stalls=bindparam("kept"))
_STANDING_COUNTED = select(func.count()).where(*_GOES_ON, cases.c.stalls != "")
#: a guest is asked for it by a link of their own
_NO_GUEST = ~exists().where(
    guest.c.case_id == task.c.case_id, guest.c.task == task.c.task, guest.c.ended_at.is_(None)
)
_THERE = (cases.c.id == task.c.case_id, *_GOES_ON, ~task.c.resting)
_FREE = (*_THERE, task.c.assignee.is_(None))
_OFFERED = (
    select(offer.c.who)
    .join_from(offer, task, (task.c.case_id == offer.c.case_id) & (task.c.task == offer.c.task))
    .join(cases, cases.c.id == task.c.case_id)
    .where(*_FREE)
    .distinct()
)
_TO_SOMEBODY = exists().where(
    offer.c.case_id == task.c.case_id,
    offer.c.task == task.c.task,
    offer.c.who.not_in(bindparam("nobody", expanding=True)),
)
_LEFT = (
    select(task.c.case_id, cases.c.reference, task.c.task, task.c.opened_at, task.c.assignee)
    .join_from(task, cases, cases.c.id == task.c.case_id)
    .order_by(task.c.opened_at, task.c.case_id, task.c.task)
    .limit(bindparam("most"))
)
_TO_NOBODY = _LEFT.where(*_FREE, ~_TO_SOMEBODY, _NO_GUEST)
_GONE = ~exists().where(person.c.id == task.c.assignee, ~person.c.disabled)
_OF_GONE = _LEFT.where(*_THERE, task.c.assignee.is_not(None), _GONE, _NO_GUEST)
_SHUT_OUT = exists().where(member.c.case_id == task.c.case_id, member.c.excluded)
_WHERE_SOME_ARE_OUT = _LEFT.where(*_FREE, _SHUT_OUT, _NO_GUEST)
_OFFERS = select(offer.c.case_id, offer.c.task, offer.c.who).where(
    offer.c.case_id.in_(bindparam("cases", expanding=True))
)
_EXCLUDED = select(member.c.case_id, member.c.who).where(
    among(member.c.case_id, "cases"), member.c.excluded
)
_HELD = (
    select(person_group.c.group, person_group.c.person)
    .join_from(person_group, person, person.c.id == person_group.c.person)
    .where(
        among(person_group.c.group, "names"),
        ~person.c.disabled,
        or_(person_group.c.first.is_(None), person_group.c.first <= bindparam("day")),
        or_(person_group.c.last.is_(None), person_group.c.last >= bindparam("day")),
    )
)
_ENABLED = select(person.c.id).where(among(person.c.id, "names"), ~person.c.disabled)


def incidents(unit: Unit, most: int) -> list[tuple[IncidentRow, str, str]]:
    """Open ones, oldest first, each with its case's reference and deployment."""
    rows = unit.rows(_INCIDENTS, {"most": most})
    return [(_incident(row[:-2]), row[-2], row[-1]) for row in rows]


def incidents_of(unit: Unit, case: str) -> list[IncidentRow]:
    """Open ones of a case, oldest first."""
    return [_incident(row) for row in unit.rows(_OF_CASE, {"case": case})]


def _incident(row: Sequence[Any]) -> IncidentRow:
    return IncidentRow(**dict(zip(_NAMES, row, strict=True)))


def standing(unit: Unit, most: int) -> list[Standing]:
    return [Standing(*row) for row in unit.rows(_STANDING, {"most": most})]


def unlooked(unit: Unit, most: int) -> list[str]:
    """Ids of open cases of which nobody has looked yet whether they stand for ever."""
    return [row[0] for row in unit.rows(_UNLOOKED, {"most": most})]


def counts(unit: Unit) -> Counts:
    row = unit.row(_INCIDENTS_COUNTED)
    assert row is not None
    every, trying = row
    return Counts(every - trying, trying, int(unit.value(_STANDING_COUNTED, {})))


def offered(unit: Unit) -> set[str]:
    """To whom open tasks are offered that nobody has taken: each "g:…" and "p:…" once."""
    return {row[0] for row in unit.rows(_OFFERED)}


def held(unit: Unit, groups: Iterable[str], day: date) -> dict[str, set[str]]:
    """Of these groups, who stands in each that can sign in on this day in London."""
    names = sorted(groups)
    known: dict[str, set[str]] = {}
    for group, id in unit.rows(_HELD, {"names": names, "day": day.isoformat()}) if names else ():
        known.setdefault(group, set()).add(id)
    return known


def enabled(unit: Unit, people: Iterable[str]) -> set[str]:
    """Of these people those who can sign in."""
    names = sorted(people)
    return {row[0] for row in unit.rows(_ENABLED, {"names": names})} if names else set()


def left(unit: Unit, nobody: Iterable[str], most: int) -> list[Left]:
    """Open tasks that are offered only to these, or given to somebody who cannot sign in."""
    free = unit.rows(_TO_NOBODY, {"nobody": sorted(nobody), "most": most})
    return _with_offers(unit, [*free, *unit.rows(_OF_GONE, {"most": most})])


def where_some_are_out(unit: Unit, most: int) -> list[Left]:
    """Open tasks of cases from which somebody is shut out."""
    return _with_offers(unit, unit.rows(_WHERE_SOME_ARE_OUT, {"most": most}))


def shut_out(unit: Unit, cases: Iterable[str]) -> dict[str, set[str]]:
    """Case id → who is shut out of it."""
    names = sorted(set(cases))
    out: dict[str, set[str]] = {}
    for case, who in unit.rows(_EXCLUDED, {"cases": names}) if names else ():
        out.setdefault(case, set()).add(who)
    return out


def _with_offers(unit: Unit, rows: Sequence[Any]) -> list[Left]:
    names = sorted({row[0] for row in rows})
    offers: dict[tuple[str, str], set[str]] = {}
    for case, id, who in unit.rows(_OFFERS, {"cases": names}) if names else ():
        offers.setdefault((case, id), set()).add(who)
    return [
        Left(case, reference, id, at, who, frozenset(offers.get((case, id), ())))
        for case, reference, id, at, who in rows
    ]


def put_stalls(unit: Unit, case: str, stalls: str) -> None:
    """What was seen in a case that nothing else has moved."""
    unit.run(_PUT_STALLS, {"case": case, "kept": stalls})
