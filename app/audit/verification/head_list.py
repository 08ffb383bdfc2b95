"""The newest entries of all cases, to be kept elsewhere, and compared later with what is here.

What a database and its key say of themselves can be set back to an earlier day in whole; a list
kept by somebody else cannot.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.store import Store, cases, chain
from app.store.chain import counters

#: (reference, sentence)
Fault = tuple[str, str]


def heads(store: Store) -> Iterator[str]:
    """A line a case: reference, id, number of its newest entry, its hash; and one of the log."""
    with store.reading() as unit:
        known = counters.numbered(unit)
    for id, _ in known:
        with store.reading() as unit:
            row = cases.find(unit, id)
            if row is not None:
                yield f"{row.reference} {row.id} {row.seq} {row.head.hex()}"
    with store.reading() as unit:
        newest = chain.log.entries.head(unit)
    if newest is not None:
        yield f"log {chain.log.entries.NAME} {newest.seq} {newest.hash.hex()}"


def missed(store: Store, lines: Iterable[str]) -> Iterator[Fault]:
    """What stood there when the list was made, and does not any more."""
    for line in lines:
        words = line.split()
        if not words:
            continue
        if len(words) != 4 or not words[2].isdecimal():
            yield "The list", f"“{line.strip()}” is no line of a list of heads."
            continue
        reference, id, number, hash = words
        with store.reading() as unit:
            rows = chain.history.some(unit, id, [int(number)])
        if not rows:
            yield reference, f"It had an entry {number}, which is no longer there."
        elif rows[0].hash.hex() != hash:
            yield reference, f"Its entry {number} was another one when the list was made."
