"""A case's history for those who see all of it: rows opened, oldest first.

Telling them as sentences is the audit room's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.casework.access import Person
from app.casework.desk import Desk
from app.casework.errors import NotFound
from app.casework.looking import look
from app.engine.events import Event, from_dict
from app.engine.feel import codec
from app.store import history


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


def history_entries(
    desk: Desk, person: Person, case: str, at: datetime, after: int = 0, most: int = 1_000_000
) -> list[HistoryEntry]:
    """Raises `NotFound`, also for somebody who sees only their own part."""
    with look(desk, person, case, at, "history") as seen:
        if not seen.whole:
            raise NotFound
        found = []
        for row in history.rows(seen.unit, seen.row.id, after, most):
            body = codec.loads(history.content(row, seen.key)) if row.body else {}
            said = dict(body.get("command") or {})
            said.pop("kind", None)
            by = str(said.pop("by", row.actor))
            events = tuple(from_dict(one) for one in body.get("events") or ())
            found.append(
                HistoryEntry(row.seq, row.at, row.kind, row.actor, by, said, events, row.hash)
            )
        return found
