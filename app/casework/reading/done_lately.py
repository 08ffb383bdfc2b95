"""What somebody has done lately, for their own list: to look it up, or to see what came of it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from app import store
from app.casework.access import Person
from app.casework.desk import Desk
from app.casework.errors import Unusable
from app.casework.reading.counted import told, up_to
from app.casework.reading.eyes import eyes
from app.casework.reading.in_short import in_short
from app.store import Unit
from app.store.queries.done_lately import Ended, how_much, lately

#: how long it is lately
LATELY = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneRow:
    #: the reference
    case: str
    name: str
    label: str | None
    at: datetime
    #: where the case stands now
    status: str | None
    #: what tells the case from others, for who sees the whole of it
    in_short: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DonePage:
    rows: tuple[DoneRow, ...]
    total: int
    #: there are more than these, which were not counted
    more: bool


def done_lately(desk: Desk, person: Person, at: datetime, page: int, size: int) -> DonePage:
    """The newest first; only in cases that the person still sees."""
    with desk.store.reading() as unit:
        seen, since, skip = eyes(desk, person), at - LATELY, (page - 1) * size
        ended = lately(unit, seen, person.id, since, skip, size)
        much = told(up_to(how_much(unit, seen, person.id, since)), skip, len(ended), size)
        said = in_short(desk, unit, person, {each.case_id for each in ended})
        rows = tuple(_row(desk, unit, person, each, said.get(each.case_id, ())) for each in ended)
    return DonePage(rows=rows, total=much.number, more=much.more)


def _row(desk: Desk, unit: Unit, person: Person, ended: Ended, said: tuple[str, ...]) -> DoneRow:
    return DoneRow(
        case=ended.reference,
        name=_name(desk, unit, ended),
        label=ended.label,
        at=ended.at,
        status=desk.installation.standing(unit, person, ended.status, ended.merged_into),
        in_short=said,
    )


def _name(desk: Desk, unit: Unit, ended: Ended) -> str:
    """What the active version calls the step, which is at hand; else the case's own."""
    active = store.deployments.active(unit)
    for digest in filter(None, (active, ended.deployment)):
        with suppress(Unusable):
            loaded = desk.installation.programs.of(unit, digest)
            process = loaded.holder(ended.process, ended.element)
            step = loaded.element(process, ended.element) or loaded.process(ended.element)
            if step is not None and step.name:
                return step.name
    return ended.element
