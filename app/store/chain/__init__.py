"""The chained history: headers, what they commit to, packed and sealed bodies, rows.

Beside it what stands or falls with it: counters that miss a vanished case, checkpoints made from
it, and the keys of requests with the entries that answer them.
"""

from app.store.chain import (
    checkpoints,
    commitments,
    counters,
    headers,
    history,
    idempotency,
    packing,
)
from app.store.chain.checkpoints import Checkpoint
from app.store.chain.counters import OPENINGS, Counter
from app.store.chain.headers import DESTROYED, START, BadHeader, parsed
from app.store.chain.history import Content, Entry, HistoryRow, stamp
from app.store.chain.idempotency import Once
from app.store.chain.packing import Unpacked

__all__ = [
    "DESTROYED",
    "OPENINGS",
    "START",
    "BadHeader",
    "Checkpoint",
    "Content",
    "Counter",
    "Entry",
    "HistoryRow",
    "Once",
    "Unpacked",
    "checkpoints",
    "commitments",
    "counters",
    "headers",
    "history",
    "idempotency",
    "packing",
    "parsed",
    "stamp",
]
