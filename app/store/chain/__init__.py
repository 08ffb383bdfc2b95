"""The chained history: headers, what they commit to, packed and sealed bodies, rows.

Beside it what stands or falls with it: counters that miss a vanished case, checkpoints made from
it, and the keys of requests with the entries that answer them. `log` is the installation's own.
"""

from app.store.chain import (
    checkpoints,
    commitments,
    counters,
    headers,
    history,
    idempotency,
    log,
    packing,
)
from app.store.chain.checkpoints import Checkpoint
from app.store.chain.counters import OPENINGS, Counter
from app.store.chain.headers import DESTROYED, START, BadHeader, parsed
from app.store.chain.history import Content, Entry, HistoryRow, stamp
from app.store.chain.idempotency import Once
from app.store.chain.log import Asked, Head, Refusal, Rows, account_rows, session_rows
from app.store.chain.packing import Unpacked

__all__ = [
    "DESTROYED",
    "OPENINGS",
    "START",
    "Asked",
    "BadHeader",
    "Checkpoint",
    "Content",
    "Counter",
    "Entry",
    "Head",
    "HistoryRow",
    "Once",
    "Refusal",
    "Rows",
    "Unpacked",
    "account_rows",
    "checkpoints",
    "commitments",
    "counters",
    "headers",
    "history",
    "idempotency",
    "log",
    "packing",
    "parsed",
    "session_rows",
    "stamp",
]
