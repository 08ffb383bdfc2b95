"""Holds on cases: each stops the destruction of the content until two people have lifted it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select, update

from app.store.database.keys import CaseKey
from app.store.database.unit import Unit
from app.store.retention.tables import hold


@dataclass(frozen=True, slots=True)
class HoldRow:
    case_id: str
    #: number of the history row that set it; names the hold within its case
    seq: int
    kind: str
    at: datetime
    #: id of who set it
    by: str
    body: bytes
    #: when, and who, asked that it be lifted; None: nobody
    lift_at: datetime | None = None
    lift_by: str | None = None
    #: when, and who, agreed to that; None: it stands
    lifted_at: datetime | None = None
    lifted_by: str | None = None

    def reason(self, key: CaseKey) -> str:
        """Raises `Sealed`."""
        return key.open(self.body, _place(self.seq)).decode()


_ALL = select(*(hold.c[name] for name in HoldRow.__slots__))
_STANDING = _ALL.where(hold.c.lifted_at.is_(None)).order_by(hold.c.at, hold.c.case_id, hold.c.seq)
_OF = _ALL.where(hold.c.case_id == bindparam("case")).order_by(hold.c.seq)
_ADD = insert(hold)
_THIS = (hold.c.case_id == bindparam("case"), hold.c.seq == bindparam("row"))
_ASK = update(hold).where(*_THIS).values(lift_at=bindparam("when"), lift_by=bindparam("who"))
_LIFT = update(hold).where(*_THIS).values(lifted_at=bindparam("when"), lifted_by=bindparam("who"))


def _place(seq: int) -> str:
    return f"hold:{seq}"


def add(unit: Unit, key: CaseKey, seq: int, kind: str, by: str, at: datetime, reason: str) -> None:
    body = key.seal(reason.encode(), _place(seq))
    given = {"case_id": key.case, "seq": seq, "kind": kind, "at": at, "by": by, "body": body}
    unit.run(_ADD, given)


def of_case(unit: Unit, case: str) -> list[HoldRow]:
    """Those that stand and those that were lifted, oldest first."""
    return [HoldRow(*row) for row in unit.rows(_OF, {"case": case})]


def standing(unit: Unit) -> list[HoldRow]:
    """Of all cases, oldest first."""
    return [HoldRow(*row) for row in unit.rows(_STANDING)]


def ask_to_lift(unit: Unit, case: str, seq: int, by: str, at: datetime) -> None:
    unit.run(_ASK, {"case": case, "row": seq, "who": by, "when": at})


def lift(unit: Unit, case: str, seq: int, by: str, at: datetime) -> None:
    unit.run(_LIFT, {"case": case, "row": seq, "who": by, "when": at})
