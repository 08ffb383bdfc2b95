"""Content that somebody asked to destroy, that was destroyed, and that the database still has to be
swept of: one row a case, which stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, func, insert, select, update

from app.store.database.unit import Unit
from app.store.retention.tables import erasure
from app.store.schema import cases


@dataclass(frozen=True, slots=True)
class ErasureRow:
    case_id: str
    #: id of the rule of config.yaml by which it was due; "" for none
    rule: str
    #: one of a closed list
    cause: str
    #: when, and who, asked
    at: datetime
    by: str
    #: when, and who, agreed, so that it was destroyed; None: it is only asked for
    agreed_at: datetime | None = None
    agreed_by: str | None = None
    #: when what the database still kept of deleted rows was overwritten
    swept_at: datetime | None = None


_ALL = select(*(erasure.c[name] for name in ErasureRow.__slots__))
_OF = _ALL.where(erasure.c.case_id == bindparam("case"))
_ADD = insert(erasure)
_THIS = erasure.c.case_id == bindparam("case")
_DROP = delete(erasure).where(_THIS, erasure.c.agreed_at.is_(None))
_AGREE = update(erasure).where(_THIS)
_AGREE = _AGREE.values(agreed_at=bindparam("when"), agreed_by=bindparam("who"))
_DESTROYED = select(func.count()).where(erasure.c.agreed_at.is_not(None))
_UNSWEPT = select(erasure.c.case_id).where(
    erasure.c.agreed_at.is_not(None), erasure.c.swept_at.is_(None)
)
_TAKE = select(cases.c.id).where(cases.c.id == bindparam("case")).with_for_update()
_SWEPT = update(erasure).where(_THIS).values(swept_at=bindparam("when"))
_ENDED = (
    select(cases.c.id)
    .outerjoin_from(cases, erasure, erasure.c.case_id == cases.c.id)
    .where(
        erasure.c.agreed_at.is_(None),
        cases.c.ended_at.is_not(None) | cases.c.merged_into.is_not(None),
    )
    .order_by(cases.c.ended_at, cases.c.id)
)


def take(unit: Unit, ids: Sequence[str]) -> None:
    """Waits until these cases are ours alone, in the order of their ids. Raises `Busy`."""
    for id in sorted(ids):
        unit.run(_TAKE, {"case": id})


def find(unit: Unit, case: str) -> ErasureRow | None:
    row = unit.row(_OF, {"case": case})
    return None if row is None else ErasureRow(*row)


def everything(unit: Unit) -> list[ErasureRow]:
    return [ErasureRow(*row) for row in unit.rows(_ALL.order_by(erasure.c.at, erasure.c.case_id))]


def ask(unit: Unit, case: str, rule: str, cause: str, by: str, at: datetime) -> None:
    unit.run(_ADD, {"case_id": case, "rule": rule, "cause": cause, "at": at, "by": by})


def withdraw(unit: Unit, case: str) -> None:
    """What was only asked for is over."""
    unit.run(_DROP, {"case": case})


def agree(unit: Unit, case: str, by: str, at: datetime) -> None:
    unit.run(_AGREE, {"case": case, "who": by, "when": at})


def destroyed(unit: Unit) -> int:
    """How many cases it was done to."""
    return int(unit.value(_DESTROYED))


def unswept(unit: Unit) -> list[str]:
    """Ids of cases of whose deleted rows the database may still keep something."""
    return [row[0] for row in unit.rows(_UNSWEPT)]


def swept(unit: Unit, cases_: list[str], at: datetime) -> None:
    for case in cases_:
        unit.run(_SWEPT, {"case": case, "when": at})


def ended(unit: Unit) -> list[str]:
    """Ids of cases whose content is there, and that have ended or rest in another one."""
    return [row[0] for row in unit.rows(_ENDED)]
