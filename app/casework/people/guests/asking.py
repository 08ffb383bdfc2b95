"""Puts the request for a link into the outbox. The link itself is made when it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from app.casework.cases import LockedCase
from app.casework.commands import GUEST
from app.engine import feel
from app.store import TaskRow, Unit
from app.store.work import messages
from app.store.work.messages import Effect


def ask(
    unit: Unit, locked: LockedCase, row: TaskRow, at: datetime, more: Mapping[str, str]
) -> None:
    """One mail, in a place of its own: asked twice within a minute, it is the same."""
    mark = f"guest-{row.task}-{int(at.timestamp()) // 60}"
    if any(waiting.id == mark for waiting in messages.outbox_of(unit, locked.row.id)):
        return
    content = feel.codec.dumps({"task": row.task, **more})
    effect = Effect(mark, GUEST, row.process, row.element, content)
    messages.request(unit, locked.key, [effect], at)
