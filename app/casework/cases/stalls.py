"""Where a case stands for ever, as its row keeps it, and since when that was known.

What stands is the engine's to say; this keeps it in plain words of its own, so that a list over
many cases opens none of them. Names of steps and messages are the drawing's.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from app.engine.run import Stall

#: the diagrams of the case cannot be run by this release
UNUSABLE = "unusable"
_LISTS = ("names", "lacking")


@dataclass(frozen=True, slots=True)
class KeptStall:
    stall: Stall
    #: when it was first known, aware UTC
    since: datetime


def as_stored(stalls: Iterable[Stall], before: str | None, at: datetime) -> str:
    """For the case's row; what stood there `before` keeps its instant. "": nothing stands."""
    known = {kept.stall: kept.since for kept in kept_stalls(before)}
    rows = [asdict(stall) | {"since": known.get(stall, at).isoformat()} for stall in stalls]
    return json.dumps(rows) if rows else ""


def unusable(at: datetime) -> str:
    """Of a case whose diagrams cannot be run."""
    return as_stored([Stall("", "", "", UNUSABLE)], None, at)


def kept_stalls(stored: str | None) -> list[KeptStall]:
    """As `as_stored` wrote them."""
    return [_read(row) for row in json.loads(stored)] if stored else []


def _read(row: dict[str, Any]) -> KeptStall:
    since = datetime.fromisoformat(row.pop("since"))
    return KeptStall(Stall(**{**row, **{name: tuple(row[name]) for name in _LISTS}}), since)
