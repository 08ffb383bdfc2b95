"""A case's history: one row a command or read, chained by hashes, the body under the case's key.

Rows are only ever added. What a body says is for casework; whether the chain holds, for audit.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.exc import DBAPIError

from app.store.cases import CaseRow
from app.store.chain import commitments, headers, packing
from app.store.chain.packing import Unpacked
from app.store.database.errors import Sealed
from app.store.database.keys import CaseKey
from app.store.database.unit import Unit
from app.store.schema import history


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a new row says about itself in the open."""

    at: datetime
    kind: str
    #: id of the person, or of the clock
    actor: str
    #: fingerprint of the idempotency key
    request: bytes | None = None
    #: id of the person in whose place it was ordered
    on_behalf: str | None = None
    #: digest of the deployment the case runs on
    definition: str
    engine: str
    #: the engine's state hash after it
    state: bytes
    #: digests of the calendar and of the installation's settings in force
    calendar: str
    settings: str
    #: only the first row's: what binds the chain to the case's key, and the case to those before
    first: Mapping[str, Any] | None = None
    #: only of a destruction: who asked for it, by which rule, why
    last: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """What a body is to say."""

    #: the readable body, JSON-able
    fields: Mapping[str, Any]
    #: the same with what is repeated of the header, as canonical JSON
    text: bytes


@dataclass(frozen=True, slots=True)
class HistoryRow:
    seq: int
    at: datetime
    kind: str
    actor: str
    header: str
    hash: bytes
    body: bytes

    @property
    def prev(self) -> bytes:
        return bytes.fromhex(headers.parsed(self.header)["prev"])


_COLUMNS = [history.c[name] for name in ("seq", "at", "kind", "actor", "header", "hash", "body")]
_TYPES = (int, datetime, str, str, str, bytes, bytes)
#: in the place of what a spoilt row does not say
_BLANK: tuple[Any, ...] = (0, datetime(1, 1, 1, tzinfo=UTC), "", "", "", b"", b"")
_ADD = insert(history)
_ROWS = (
    select(*_COLUMNS)
    .where(history.c.case_id == bindparam("case"), history.c.seq > bindparam("after"))
    .order_by(history.c.seq)
    .limit(bindparam("most"))
)
_SEQS = (
    select(history.c.seq)
    .where(history.c.case_id == bindparam("case"), history.c.seq > bindparam("after"))
    .order_by(history.c.seq)
    .limit(bindparam("most"))
)
_EACH = {
    column.name: select(column).where(
        history.c.case_id == bindparam("case"), history.c.seq == bindparam("row")
    )
    for column in _COLUMNS
}
_SOME = (
    select(*_COLUMNS)
    .where(
        history.c.case_id == bindparam("case"), history.c.seq.in_(bindparam("seqs", expanding=True))
    )
    .order_by(history.c.seq)
)
_DROP = delete(history).where(
    history.c.case_id == bindparam("chain"), history.c.seq <= bindparam("last")
)
#: what a driver or a column type raises for a value that is none of its type
_UNREADABLE = (DBAPIError, TypeError, ValueError, OverflowError)


def stamp(at: datetime) -> str:
    """The instant in a header: UTC, always with six decimals."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def append(
    unit: Unit, key: CaseKey, seq: int, prev: bytes, entry: Entry, content: Content
) -> bytes:
    """Adds row `seq` after the one whose hash is `prev`; gives the new hash."""
    secret = os.urandom(commitments.SECRET)
    fields = _fields(key.case, seq, prev, entry)
    fields["content"] = commitments.root(content.fields, secret).hex()
    packed = packing.pack(content.text, secret, headers.bound(fields))
    return _add(unit, entry, fields, key.encrypt(packed, str(seq)))


def append_destroyed(unit: Unit, case: str, seq: int, prev: bytes, entry: Entry) -> bytes:
    """Adds the last row of a chain whose key is destroyed with it: it has no body."""
    if entry.kind != headers.DESTROYED:
        raise ValueError("only the entry that tells of a destruction has no body")
    return _add(unit, entry, _fields(case, seq, prev, entry) | {"content": None}, b"")


def _fields(case: str, seq: int, prev: bytes, entry: Entry) -> dict[str, Any]:
    return {
        "v": headers.VERSION,
        "case": case,
        "seq": seq,
        "at": stamp(entry.at),
        "kind": entry.kind,
        "actor": entry.actor,
        "on_behalf": entry.on_behalf,
        "request": entry.request.hex() if entry.request else None,
        "definition": entry.definition,
        "engine": entry.engine,
        "state": entry.state.hex(),
        "calendar": entry.calendar,
        "settings": entry.settings,
        "prev": prev.hex(),
        **(entry.first or {}),
        **(entry.last or {}),
    }


def _add(unit: Unit, entry: Entry, fields: dict[str, Any], sealed: bytes) -> bytes:
    fields["body"] = hashlib.sha256(sealed).hexdigest()
    header = headers.canonical(fields)
    head = headers.digest(header)
    row = {
        "case_id": fields["case"],
        "seq": fields["seq"],
        "at": entry.at,
        "kind": entry.kind,
        "actor": entry.actor,
        "header": header,
        "hash": head,
        "body": sealed,
    }
    unit.later(_ADD, row)
    return head


def rows(unit: Unit, case: str, after: int = 0, most: int = 1_000_000) -> Iterator[HistoryRow]:
    """The case's rows behind `after`, oldest first; a spoilt one without what it cannot say."""
    given = {"case": case, "after": after, "most": most}
    try:
        stored = unit.rows(_ROWS, given)
    except _UNREADABLE as error:
        _still_there(error)
        for (seq,) in unit.rows(_SEQS, given):
            yield _piecemeal(unit, case, seq)
        return
    yield from map(_row, stored)


def _still_there(error: Exception) -> None:
    """A row that cannot be read is told; a database that has gone is no fault of the row."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        raise error


def _row(values: Sequence[Any]) -> HistoryRow:
    row = HistoryRow(*values)
    if type(row.header) is str and type(row.hash) is bytes and type(row.body) is bytes:
        return row
    return _checked(values)


def _checked(values: Sequence[Any]) -> HistoryRow:
    """SQLite keeps a value of any type in any column."""
    each = zip(values, _TYPES, _BLANK, strict=True)
    kept: list[Any] = [value if isinstance(value, type_) else blank for value, type_, blank in each]
    return HistoryRow(*kept)


def _piecemeal(unit: Unit, case: str, seq: int) -> HistoryRow:
    def value(name: str) -> Any:
        try:
            return unit.value(_EACH[name], {"case": case, "row": seq})
        except _UNREADABLE as error:
            _still_there(error)
            return None

    return _checked([seq, *(value(column.name) for column in _COLUMNS[1:])])


def some(unit: Unit, case: str, seqs: Sequence[int]) -> list[HistoryRow]:
    """These rows of the case that are there, oldest first."""
    if not seqs:
        return []
    try:
        return [_row(row) for row in unit.rows(_SOME, {"case": case, "seqs": list(seqs)})]
    except _UNREADABLE as error:
        _still_there(error)
        return [row for row in rows(unit, case) if row.seq in set(seqs)]


def content(row: HistoryRow, key: CaseKey) -> bytes:
    """The text of the body. Raises `Sealed`."""
    return unpacked(row, key).text


def unpacked(row: HistoryRow, key: CaseKey) -> Unpacked:
    """The body in the clear. Raises `Sealed`, also for bytes that no body is packed as."""
    try:
        return packing.unpack(key.decrypt(row.body, str(row.seq)))
    except packing.BadBody as error:
        raise Sealed from error


def drop(unit: Unit, name: str, last: int) -> None:
    """Takes the rows up to `last` out of a chain whose block of them lies in a file."""
    unit.run(_DROP, {"chain": name, "last": last})


def intact(case: CaseRow, last: HistoryRow) -> bool:
    """The case row names its newest history row: a cut tail shows."""
    return case.seq == last.seq and case.head == last.hash
