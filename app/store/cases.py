"""Case rows, their instances' states, their keys and who belongs to them.

`lock` is how every command begins: whoever holds it is alone with the case.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.store.database.errors import Destroyed, Sealed
from app.store.database.keys import CaseKey
from app.store.database.unit import Unit
from app.store.retention import ErasureRow as ErasureRow
from app.store.retention import HoldRow as HoldRow
from app.store.retention import erasures
from app.store.schema import case_key, cases, instance, member


@dataclass(frozen=True, slots=True)
class CaseRow:
    id: str
    reference: str
    process: str
    deployment: str
    status: str | None
    opened_at: datetime
    opened_by: str
    ended_at: datetime | None
    suspended: bool
    seq: int
    head: bytes
    last_at: datetime
    state: bytes
    calendar: str
    next_due: datetime | None
    wake_at: datetime | None
    attempts: int
    #: reference of the case that this one was merged into, and its history row of the merge
    merged_into: str | None = None
    merged_seq: int | None = None
    #: vouches for `seq` and `head`; None in a case that nothing was written in since there is one
    head_seal: bytes | None = None
    #: places where it stands for ever, as JSON; "": none; None: nobody has looked yet
    stalls: str | None = None


_NAMES = [f.name for f in fields(CaseRow)]
_COLUMNS = [cases.c[name] for name in _NAMES]
_CASE = select(*_COLUMNS)
_BY_ID = _CASE.where(cases.c.id == bindparam("case"))
_BY_REFERENCE = _CASE.where(cases.c.reference == bindparam("case"))
#: a reference as people type it who leave the capitals out; asked only where it is not there
_IN_ANY_CASE = select(cases.c.id).where(
    func.upper(cases.c.reference) == func.upper(bindparam("case"))
)
_PLAIN = {by: by for by in (_BY_ID, _BY_REFERENCE)}
_WITH_KEY = {
    by: by.add_columns(case_key.c.wrapped).outerjoin_from(
        cases, case_key, case_key.c.case_id == cases.c.id
    )
    for by in _PLAIN
}
_LOCKS = {by: both.with_for_update(of=cases) for by, both in _WITH_KEY.items()}
_DUE = select(cases.c.id).where(cases.c.wake_at <= bindparam("at"))
_DUE = _DUE.order_by(cases.c.wake_at).limit(bindparam("most"))
_CLAIM = (
    _CASE.add_columns(case_key.c.wrapped)
    .join_from(cases, case_key, case_key.c.case_id == cases.c.id)
    .where(cases.c.wake_at <= bindparam("at"))
    .order_by(cases.c.wake_at)
    .limit(bindparam("most"))
    .with_for_update(of=cases, skip_locked=True)
)
_KEY = select(case_key.c.wrapped).where(case_key.c.case_id == bindparam("case"))
_ADD = insert(cases)
_ADD_KEY = insert(case_key)
_SAVE = update(cases).where(cases.c.id == bindparam("case"), cases.c.seq == bindparam("was"))
#: what a command may change of a case
_CHANGING = [name for name in _NAMES[4:] if not name.startswith("opened")]
_SAVE = _SAVE.values({name: bindparam(name) for name in _CHANGING})
_IN_CASE = instance.c.case_id == bindparam("case")
_STATES = select(instance.c.instance, instance.c.state).where(_IN_CASE)
_STORED = select(*(instance.c[n] for n in ("instance", "state", "sha256", "ended"))).where(_IN_CASE)
_PUT_STATE = upsert(instance)
_PUT_STATE = _PUT_STATE.on_conflict_do_update(
    index_elements=["case_id", "instance"],
    set_={name: _PUT_STATE.excluded[name] for name in ("state", "sha256", "ended")},
)
_RUNNING = select(func.count()).where(_IN_CASE, instance.c.instance != "", ~instance.c.ended)
_MEMBERSHIP = select(member.c.who, member.c.excluded, member.c.seq).where(
    member.c.case_id == bindparam("case")
)
_MEMBERS = (
    select(member.c.who, member.c.excluded, cases.c.part)
    .join_from(member, cases, cases.c.id == member.c.case_id)
    .where(member.c.case_id == bindparam("case"))
)
_PUT_PART = update(cases).where(cases.c.id == bindparam("case")).values(part=bindparam("falls_to"))
_PUT_MEMBER = upsert(member)
_PUT_MEMBER = _PUT_MEMBER.on_conflict_do_update(
    index_elements=["case_id", "who"],
    set_={name: _PUT_MEMBER.excluded[name] for name in ("excluded", "seq")},
)
_DROP_MEMBER = delete(member).where(
    member.c.case_id == bindparam("case"), member.c.who == bindparam("name")
)
_CAME_WITH = select(member.c.who).where(
    member.c.case_id == bindparam("case"), member.c.seq == bindparam("row")
)
_MERGED = select(cases.c.id).where(cases.c.merged_into == bindparam("reference"))
_MERGED = _MERGED.order_by(cases.c.opened_at, cases.c.id)
_OPEN = select(cases.c.id, cases.c.deployment).where(cases.c.ended_at.is_(None))
_OPEN = _OPEN.order_by(cases.c.reference)
_OUTDATED = select(cases.c.id).where(cases.c.ended_at.is_(None), cases.c.calendar != bindparam("v"))


def _by(case: str) -> Any:
    return _BY_REFERENCE if "-" in case else _BY_ID


def _row(unit: Unit, case: str, statements: Mapping[Any, Any]) -> Any | None:
    row = unit.row(statements[_by(case)], {"case": case})
    if row is None and (id := _meant(unit, case)) is not None:
        row = unit.row(statements[_BY_ID], {"case": id})
    return row


def find(unit: Unit, case: str) -> CaseRow | None:
    """The case with this id or reference."""
    row = _row(unit, case, _PLAIN)
    return None if row is None else CaseRow(*row)


def open_(unit: Unit, case: str) -> tuple[CaseRow, CaseKey] | None:
    """As `find`, with its key. Raises `Destroyed`; `Sealed` when that is lost."""
    return _locked(unit, _row(unit, case, _WITH_KEY))


def _meant(unit: Unit, case: str) -> str | None:
    """The id behind a reference without its capitals; None where it is none, or not clear."""
    rows = unit.rows(_IN_ANY_CASE, {"case": case}) if "-" in case else ()
    return str(rows[0][0]) if len(rows) == 1 else None


def lock(unit: Unit, case: str) -> tuple[CaseRow, CaseKey] | None:
    """The case, now ours alone until the transaction ends, and its key. Raises `Sealed`, `Busy`."""
    return _locked(unit, _row(unit, case, _LOCKS))


def claim_due(unit: Unit, at: datetime, most: int = 1) -> list[tuple[CaseRow, CaseKey]]:
    """The earliest due cases that nobody else holds, now ours alone, each with its key."""
    return [_opened(unit, row) for row in unit.rows(_CLAIM, {"at": at, "most": most})]


def _locked(unit: Unit, row: Any) -> tuple[CaseRow, CaseKey] | None:
    return None if row is None else _opened(unit, row)


def _opened(unit: Unit, row: Any) -> tuple[CaseRow, CaseKey]:
    case = CaseRow(*row[:-1])
    if row[-1] is None:
        raise _without_key(unit, case.id)
    return case, unit.keys.unwrap(case.id, row[-1])


def key_of(unit: Unit, case: str) -> CaseKey:
    """The data key of the case with this id. Raises `Destroyed`; `Sealed` when it is lost."""
    wrapped = unit.value(_KEY, {"case": case})
    if wrapped is None:
        raise _without_key(unit, case)
    return unit.keys.unwrap(case, wrapped)


def _without_key(unit: Unit, case: str) -> Sealed:
    erased = erasures.find(unit, case)
    if erased is None or erased.agreed_at is None:
        return Sealed("The key of this case is lost.")
    return Destroyed(case)


def add(unit: Unit, row: CaseRow, key: CaseKey) -> None:
    unit.run(_ADD, {name: getattr(row, name) for name in _NAMES})
    wrapped = key.wrapped_by(unit.keys)
    unit.run(_ADD_KEY, {"case_id": row.id, "kek": unit.keys.name, "wrapped": wrapped})


def save(unit: Unit, row: CaseRow, was: int) -> None:
    """Writes the locked case back. `was` is the seq it was read at: a belt beside the lock. Where
    that is another one by now, nothing of the transaction is kept (`Clash`)."""
    given = {name: getattr(row, name) for name in _CHANGING} | {"case": row.id, "was": was}
    unit.exactly_one(_SAVE, given)


def due(unit: Unit, at: datetime, most: int = 1) -> list[str]:
    """Ids of cases to wake, earliest first; one indexed look."""
    return [row[0] for row in unit.rows(_DUE, {"at": at, "most": most})]


def outdated(unit: Unit, calendar: str) -> list[str]:
    """Open cases planned by another version of the calendar."""
    return [row[0] for row in unit.rows(_OUTDATED, {"v": calendar})]


def open_ones(unit: Unit) -> list[tuple[str, str]]:
    """(id, deployment) of every case that has not ended, oldest first."""
    return [(row[0], row[1]) for row in unit.rows(_OPEN, {})]


def states(unit: Unit, key: CaseKey) -> dict[str, bytes]:
    """Instance id → snapshot bytes. Raises `Sealed` when one was changed behind our back."""
    rows = unit.rows(_STATES, {"case": key.case})
    return {name: key.open(state, f"state:{name}") for name, state in rows}


def put_states(unit: Unit, key: CaseKey, changed: Mapping[str, Any]) -> None:
    """Writes what `Case.snapshots()` gave; variables may say something about people: sealed."""
    given = [
        {
            "case_id": key.case,
            "instance": name,
            "state": key.seal(snapshot.state, f"state:{name}", level=1),
            "sha256": snapshot.sha256,
            "ended": snapshot.ended,
        }
        for name, snapshot in changed.items()
    ]
    unit.many(_PUT_STATE, given)


def running(unit: Unit, case: str) -> int:
    """How many of its instances have not ended."""
    return int(unit.value(_RUNNING, {"case": case}))


class Members(dict[str, bool]):
    """ "g:<group>" or "p:<person>" → whether it is excluded, of one case."""

    def __init__(self, case: str, rows: Iterable[tuple[str, bool]], part: str = "") -> None:
        super().__init__(rows)
        #: id
        self.case = case
        #: of what is divided by a record of the case, the part that the case belongs to
        self.part = part


def members(unit: Unit, case: str) -> Members:
    """Of the case with this id."""
    rows = unit.rows(_MEMBERS, {"case": case})
    return Members(case, [row[:2] for row in rows], rows[0][2] if rows else "")


def put_part(unit: Unit, case: str, part: str) -> None:
    unit.run(_PUT_PART, {"case": case, "falls_to": part})


def membership(unit: Unit, case: str) -> list[tuple[str, bool, int]]:
    """(who, shut out or not, entry that said so last), by name."""
    rows = unit.rows(_MEMBERSHIP, {"case": case})
    return sorted((who, bool(out), seq) for who, out, seq in rows)


def put_members(
    unit: Unit, case: str, who: Sequence[str], seq: int, *, excluded: bool = False
) -> None:
    given = [{"case_id": case, "who": name, "excluded": excluded, "seq": seq} for name in who]
    unit.many(_PUT_MEMBER, given)


def came_with(unit: Unit, case: str, seq: int) -> set[str]:
    """Whose membership or exclusion was last set by this history row."""
    return {row[0] for row in unit.rows(_CAME_WITH, {"case": case, "row": seq})}


def drop_members(unit: Unit, case: str, who: Sequence[str]) -> None:
    unit.many(_DROP_MEMBER, [{"case": case, "name": name} for name in who])


def merged(unit: Unit, reference: str) -> list[str]:
    """Ids of the cases that are merged into this one, oldest first."""
    return [row[0] for row in unit.rows(_MERGED, {"reference": reference})]


def vouched(unit: Unit, row: CaseRow) -> bool:
    """Whether the case names the newest entry that was written by who has the KEK."""
    return row.head_seal is not None and hmac.compare_digest(
        row.head_seal, unit.keys.stand(row.id, row.seq, row.head)
    )


def stored_states(unit: Unit, case: str) -> list[tuple[str, bytes, str, bool]]:
    """(instance, sealed state, its hash in hex, ended), as they are stored."""
    return [(row[0], row[1], row[2], row[3]) for row in unit.rows(_STORED, {"case": case})]
