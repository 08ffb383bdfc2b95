"""Figures on timeliness worked out from histories alone, as somebody with pencil and paper would.

Reads the exported entries (JSON lines) and nothing else: no table, nothing of the room that counts.
Weekends, the bank holidays of 2026 and the rules are written down here once more.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
HOLIDAYS = {
    date(2026, 1, 1), date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 4), date(2026, 5, 25),
    date(2026, 8, 31), date(2026, 12, 25), date(2026, 12, 28), date(2027, 1, 1),
}  # fmt: skip


def working(day: date) -> bool:
    return day.weekday() < 5 and day not in HOLIDAYS


def after(day: date, days: int) -> date:
    while days:
        day += timedelta(days=1)
        days -= working(day)
    return day


def passed(last: date, day: date) -> int:
    """Working days after `last`, up to and with `day`."""
    return sum(working(last + timedelta(days=n)) for n in range(1, (day - last).days + 1))


def on(text: str) -> date:
    return datetime.fromisoformat(text).astimezone(LONDON).date()


def plain(value: Any) -> Any:
    """A value as the export writes it: some are pairs of type and value."""
    return value["value"] if isinstance(value, dict) and "value" in value else value


@dataclass
class Case:
    """What one history tells."""

    #: when it was known: the day from which the five working days count
    began: date | None = None
    #: the day stated, else the day recorded
    sent: date | None = None
    recorded: date | None = None
    released: str = ""
    cancelled: date | None = None
    merged: bool = False
    route: str | None = None
    reference: str = ""

    def read(self, lines: Iterable[str]) -> Case:
        for line in lines:
            entry = json.loads(line)
            if entry["kind"] == "Cancel":
                self.cancelled = on(entry["at"])
            self.merged = self.merged or entry["kind"] == "Merge"
            for event in entry["events"]:
                self._take(entry, event)
        return self

    def _take(self, entry: Mapping[str, Any], event: Mapping[str, Any]) -> None:
        kind, element = event["kind"], event.get("element")
        if kind == "TaskOpened" and element in ("look", "reply") and self.began is None:
            self.began = on(entry["at"])
        if kind == "ElementPassed" and element in ("no_duty", "handed_over"):
            self.released = element
        if kind != "TaskCompleted":
            return
        answers = plain(entry["command"].get("answers") or {})
        if element == "decide":
            self.route = plain(answers.get("route"))
        if element in ("send", "reply"):
            self.recorded = on(entry["at"])
            stated = plain(answers.get("sent_at"))
            self.sent = on(stated) if stated else self.recorded


@dataclass
class Tally:
    """One measure's figures of one year."""

    counts: Counter[str] = field(default_factory=Counter)
    days: list[int] = field(default_factory=list)
    why: Counter[str] = field(default_factory=Counter)

    def add(self, case: Case, present: date, target: int | None) -> str:
        assert case.began is not None
        limit = after(case.began, 5)
        aim = None if target is None else after(case.began, target)
        state = self._state(case, limit, present, aim)
        self.counts[state] += 1
        return state

    def _state(self, case: Case, limit: date, present: date, aim: date | None) -> str:
        if case.sent is not None:
            self.counts["behind"] += aim is not None and aim < case.sent <= limit
            self.counts["recorded_after"] += bool(
                case.sent <= limit and case.recorded and case.recorded > limit
            )
            return self._over(limit, case.sent, "late") or "in_time"
        if case.released or case.merged:
            return "left_out"
        if case.cancelled is not None:
            return self._over(limit, case.cancelled, "late") or "left_out"
        self.counts["behind"] += aim is not None and aim < present <= limit
        return self._over(limit, present, "open_late") or "running"

    def _over(self, limit: date, day: date, state: str) -> str:
        if day <= limit:
            return ""
        self.days.append(passed(limit, day))
        return state

    def numbers(self) -> dict[str, Any]:
        names = ("in_time", "recorded_after", "late", "open_late", "running", "left_out", "behind")
        told: dict[str, Any] = {name: self.counts[name] for name in names}
        decided = told["in_time"] + told["late"] + told["open_late"]
        share = int(100 * told["in_time"] / decided + 0.5) if decided else None
        if share is not None and 0 < told["in_time"] < decided:
            share = min(max(share, 1), 99)
        return told | {
            "per_cent": share,
            "median_days": median(self.days) if self.days else None,
            "worst_days": max(self.days, default=None),
        }
