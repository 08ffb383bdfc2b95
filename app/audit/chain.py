"""Checks that a case's history is the one that was written: numbers, links, hashes, bodies.

Trusts nothing but the rows it is given; says the first wrong row in a sentence. Whether the case's
present state follows from its history is `replay`'s question.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from app.store import chain
from app.store.history import HistoryRow, stamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What checking one case found."""

    case: str
    #: rows that were looked at
    rows: int
    #: the last good hash, as hex
    head: str
    #: first wrong row; None when all is well
    wrong_seq: int | None = None
    sentence: str = ""

    @property
    def good(self) -> bool:
        return self.wrong_seq is None


def verify(
    rows: Iterable[HistoryRow], *, case: str, head: bytes | None = None, last: int | None = None
) -> Verified:
    """Checks one case's rows, oldest first.

    `head` and `last` are what the case itself says about its newest row: with them a cut tail
    shows, without them only changes inside.
    """
    previous, count = chain.START, 0
    for row in rows:
        fault = _fault(row, case, count + 1, previous)
        if fault:
            return _wrong(case, count, previous, row.seq, fault)
        previous, count = row.hash, count + 1
    if last is not None and last != count:
        return _wrong(case, count, previous, count + 1, _cut(count, last))
    if head is not None and head != previous:
        said = f"The case names another newest entry than entry {count} of its history."
        return _wrong(case, count, previous, count, said)
    said = f"All {count} entries are as they were written, in an unbroken chain."
    return Verified(case=case, rows=count, head=previous.hex(), sentence=said)


def _wrong(case: str, count: int, head: bytes, seq: int, sentence: str) -> Verified:
    return Verified(case=case, rows=count, head=head.hex(), wrong_seq=seq, sentence=sentence)


def _cut(count: int, last: int) -> str:
    if count < last:
        return f"The history ends at entry {count}, but the case says that {last} were written."
    return f"The history has {count} entries, but the case says that only {last} were written."


def _fault(row: HistoryRow, case: str, expected: int, previous: bytes) -> str | None:
    """What is wrong with a row, in a sentence; None when nothing is."""
    if row.seq != expected:
        return f"Entry {expected} is missing: after {expected - 1} comes {row.seq}."
    if chain.digest(row.header) != row.hash:
        return f"Entry {row.seq} was changed: its header does not give the hash stored with it."
    fields = _fields(row.header)
    if fields is None or chain.canonical(fields) != row.header:
        return f"Entry {row.seq} was changed: its header is not in the form we write."
    if fields.get("prev") != previous.hex():
        return (
            f"Entry {row.seq} does not follow entry {row.seq - 1}: the link between them is wrong."
        )
    for name, is_now in _columns(row, case).items():
        if fields.get(name) != is_now:
            return f"Entry {row.seq} was changed: its {name} is not the one in its sealed header."
    if hashlib.sha256(row.body).hexdigest() != fields.get("body"):
        return f"Entry {row.seq} was changed: its content is not the one that was sealed."
    return None


def _fields(header: str) -> Mapping[str, Any] | None:
    try:
        found = json.loads(header)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _columns(row: HistoryRow, case: str) -> dict[str, Any]:
    """What stands beside the header in columns of its own, for searching."""
    return {
        "case": case,
        "seq": row.seq,
        "at": stamp(row.at),
        "kind": row.kind,
        "actor": row.actor,
    }
