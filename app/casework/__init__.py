"""The casework room: what people and timers may order, one handler an order, and who may see what.

`desk.Desk` takes commands, `views` answers questions, `accounts` knows who somebody is.
"""

from app.casework.access import CLOCK, SYSTEM, Person, as_person
from app.casework.desk import Desk
from app.casework.errors import CaseworkError, Conflict, NotFound, Refused, Throttled
from app.casework.settings import DeskSettings, SignInRules
from app.casework.successions import Succession, Successions
from app.casework.views import CoverPage, Version

__all__ = [
    "CLOCK",
    "SYSTEM",
    "CaseworkError",
    "Conflict",
    "CoverPage",
    "Desk",
    "DeskSettings",
    "NotFound",
    "Person",
    "Refused",
    "SignInRules",
    "Succession",
    "Successions",
    "Throttled",
    "Version",
    "as_person",
]
