"""What forbids that a case is destroyed, as its page says it to who sees the whole case.

Why it was set is for those who look after retention (`reading.authority.retention`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.casework.orders.retention import state_of
from app.casework.reading.look import Look


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldFor:
    #: its kind, in the words of the configuration
    name: str
    at: datetime
    #: name of who set it
    by: str


def holds_on(seen: Look) -> tuple[HeldFor, ...]:
    """Those on the case, and on cases that are one with it."""
    retention = seen.locked.installation.settings.retention
    holds = state_of(seen.unit, seen.row, retention).holds
    names = seen.names([hold.by for hold in holds])
    return tuple(
        HeldFor(name=retention.holds.get(hold.kind, hold.kind), at=hold.at,
                by=names.get(hold.by, hold.by))
        for hold in holds
    )  # fmt: skip
