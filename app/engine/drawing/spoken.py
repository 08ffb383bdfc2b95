"""Owns how a FEEL value is said to people: dates in words, London clock times, lists with commas.

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
        hour = value.hour % 12 or 12
        return f"{hour}:{value:%M}{'am' if value.hour < 12 else 'pm'}"
    if isinstance(value, list):
        return ", ".join(spoken(one) for one in value)
    return str(value)
