"""Instants as journeys write them: London wall clock, or relative to the present.

`2026-06-01 10:15`, `2026-06-01`, `8 working days ago 09:30`, `2 days ago 14:00`, `3 hours ago`,
`in 2 days 10:00`, `yesterday 10:00`, `now`. A day without a time is its first instant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from app.engine import LONDON, iso_clock
from app.engine.feel import Calendar

_UNITS = "minutes?|hours?|days?|weeks?|working days?"
_RELATIVE = re.compile(
    rf"^(?:(?P<now>now|today|yesterday|tomorrow)|(?P<count>\d{{1,4}}) (?P<unit>{_UNITS}) ago"
    rf"|in (?P<ahead>\d{{1,4}}) (?P<next>{_UNITS}))(?: (?:at )?(?P<clock>\d{{1,2}}:\d{{2}}))?$"
)
_WALL = re.compile(r"^(\d{4}-\d{2}-\d{2})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?$")


class BadInstant(ValueError):
    """This is no instant that a journey can name."""


@dataclass(frozen=True, slots=True)
class Instants:
    """Reads instants; `present` is what relative ones count from (aware)."""

    present: datetime
    calendar: Calendar

    def read(self, text: str) -> datetime:
        """Aware UTC. BadInstant."""
        wall = _WALL.match(text.strip())
        if wall:
            return _wall(*wall.groups())
        if "+" in text or text.endswith("Z"):
            return _with_offset(text)
        match = _RELATIVE.match(" ".join(text.split()))
        if match is None:
            raise BadInstant(
                f"“{text}” is no instant. Write 2026-06-01 10:15, or 8 working days ago 09:30."
            )
        return self._relative(match)

    def day_or_instant(self, text: str) -> date | datetime:
        """A day where none but a day is said, else aware UTC. BadInstant."""
        wall = _WALL.match(text.strip())
        if wall and wall[2] is None:
            return self.read(text).astimezone(LONDON).date()
        return self.read(text)

    def _relative(self, match: re.Match[str]) -> datetime:
        here = self.present.astimezone(LONDON)
        word, clock = match["now"], match["clock"]
        if word:
            days = {"yesterday": -1, "tomorrow": 1}.get(word, 0)
            if word == "now":
                return self._at(here.date(), clock) if clock else self.present.astimezone(UTC)
            return self._at(here.date() + timedelta(days), clock or "00:00")
        count = int(match["ahead"] or 0) or -int(match["count"] or 0)
        unit = (match["unit"] or match["next"]).rstrip("s")
        if unit in ("minute", "hour"):
            moved = self.present + timedelta(**{f"{unit}s": count})
            return moved.astimezone(UTC)
        return self._at(self._day(here.date(), count, unit), clock or iso_clock(here))

    def _day(self, today: date, count: int, unit: str) -> date:
        if unit != "working day":
            return today + timedelta(days=count * (7 if unit == "week" else 1))
        moved = (
            self.calendar.working_days_after(today, count)
            if count > 0
            else self.calendar.working_days_before(today, -count)
        ).result
        return moved.date() if isinstance(moved, datetime) else moved

    @staticmethod
    def _at(day: date, clock: str) -> datetime:
        hour, minute = clock.split(":")
        return _wall(day.isoformat(), hour, minute, None)


def _wall(day: str, hour: str | None, minute: str | None, second: str | None) -> datetime:
    try:
        clock = time(int(hour or 0), int(minute or 0), int(second or 0))
        return datetime.combine(date.fromisoformat(day), clock, LONDON).astimezone(UTC)
    except ValueError:
        raise BadInstant(f"There is no {day} {hour}:{minute}.") from None


def _with_offset(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        raise BadInstant(f"“{text}” is no instant.") from None
