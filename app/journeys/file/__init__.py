"""A journey as its file says it: frozen values, each with its line."""

from app.journeys.file.answers import fitted, flat, payload, strange
from app.journeys.file.claims import About, Claimed, MailClaim
from app.journeys.file.instants import BadInstant, Instants
from app.journeys.file.lines import JourneyFault, bare
from app.journeys.file.names import Names, Spot, hint, snake
from app.journeys.file.reading import CalendarChange, Journey, read
from app.journeys.file.step_orders import STEP_ORDERS, StepOrder
from app.journeys.file.steps import EVERYTHING, FACTS, NOTHING, Step

__all__ = [
    "EVERYTHING",
    "FACTS",
    "NOTHING",
    "STEP_ORDERS",
    "About",
    "BadInstant",
    "CalendarChange",
    "Claimed",
    "Instants",
    "Journey",
    "JourneyFault",
    "MailClaim",
    "Names",
    "Spot",
    "Step",
    "StepOrder",
    "bare",
    "fitted",
    "flat",
    "hint",
    "payload",
    "read",
    "snake",
    "strange",
]
