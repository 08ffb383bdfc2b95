"""What stopped by a command, or goes on again, as rows of incidents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app import store
from app.engine import IncidentEnded, IncidentRaised, IncidentRetried
from app.store import IncidentRow, Unit


@dataclass
class StoppedRows:
    #: what the entry says by which something stopped
    said: Mapping[str, Any] = field(default_factory=dict)
    raised: IncidentRaised | None = None
    #: timers that a person has tried again, and that are held no more
    retried: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)

    def take(self, event: IncidentRaised | IncidentRetried | IncidentEnded) -> None:
        if isinstance(event, IncidentRaised):
            self.raised = self.raised or event
        else:
            (self.retried if isinstance(event, IncidentRetried) else self.ended).append(event.timer)

    def write(self, unit: Unit, case: str, seq: int, at: datetime) -> None:
        if self.raised is not None:
            store.work.incidents.put(unit, self._row(self.raised, case, seq, at))
        for timer in self.retried:
            store.work.incidents.retried(unit, case, timer, at)
        for timer in self.ended:
            store.work.incidents.end(unit, case, timer, at)

    def _row(self, raised: IncidentRaised, case: str, seq: int, at: datetime) -> IncidentRow:
        task = str(self.said.get("task") or "")
        once = "order" in self.said and not task  # nothing waits for it: it is past at once
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
