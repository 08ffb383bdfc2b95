"""Owns how a FEEL value is said to people: dates in words, clock times as GOV.UK has them.

Sentences around it belong to whoever says it.
"""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")


def spoken(value: Any) -> str:
    """A FEEL value as people read it; instants are shown as London clock time."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        local = value.astimezone(LONDON) if value.tzinfo else value
        return f"{spoken(local.date())} at {spoken(local.time())}"
    if isinstance(value, date):
        return f"{value.day} {value:%B %Y}"
    if isinstance(value, time):
        return _clock(value)
    if isinstance(value, list):
        return ", ".join(spoken(member) for member in value)
    return str(value)


def _clock(value: time) -> str:
    if value.minute == 0 and value.hour in (0, 12):
        return "midday" if value.hour else "midnight"
    minutes = f":{value:%M}" if value.minute else ""
    return f"{value.hour % 12 or 12}{minutes}{'am' if value.hour < 12 else 'pm'}"
