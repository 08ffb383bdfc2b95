"""What stopped by a command, or goes on again, as rows of incidents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from app import store
from app.engine import Event, IncidentEnded, IncidentRaised, IncidentRetried
from app.store import IncidentRow, Unit


def write_stopped(
    unit: Unit, place: tuple[str, int, datetime], events: Iterable[Event], said: Mapping[str, Any]
) -> None:
    """`place`: case, entry and instant; `said`: what the entry says."""
    case, _, at = place
    for event in events:
        if isinstance(event, IncidentRaised):
            store.work.incidents.put(unit, _row(event, place, said))
        elif isinstance(event, IncidentRetried):
            store.work.incidents.retried(unit, case, event.timer, at)
        elif isinstance(event, IncidentEnded):
            store.work.incidents.end(unit, case, event.timer, at)


def _row(
    raised: IncidentRaised, place: tuple[str, int, datetime], said: Mapping[str, Any]
) -> IncidentRow:
    case, seq, at = place
    task = str(said.get("task") or "")
    once = "order" in said and not task  # nothing waits for it: it is past at once
    return IncidentRow(
        case_id=case,
        seq=seq,
        at=at,
        element=raised.element,
        sentence=raised.sentence,
        resolved_at=at if once else None,
        process=raised.process,
        timer=raised.timer or "",
        task=task,
        next_at=raised.until,
    )
