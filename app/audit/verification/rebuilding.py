"""Makes the tables that the installation's log speaks of from its entries, and archives old ones.

An archived block is written into a file, line by line; its stub keeps what the tables were then.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app import store
from app.casework import SYSTEM, Body, Desk, LogKind, Reader, Refused, log_entry
from app.store import HistoryRow
from app.store.chain.log import blocks, entries, images

#: key of a row → what an entry says of it; its number stands under ""
Table = dict[tuple[str, ...], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Begun:
    """The tables where the entries at hand begin."""

    tables: Mapping[str, Table]
    about: set[tuple[int, str]]
    #: binds the chain to its key
    key_commit: str | None


def rebuilt(bodies: Iterable[Body], before: Mapping[str, Table]) -> dict[str, Table]:
    """The tables as these entries leave them, each row with the entry that last said it."""
    tables = {name: dict(table) for name, table in before.items()}
    for body in bodies:
        for part in body.said.get("rows") or ():
            table = tables.setdefault(str(part["table"]), {})
            where = part["where"]
            for key in [key for key, row in table.items() if _meant(row, where)]:
                del table[key]
            for row in part["are"]:
                table[images.key(str(part["table"]), row)] = {**row, "": body.seq}
    return tables


def _meant(row: Mapping[str, Any], where: Mapping[str, Any]) -> bool:
    return all(row.get(name) == value for name, value in where.items())


def told_about(bodies: Iterable[Body], before: set[tuple[int, str]]) -> set[tuple[int, str]]:
    return before | {
        (body.seq, str(person)) for body in bodies for person in body.said.get("about") or ()
    }


def begun(content: bytes) -> Begun:
    """What a stub holds. ValueError, KeyError or TypeError for what is none."""
    said = json.loads(content)
    tables = {
        name: {images.key(name, row): row for row in rows} for name, rows in said["tables"].items()
    }
    return Begun(tables, {(seq, person) for seq, person in said["about"]}, said["key_commit"])


def _stub(begun: Begun) -> bytes:
    said = {
        "tables": {name: list(table.values()) for name, table in begun.tables.items()},
        "about": sorted(begun.about), "key_commit": begun.key_commit,
    }  # fmt: skip
    return json.dumps(said, sort_keys=True, default=int).encode()


def archived(desk: Desk, before: datetime, at: datetime, keep: Callable[[bytes], object]) -> int:
    """Writes the entries of before that instant into a file by `keep`, and leaves a sealed stub.

    Gives how many. Refused where there is none.
    """
    with desk.store.writing() as unit:
        newest, key = entries.lock(unit)
        last = min(blocks.last_before(unit, before), newest.seq - 1)
        known = blocks.all_of_them(unit)
        rows = [row for row in store.chain.history.rows(unit, entries.NAME) if row.seq <= last]
        if not rows:
            raise Refused("There is no entry of before that day that is not archived yet.")
        start = begun(blocks.content(known[-1], key)) if known else Begun({}, set(), None)
        reader = Reader(key)
        bodies = [reader.read(row) for row in rows]
        if any(body.unread for body in bodies):
            raise Refused("The log is not good: see “rapid-review verify”. Nothing was archived.")
        commit = start.key_commit or store.parsed(rows[0].header).get("key_commit")
        ends = Begun(rebuilt(bodies, start.tables), told_about(bodies, start.about), commit)
        file = _file(rows)
        keep(file)
        blocks.put(unit, key, rows[0].seq, rows[-1], file, _stub(ends), at)
        said = {"first": rows[0].seq, "last": rows[-1].seq}
        log_entry(desk.installation, unit, LogKind.ARCHIVE, SYSTEM, at, said)
    return len(rows)


def _file(rows: Sequence[HistoryRow]) -> bytes:
    """A line an entry: its header, and its body in hex, which only the log's key opens."""
    lines = (json.dumps({"header": row.header, "body": row.body.hex()}) for row in rows)
    return ("\n".join(lines) + "\n").encode()
