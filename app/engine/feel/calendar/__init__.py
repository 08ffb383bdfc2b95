"""Working days: which days they are, and how a sum of them is told in words."""

from app.engine.feel.calendar.calendar import HOUSE, ROLLS, Calendar, default_calendar
from app.engine.feel.calendar.holidays import REGIONS, OneOff
from app.engine.feel.calendar.sums import Sum

__all__ = [
    "HOUSE",
    "REGIONS",
    "ROLLS",
    "Calendar",
    "OneOff",
    "Sum",
    "default_calendar",
]
