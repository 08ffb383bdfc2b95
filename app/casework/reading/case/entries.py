"""A case's history for those who see all of it: rows opened, oldest first.

Telling them as sentences is the audit room's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.casework.access import Person
from app.casework.cases import Reader
from app.casework.desk import Desk
from app.casework.reading.look import look
from app.engine import Event
from app.store import chain


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    seq: int
    at: datetime
    #: command name, or "read", "refused", "incident", "signed"
    kind: str
    #: person id
    actor: str
    #: the person's name at the time
    by: str
    said: Mapping[str, Any]
    events: tuple[Event, ...]
    hash: bytes
    #: sentences: what of it this release cannot read, or is not what it was sealed with
    unread: tuple[str, ...] = ()


def history_entries(
    desk: Desk, person: Person, case: str, at: datetime, after: int = 0, most: int = 1_000_000
) -> list[HistoryEntry]:
    """Raises `NotFound`, also for somebody who sees only their own part."""
    with look(desk, person, case, at, "history", by="entries") as seen:
        entries = []
        reader = Reader(seen.key, seen.locked.loaded.program)
        for row in chain.history.rows(seen.unit, seen.row.id, after, most):
            body = reader.read(row)
            entries.append(
                HistoryEntry(
                    row.seq, row.at, row.kind, body.actor or row.actor, body.by or row.actor,
                    body.said, body.events, row.hash, body.unread,
                )
            )  # fmt: skip
        return entries
