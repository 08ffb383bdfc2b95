"""One row of a case's history, opened: who ordered what and when, and which facts followed.

How rows are stored and sealed is the store's; what they say in words is `narrative`'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app import store
from app.casework import CLOCK, FORM, SYSTEM, Body, Reader
from app.engine import Event, Program
from app.store import CaseKey, HistoryRow, Sealed, Unit, chain

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
    #: digest of the deployment it ran on, and what names the calendar: its version in entries of
    #: form 1, its digest since
    definition: str = ""
    calendar: str = ""
    #: which engine moved the case, and what its meaning was
    engine: str = ""
    #: of the body; 0: it could not be read
    form: int = FORM
    #: its order could be read and is what the header says, whatever became of its facts
    sound: bool = True
    #: sentences: what of it this release cannot read, or is not what it was sealed with
    unread: tuple[str, ...] = ()
    #: the content can no longer be read: its key was destroyed
    sealed: bool = False


def of_case(
    unit: Unit, case: str, after: int = 0, program: Program | None = None
) -> Iterator[Entry]:
    """The entries behind `after` of the case with this id, oldest first."""
    try:
        key: CaseKey | None = store.cases.key_of(unit, case)
    except Sealed:
        key = None
    return opened(chain.history.rows(unit, case, after), key, program)


def opened(
    rows: Iterable[HistoryRow], key: CaseKey | None, program: Program | None = None
) -> Iterator[Entry]:
    """Without a key the entries say who and when, and no more.

    `program`: the drawing that says where the facts of older forms lie; None: they do not say.
    """
    if key is None:
        return (_shut(row) for row in rows)
    reader = Reader(key, program)
    return (with_body(row, reader.read(row)) for row in rows)


def _shut(row: HistoryRow) -> Entry:
    return _entry(row, Body(row.seq, 0, row.kind, row.actor), sealed=True)


def with_body(row: HistoryRow, body: Body) -> Entry:
    """A row with what was sealed in it."""
    return _entry(row, body, sealed=False)


def _entry(row: HistoryRow, body: Body, *, sealed: bool) -> Entry:
    header = _header(row)
    actor = body.actor or row.actor
    nobody = actor in _NOBODY
    return Entry(
        seq=row.seq,
        at=row.at,
        kind=body.kind or row.kind,
        actor="" if nobody else actor,
        by="" if nobody else body.by,
        command=body.said,
        events=body.events,
        state=str(header.get("state") or ""),
        definition=str(header.get("definition") or ""),
        calendar=str(header.get("calendar") or ""),
        engine=str(header.get("engine") or ""),
        form=body.form,
        sound=body.sound or not body.unread,
        unread=body.unread,
        sealed=sealed,
    )


def _header(row: HistoryRow) -> Mapping[str, Any]:
    try:
        return chain.headers.parsed(row.header)
    except chain.headers.BadHeader:  # told by whoever opens it, or checks the chain
        return {}
