"""Reads that wait beside a case, taken into its history: who looked is evidence, and no content.

When that is done is `orders.waking.reads`'; before a destruction it is the last that is written.
"""

from __future__ import annotations

from app import store
from app.casework.access import Person
from app.casework.cases.installation import Installation
from app.casework.cases.installation_log import LogKind, record
from app.casework.cases.locked_case import LockedCase
from app.casework.command import Command
from app.store import Unit


def take_in(locked: LockedCase) -> int:
    """Makes entries of them; how many. The case must be ours alone."""
    rows = store.people.read_rows.take(locked.unit, locked.row.id)
    for row in rows:
        # Time in a case never goes back: an order may have come between.
        since = {"looked_at": row.at.isoformat()} if row.at < locked.row.last_at else {}
        reader = Command(actor=Person(row.person, row.name), at=row.at)
        locked.record(reader, kind="read", said={"view": row.view, **since, **row.said})
    return len(rows)


def log_late(installation: Installation, unit: Unit, case: str) -> None:
    """Of a case whose content is destroyed no entry is written any more: who looked while that was
    being done stands in the installation's log."""
    row = store.cases.find(unit, case)
    for read in store.people.read_rows.take(unit, case):
        said = {"case": row.reference if row is not None else case, "view": read.view}
        said |= {"looked_at": read.at.isoformat(), **read.said}
        by = Person(read.person, read.name)
        record(installation, unit, LogKind.LATE_READ, by, read.at, said)
