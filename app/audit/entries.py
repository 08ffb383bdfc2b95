"""One row of a case's history, opened: who ordered what and when, and which facts followed.

How rows are stored and sealed is the store's; what they say in words is `narrative`'s.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.casework.access import CLOCK, SYSTEM
from app.engine.events import Event, from_dict
from app.engine.feel import codec
from app.store import CaseKey, Sealed, Unit, cases, history
from app.store.history import HistoryRow

_NOBODY = {CLOCK.id, SYSTEM.id}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    #: counts from 1 within its case, without gaps
    seq: int
    #: aware UTC: the instant of the command
    at: datetime
    #: class name of the command, or "read", "refused", "incident", "signed"
    kind: str
    #: id of the person; "" when nobody did it (time passed)
    actor: str
    #: the person's name at that time
    by: str = ""
    #: what the order said, without actor, instant and key
    command: Mapping[str, Any] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    #: hash over all instances after the command
    state: str = ""
    #: digest of the deployment and version of the calendar it ran on
    definition: str = ""
    calendar: str = ""
    #: the content can no longer be read: its key was destroyed
    sealed: bool = False


def of_case(unit: Unit, case: str, after: int = 0) -> Iterator[Entry]:
    """The entries behind `after` of the case with this id, oldest first."""
    try:
        key: CaseKey | None = cases.key_of(unit, case)
    except Sealed:
        key = None
    return opened(history.rows(unit, case, after), key)


def opened(rows: Iterable[HistoryRow], key: CaseKey | None) -> Iterator[Entry]:
    """Without a key the entries say who and when, and no more. Sealed for spoilt content."""
    return (_opened(row, key) for row in rows)


def _opened(row: HistoryRow, key: CaseKey | None) -> Entry:
    header = json.loads(row.header)
    content = history.content(row, key) if key is not None else b""
    body = codec.loads(content) if content else {}
    command = dict(body.get("command") or {})
    command.pop("kind", None)
    by = str(command.pop("by", None) or "")
    nobody = row.actor in _NOBODY
    return Entry(
        seq=row.seq,
        at=row.at,
        kind=row.kind,
        actor="" if nobody else row.actor,
        by="" if nobody else by,
        command=command,
        events=tuple(from_dict(one) for one in body.get("events") or ()),
        state=header.get("state", ""),
        definition=header.get("definition", ""),
        calendar=header.get("calendar", ""),
        sealed=key is None,
    )
