"""Idempotency rows: which request a key stood for, and where in history its answer is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select

from app.store.database.unit import Unit
from app.store.schema import idempotency


@dataclass(frozen=True, slots=True)
class Once:
    #: fingerprint of the whole request; b"": made with a key that is no longer in use
    request: bytes
    case: str
    seq: int


_FIND = select(idempotency.c.request, idempotency.c.case_id, idempotency.c.seq).where(
    idempotency.c.actor == bindparam("actor"), idempotency.c.key == bindparam("key")
)
_ADD = insert(idempotency)


def find(unit: Unit, actor: str, key: str) -> Once | None:
    row = unit.row(_FIND, {"actor": actor, "key": key})
    return None if row is None else Once(*row)


def add(unit: Unit, actor: str, key: str, once: Once, at: datetime) -> None:
    """The transaction ends in `Clash` when the key was used meanwhile."""
    given = {
        "actor": actor,
        "key": key,
        "request": once.request,
        "case_id": once.case,
        "seq": once.seq,
        "at": at,
    }
    unit.later(_ADD, given)
