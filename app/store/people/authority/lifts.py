"""Exclusions that somebody asked to lift, as rows, until a second person has said so too."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert as upsert

from app.store.database.unit import Unit
from app.store.people.authority.tables import exclusion_lift

_HERE = (
    exclusion_lift.c.case_id == bindparam("case"),
    exclusion_lift.c.who == bindparam("whom"),
)
_PUT = upsert(exclusion_lift)
_PUT = _PUT.on_conflict_do_update(
    index_elements=["case_id", "who"],
    set_={"at": _PUT.excluded["at"], "by": _PUT.excluded["by"]},
)
_BY = select(exclusion_lift.c.by).where(*_HERE)
_DROP = delete(exclusion_lift).where(*_HERE)
_ALL = select(exclusion_lift.c.who, exclusion_lift.c.by).where(
    exclusion_lift.c.case_id == bindparam("case")
)


def propose(unit: Unit, case: str, who: str, by: str, at: datetime) -> None:
    unit.run(_PUT, {"case_id": case, "who": who, "by": by, "at": at})


def proposed_by(unit: Unit, case: str, who: str) -> str | None:
    """Who asked for it; None: nobody."""
    by: str | None = unit.value(_BY, {"case": case, "whom": who})
    return by


def proposed(unit: Unit, case: str) -> dict[str, str]:
    """ "p:<person>" → who asked that they be let in again."""
    return dict(unit.rows(_ALL, {"case": case}))


def drop(unit: Unit, case: str, who: str) -> None:
    unit.run(_DROP, {"case": case, "whom": who})
