"""The casework room: what people and timers may order, one handler an order, and who may see what.

`desk.Desk` takes commands, `views` answers questions, `accounts` knows who somebody is.
"""

from app.casework.access import CLOCK, SYSTEM, Person, as_person
from app.casework.cases.history_bodies import FORM, Body, Reader, Unreadable, answers_in
from app.casework.cases.locked_case import LockedCase
from app.casework.cases.programs import Programs
from app.casework.cases.projection import SIGNAL
from app.casework.desk import Desk
from app.casework.errors import CaseworkError, Conflict, NotFound, Refused, Throttled
from app.casework.orders.commands import (
    Activate,
    Cancel,
    Command,
    DeliverSignal,
    Deploy,
    Done,
    EndCover,
    Merge,
    MoveDeadline,
    ProduceDocument,
    ReplanCase,
    SetCover,
    StartCase,
    Unmerge,
)
from app.casework.orders.merging import LET_GO, TOOK_IN
from app.casework.orders.questions import DAY, DETAILS
from app.casework.orders.signing import SIGNED, people_needed
from app.casework.orders.table import ORDERS, POWERS, Again, replayed, takes
from app.casework.reading.cover_page import cover_page
from app.casework.reading.documents import DocumentVersion
from app.casework.reading.drawing_state import Place, Trail
from app.casework.reading.look import Look, look
from app.casework.reading.past import EVERY, Past
from app.casework.settings import DeskSettings, SignInRules
from app.casework.successions import Succession, Successions
from app.casework.views import CoverPage, Version

__all__ = [
    "CLOCK",
    "DAY",
    "DETAILS",
    "EVERY",
    "FORM",
    "LET_GO",
    "ORDERS",
    "POWERS",
    "SIGNAL",
    "SIGNED",
    "SYSTEM",
    "TOOK_IN",
    "Activate",
    "Again",
    "Body",
    "Cancel",
    "CaseworkError",
    "Command",
    "Conflict",
    "CoverPage",
    "DeliverSignal",
    "Deploy",
    "Desk",
    "DeskSettings",
    "DocumentVersion",
    "Done",
    "EndCover",
    "LockedCase",
    "Look",
    "Merge",
    "MoveDeadline",
    "NotFound",
    "Past",
    "Person",
    "Place",
    "ProduceDocument",
    "Programs",
    "Reader",
    "Refused",
    "ReplanCase",
    "SetCover",
    "SignInRules",
    "StartCase",
    "Succession",
    "Successions",
    "Throttled",
    "Trail",
    "Unmerge",
    "Unreadable",
    "Version",
    "answers_in",
    "as_person",
    "cover_page",
    "look",
    "people_needed",
    "replayed",
    "takes",
]
