"""A case's history: one row a command or read, chained by hashes, the body under the case's key.

Rows are only ever added. What a body says is for casework; whether the chain holds, for audit.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, insert, select

from app.store import chain
from app.store.cases import CaseRow
from app.store.keys import CaseKey
from app.store.schema import history
from app.store.unit import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a new row says about itself in the open."""

    at: datetime
    kind: str
    #: id of the person, or of the clock
    actor: str
    #: fingerprint of the idempotency key
    request: bytes | None = None
    on_behalf: str | None = None
    #: digest of the deployment the case runs on
    definition: str
    engine: str
    #: the engine's state hash after it
    state: bytes
    calendar: str
    #: only the first row's: binds the chain to the case's key
    key_commit: str | None = None


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
        return bytes.fromhex(json.loads(self.header)["prev"])


_COLUMNS = [history.c[name] for name in ("seq", "at", "kind", "actor", "header", "hash", "body")]
_ADD = insert(history)
_ROWS = (
    select(*_COLUMNS)
    .where(history.c.case_id == bindparam("case"), history.c.seq > bindparam("after"))
    .order_by(history.c.seq)
    .limit(bindparam("most"))
)
_SOME = (
    select(*_COLUMNS)
    .where(
        history.c.case_id == bindparam("case"), history.c.seq.in_(bindparam("seqs", expanding=True))
    )
    .order_by(history.c.seq)
)


def stamp(at: datetime) -> str:
    """The instant in a header: UTC, always with six decimals."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def append(unit: Unit, key: CaseKey, seq: int, prev: bytes, entry: Entry, body: bytes) -> bytes:
    """Adds row `seq` after the one whose hash is `prev`; gives the new hash."""
    sealed = key.seal(body, str(seq)) if body else b""
    fields: dict[str, Any] = {
        "v": chain.VERSION,
        "case": key.case,
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
        "body": hashlib.sha256(sealed).hexdigest(),
        "prev": prev.hex(),
    }
    if entry.key_commit:
        fields["key_commit"] = entry.key_commit
    header = chain.canonical(fields)
    head = chain.digest(header)
    row = {
        "case_id": key.case,
        "seq": seq,
        "at": entry.at,
        "kind": entry.kind,
        "actor": entry.actor,
        "header": header,
        "hash": head,
        "body": sealed,
    }
    unit.run(_ADD, row)
    return head


def rows(unit: Unit, case: str, after: int = 0, most: int = 1_000_000) -> Iterator[HistoryRow]:
    """The case's rows behind `after`, oldest first."""
    for row in unit.rows(_ROWS, {"case": case, "after": after, "most": most}):
        yield HistoryRow(*row)


def some(unit: Unit, case: str, seqs: Sequence[int]) -> list[HistoryRow]:
    if not seqs:
        return []
    return [HistoryRow(*row) for row in unit.rows(_SOME, {"case": case, "seqs": list(seqs)})]


def content(row: HistoryRow, key: CaseKey) -> bytes:
    """The body in the clear; b"" when the row has none. Raises `Sealed`."""
    return key.open(row.body, str(row.seq)) if row.body else b""


def intact(case: CaseRow, last: HistoryRow) -> bool:
    """The case row names its newest history row: a cut tail shows."""
    return case.seq == last.seq and case.head == last.hash
