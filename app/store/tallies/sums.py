"""The sums of the figures that are kept, by what is counted (a mark) and how years begin; and what
they still hold of cases that were destroyed.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from contextlib import suppress

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert as upsert

from app.store.database.errors import Sealed
from app.store.database.unit import Unit
from app.store.tallies.tables import tally, tally_gone

_HEAD = {"mark": "", "years": ""}
_BEGIN = upsert(tally).on_conflict_do_nothing(index_elements=["mark", "years"])
_ALONE = select(tally.c.mark).where(tally.c.mark == "").with_for_update(skip_locked=True)
_STAND = select(tally.c.mark, tally.c.years).where(tally.c.mark != "")
_ANY_GONE = select(tally_gone.c.id).limit(1)
_SUMS = select(tally.c.years, tally.c.body).where(tally.c.mark == bindparam("mark"))
_PUT_SUMS = upsert(tally)
_PUT_SUMS = _PUT_SUMS.on_conflict_do_update(
    index_elements=["mark", "years"], set_={"body": _PUT_SUMS.excluded.body}
)
_OTHER_SUMS = delete(tally).where(tally.c.mark.not_in(("", bindparam("mark"))))
_GONE = select(tally_gone.c.id, tally_gone.c.mark, tally_gone.c.body)
_LOSE = (delete(tally), delete(tally_gone))
_NO_GONE = delete(tally_gone).where(tally_gone.c.id == bindparam("which"))


def alone(unit: Unit) -> bool:
    """From here to the end nobody else changes the sums; False: somebody does just now."""
    unit.run(_BEGIN, {**_HEAD, "body": b""})
    return unit.row(_ALONE) is not None


def stand(unit: Unit) -> set[tuple[str, str]]:
    """(mark, how years begin) of each sums that are kept."""
    return {(row[0], row[1]) for row in unit.rows(_STAND)}


def sums(unit: Unit, mark: str) -> dict[str, bytes]:
    """How years begin → the sums, of those that open."""
    opened = {}
    for years, body in unit.rows(_SUMS, {"mark": mark}):
        with suppress(Sealed, zlib.error):
            opened[years] = zlib.decompress(unit.keys.open(body, f"tally:{mark}:{years}"))
    return opened


def put_sums(unit: Unit, mark: str, sums_: Mapping[str, bytes]) -> None:
    """And none but these."""
    unit.run(_OTHER_SUMS, {"mark": mark})
    for years, content in sums_.items():
        body = unit.keys.seal(zlib.compress(content, 1), f"tally:{mark}:{years}")
        unit.run(_PUT_SUMS, {"mark": mark, "years": years, "body": body})


def any_gone(unit: Unit) -> bool:
    return unit.row(_ANY_GONE) is not None


def gone(unit: Unit, mark: str) -> dict[str, bytes]:
    """Id → what the sums of this mark still hold of a case that was destroyed; of another mark
    nothing. Raises `Sealed`."""
    return {
        id: zlib.decompress(unit.keys.open(body, "tally_gone")) if its == mark else b""
        for id, its, body in unit.rows(_GONE)
    }


def drop_gone(unit: Unit, ids: Sequence[str]) -> None:
    for id in ids:
        unit.run(_NO_GONE, {"which": id})


def lose(unit: Unit) -> None:
    """They are added up anew from the shares."""
    for statement in _LOSE:
        unit.run(statement)
