"""Figures that are kept: which cases have changed since, each case's share, the sums.

A share is what the sums hold of a case. What stands in either is for who counts (`audit`): here
they are bytes, and none where a case adds nothing.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Executable,
    bindparam,
    delete,
    insert,
    literal,
    null,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert

from app.store.database.errors import Sealed, WrongKey
from app.store.database.keys import CaseKey
from app.store.database.unit import Unit
from app.store.schema import case_key, cases
from app.store.tallies.tables import late_line, share, tally, tally_gone

#: how a time is told: for good, while it runs and is late, while it runs and is only behind
OVER, LATE, BEHIND = KINDS = 0, 1, 2
#: of what is told from the beginning, or for ever
FIRST, LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
#: databases take a bounded number of values in one statement
MOST_VALUES = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Of one case."""

    case_id: str
    #: the entry up to which it is counted
    seq: int
    #: answers of it are counted
    asked: bool
    #: what the sums hold of it
    body: bytes
    #: each time a limit ran
    times: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRow:
    """One time a limit ran that is told, or would be from an instant on."""

    case_id: str
    kind: int
    #: among the times of its case
    number: int
    reference: str
    task: str
    limit_at: datetime
    from_at: datetime = FIRST
    until_at: datetime = LAST


LINE_NAMES = [field.name for field in fields(LineRow)]
_OF: Any = bindparam("cases", expanding=True)
_CHANGED = (
    select(cases.c.id)
    .where(cases.c.counted != cases.c.seq)
    .order_by(cases.c.id)
    .limit(bindparam("most"))
)
_OTHERWISE = (
    select(share.c.case_id)
    .where(or_(share.c.mark < bindparam("mark"), share.c.mark > bindparam("mark")))
    .limit(bindparam("most"))
)
_SEQS = select(cases.c.id, cases.c.seq).where(cases.c.id.in_(_OF))
_TAKE = _SEQS.order_by(cases.c.id).with_for_update(skip_locked=True)
_COUNTED = update(cases).where(cases.c.id == bindparam("case")).values(counted=bindparam("upto"))
_KEYS = select(case_key.c.case_id, case_key.c.wrapped).where(case_key.c.case_id.in_(_OF))
_KEPT = (
    select(share.c.case_id, share.c.mark, share.c.body, share.c.times, case_key.c.wrapped)
    .outerjoin_from(share, case_key, case_key.c.case_id == share.c.case_id)
    .where(share.c.case_id.in_(_OF))
)
#: in one statement, so that a case which is destroyed meanwhile is either here or there
_ALL_KEPT = union_all(
    select(share.c.case_id, share.c.body, case_key.c.wrapped, literal("").label("gone"))
    .outerjoin_from(share, case_key, case_key.c.case_id == share.c.case_id)
    .where(share.c.mark == bindparam("mark")),
    select(literal(""), tally_gone.c.body, null(), tally_gone.c.id),
)
_PUT = upsert(share)
_PUT = _PUT.on_conflict_do_update(
    index_elements=["case_id"],
    set_={name: _PUT.excluded[name] for name in ("mark", "asked", "body", "times")},
)
_DROP = delete(share).where(share.c.case_id.in_(_OF))
_DROP_LINES = delete(late_line).where(late_line.c.case_id.in_(_OF))
_ADD_LINES = insert(late_line)
_NO_SUMS = delete(tally).where(tally.c.mark != "")
_GO = insert(tally_gone)
_FORGET = (
    _NO_SUMS, delete(tally_gone), delete(late_line), delete(share),
    update(cases).where(cases.c.counted != 0).values(counted=0),
)  # fmt: skip


def changed(unit: Unit, mark: str, most: int = 1_000_000) -> list[str]:
    """Ids of cases that were never counted, or not since they changed, or not like this."""
    given = {"most": most}
    ids = [row[0] for row in unit.rows(_CHANGED, given)]
    others = {row[0] for row in unit.rows(_OTHERWISE, given | {"mark": mark})}
    return [*ids, *sorted(others - set(ids))]


def keys(unit: Unit, ids: Sequence[str]) -> dict[str, CaseKey]:
    """Case id → its key, of those that have one which opens."""
    opened = {}
    for case, wrapped in _each(unit, _KEYS, ids):
        with suppress(WrongKey):
            opened[case] = unit.keys.unwrap(case, wrapped)
    return opened


def kept(unit: Unit, mark: str, ids: Sequence[str]) -> dict[str, bytes | None]:
    """Case id → what the sums of this mark hold of it; None: it does not open."""
    return {
        case: _opened(unit, case, wrapped, body, _place(mark))
        for case, its, body, _, wrapped in _each(unit, _KEPT, ids)
        if its == mark
    }


def times(unit: Unit, mark: str, ids: Sequence[str]) -> dict[str, bytes | None]:
    """Case id → each time a limit ran in it that is told; None: it does not open."""
    return {
        case: _opened(unit, case, wrapped, body, _times_place(mark))
        for case, its, _, body, wrapped in _each(unit, _KEPT, ids)
        if its == mark
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Everything:
    #: what is held of each case
    bodies: list[bytes]
    #: ids of cases of which it does not open
    closed: list[str]
    #: ids of what destroyed cases left: nothing of them is among the bodies
    gone: list[str]


def everything(unit: Unit, mark: str) -> Everything:
    """All that sums of this mark are made of."""
    rows = unit.rows(_ALL_KEPT, {"mark": mark})
    opened = {
        case: _opened(unit, case, wrapped, body, _place(mark))
        for case, body, wrapped, gone in rows
        if not gone
    }
    return Everything(
        bodies=[body for body in opened.values() if body],
        closed=[case for case, body in opened.items() if body is None],
        gone=[row[3] for row in rows if row[3]],
    )


def _opened(unit: Unit, case: str, wrapped: bytes | None, body: bytes, place: str) -> bytes | None:
    if not body:
        return b""
    try:
        return unit.keys.unwrap(case, wrapped or b"").open(body, place)
    except (WrongKey, Sealed):
        return None


def take(unit: Unit, shares: Sequence[Share]) -> list[Share]:
    """Those whose case nobody holds just now, and has not changed; they are ours until the end."""
    here = {row[0]: row[1] for row in _each(unit, _TAKE, [one.case_id for one in shares])}
    return [one for one in shares if here.get(one.case_id) == one.seq]


def put(
    unit: Unit,
    mark: str,
    shares: Sequence[Share],
    lines: Sequence[LineRow],
    keys: Mapping[str, CaseKey],
) -> None:
    """In the place of what was kept of these cases, which are taken. `keys`: of each that says
    anything."""

    def sealed(case: str, content: bytes, place: str) -> bytes:
        return keys[case].seal(content, place, level=1) if content else b""

    unit.run(_DROP_LINES, {"cases": [one.case_id for one in shares]})
    given = [
        {
            "case_id": one.case_id, "mark": mark, "asked": one.asked,
            "body": sealed(one.case_id, one.body, _place(mark)),
            "times": sealed(one.case_id, one.times, _times_place(mark)),
        }
        for one in shares
    ]  # fmt: skip
    unit.many(_PUT, given)
    unit.many(_ADD_LINES, [{name: getattr(line, name) for name in LINE_NAMES} for line in lines])
    unit.many(_COUNTED, [{"case": one.case_id, "upto": one.seq} for one in shares])


def drop(unit: Unit, ids: Sequence[str]) -> None:
    """Of these cases nothing is kept any more: they count as changed."""
    for first in range(0, len(ids), MOST_VALUES):
        part = {"cases": list(ids[first : first + MOST_VALUES])}
        unit.run(_DROP, part)
        unit.run(_DROP_LINES, part)
    unit.many(_COUNTED, [{"case": id, "upto": 0} for id in ids])


def let_go(unit: Unit, case: str) -> None:
    """Before its key is destroyed: what the sums hold of it can be taken from them afterwards,
    without a word of which case it was."""
    for id, mark, body, _, wrapped in unit.rows(_KEPT, {"cases": [case]}):
        content = _opened(unit, id, wrapped, body, _place(mark))
        if content is None:
            unit.run(_NO_SUMS)  # added up anew, from what is left
        elif content:
            sealed = unit.keys.seal(zlib.compress(content, 1), "tally_gone")
            unit.run(_GO, {"id": os.urandom(8).hex(), "mark": mark, "body": sealed})


def forget(unit: Unit) -> None:
    """Throws all of it away; it is counted anew."""
    for statement in _FORGET:
        unit.run(statement)


def _each(unit: Unit, statement: Executable, ids: Sequence[str]) -> list[Any]:
    return [
        row
        for first in range(0, len(ids), MOST_VALUES)
        for row in unit.rows(statement, {"cases": list(ids[first : first + MOST_VALUES])})
    ]


def _place(mark: str) -> str:
    return f"share:{mark}"


def _times_place(mark: str) -> str:
    return f"times:{mark}"
