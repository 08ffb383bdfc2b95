"""The chained history: headers, what they commit to, packed and sealed bodies, rows."""

from app.store.chain import commitments, headers, history, packing
from app.store.chain.headers import DESTROYED, START, BadHeader, parsed
from app.store.chain.history import Content, Entry, HistoryRow, stamp
from app.store.chain.packing import Unpacked

__all__ = [
    "DESTROYED",
    "START",
    "BadHeader",
    "Content",
    "Entry",
    "HistoryRow",
    "Unpacked",
    "commitments",
    "headers",
    "history",
    "packing",
    "parsed",
    "stamp",
]
