"""One row of a case's history, opened: who ordered what and when, and which facts followed.

How rows are stored and sealed is the store's; what they say in words is `narrative`'s.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.engine.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    #: counts from 1 within its case, without gaps
    seq: int
    #: aware UTC: the instant of the command
    at: datetime
    #: class name of the command, e.g. "CompleteTask"; "Read" for a reading
    kind: str
    #: id of the person; "" when nobody did it (time passed)
    actor: str
    #: the command's own fields, without actor, at and key
    command: Mapping[str, Any] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    #: hash over all instances after the command
    state: str | None = None
