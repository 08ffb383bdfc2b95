"""Checkpoints of a case's history: what follows from its entries up to one, sealed with its key.

They are made from the history and can be made again at any time: one that does not open is as if
it were not there. What they hold, and when they are made, is for whoever reads histories.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert as upsert

from app.store.database.errors import Sealed
from app.store.database.keys import CaseKey
from app.store.database.unit import Unit
from app.store.schema import checkpoint


@dataclass(frozen=True, slots=True)
class Checkpoint:
    #: "drawings", "sentences", "chapters" or "named"
    about: str
    #: number of the last entry that it takes in
    seq: int
    content: bytes


_HERE = (checkpoint.c.case_id == bindparam("case"), checkpoint.c.about == bindparam("what"))
_BEHIND = (
    select(checkpoint.c.seq, checkpoint.c.body)
    .where(*_HERE, checkpoint.c.seq > bindparam("after"))
    .order_by(checkpoint.c.seq)
)
_NEWEST = (
    select(checkpoint.c.seq, checkpoint.c.body)
    .where(*_HERE, checkpoint.c.seq <= bindparam("last"))
    .order_by(checkpoint.c.seq.desc())
    .limit(1)
)
_PUT = upsert(checkpoint)
_PUT = _PUT.on_conflict_do_update(
    index_elements=["case_id", "about", "seq"], set_={"body": _PUT.excluded.body}
)
_DROP = delete(checkpoint).where(checkpoint.c.case_id == bindparam("case"))


def newest(unit: Unit, key: CaseKey, about: str, last: int) -> Checkpoint | None:
    """The newest at entry `last` or before it."""
    row = unit.row(_NEWEST, {"case": key.case, "what": about, "last": last})
    return None if row is None else _opened(key, about, row[0], row[1])


def behind(unit: Unit, key: CaseKey, about: str, after: int) -> list[Checkpoint]:
    """All behind entry `after`, oldest first."""
    rows = unit.rows(_BEHIND, {"case": key.case, "what": about, "after": after})
    opened = (_opened(key, about, seq, body) for seq, body in rows)
    return [made for made in opened if made is not None]


def put(unit: Unit, key: CaseKey, made: Sequence[Checkpoint]) -> None:
    unit.many(
        _PUT,
        [
            {
                "case_id": key.case,
                "about": each.about,
                "seq": each.seq,
                "body": key.seal(each.content, _place(each.about, each.seq), level=1),
            }
            for each in made
        ],
    )


def drop(unit: Unit, case: str) -> None:
    """All of the case with this id."""
    unit.run(_DROP, {"case": case})


def _opened(key: CaseKey, about: str, seq: int, body: bytes) -> Checkpoint | None:
    try:
        return Checkpoint(about, seq, key.open(body, _place(about, seq)))
    except (Sealed, TypeError):  # TypeError: SQLite keeps a value of any type
        return None


def _place(about: str, seq: int) -> str:
    return f"checkpoint:{about}:{seq}"
