"""Events that people record: which there are, reading them, recording one, taking it back."""

from app.casework.orders.events.answers import Recorded, carried, reading
from app.casework.orders.events.back import by_whoever_recorded, looked_up, open_entries, until
from app.casework.orders.events.before import TOLD, Before, before
from app.casework.orders.events.happenings import (
    EventAsked,
    Happening,
    asked_of_event,
    happening,
    happenings,
)
from app.casework.orders.events.reach import reach
from app.casework.orders.events.recording import deliver, dry
from app.casework.orders.events.taking_back import take_back

__all__ = [
    "TOLD",
    "Before",
    "EventAsked",
    "Happening",
    "Recorded",
    "asked_of_event",
    "before",
    "by_whoever_recorded",
    "carried",
    "deliver",
    "dry",
    "happening",
    "happenings",
    "looked_up",
    "open_entries",
    "reach",
    "reading",
    "take_back",
    "until",
]
