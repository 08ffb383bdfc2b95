"""Refusals counted by hour, what and whom, until the hour is over and stands in the log.

However often somebody tries, an hour has a bounded number of rows: what is beyond counts together.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.store.chain.log.tables import refusal
from app.store.database.unit import Unit

#: rows of one hour; those of further people and addresses are counted as one
MOST = 1_000
OTHERS = "a:others"


@dataclass(frozen=True, slots=True)
class Refusal:
    hour: datetime
    what: str
    #: "p:<person>" or "a:<address>"
    who: str
    count: int


_THIS = (
    refusal.c.hour == bindparam("the_hour"),
    refusal.c.what == bindparam("the_what"),
    refusal.c.who == bindparam("the_who"),
)
_AGAIN = update(refusal).where(*_THIS).values(count=refusal.c.count + 1)
_KNOWN = select(func.count()).select_from(refusal).where(refusal.c.hour == bindparam("the_hour"))
_FIRST = upsert(refusal).values(
    hour=bindparam("hour"), what=bindparam("what"), who=bindparam("who"), count=1
)
_FIRST = _FIRST.on_conflict_do_update(
    index_elements=["hour", "what", "who"], set_={"count": refusal.c.count + 1}
)
_COLUMNS = (refusal.c.hour, refusal.c.what, refusal.c.who, refusal.c.count)
_ALL = select(*_COLUMNS).order_by(*_COLUMNS[:3])
_OVER = select(refusal.c.hour).where(refusal.c.hour < bindparam("before")).limit(1)
_TAKE = delete(refusal).where(refusal.c.hour < bindparam("before")).returning(*_COLUMNS)


def count(unit: Unit, what: str, who: str, at: datetime) -> None:
    """Counts one more in the hour of `at`."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    if unit.run(_AGAIN, {"the_hour": hour, "the_what": what, "the_who": who}).rowcount:
        return
    if unit.value(_KNOWN, {"the_hour": hour}) >= MOST:
        who = OTHERS
    unit.run(_FIRST, {"hour": hour, "what": what, "who": who})


def running(unit: Unit) -> list[Refusal]:
    """Of hours that do not stand in the log yet."""
    return [Refusal(*row) for row in unit.rows(_ALL)]


def over(unit: Unit, at: datetime) -> bool:
    """Whether an hour before that of `at` waits to be written."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    return unit.row(_OVER, {"before": hour}) is not None


def take(unit: Unit, at: datetime) -> list[Refusal]:
    """Those of hours before that of `at`; they are gone from here then."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    taken = [Refusal(*row) for row in unit.rows(_TAKE, {"before": hour})]
    return sorted(taken, key=lambda each: (each.hour, each.what, each.who))
