"""Working days: which days they are, and how a sum of them is told in words."""

from app.engine.feel.calendar.calendar import REGIONS, ROLLS, Calendar, default_calendar
from app.engine.feel.calendar.sums import Sum

__all__ = [
    "REGIONS",
    "ROLLS",
    "Calendar",
    "Sum",
    "default_calendar",
]
