"""What stops a case's clock: kept as an incident, tried again a few times, then parked.

The other cases go on.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from app.casework.cases.locked_case import LockedCase
from app.casework.errors import Unusable
from app.casework.orders.commands import Done, WakeCase
from app.engine import Fault, IncidentRaised

#: tries before the case waits for a person
TRIES = 5
_FIRST_WAIT = timedelta(minutes=1)


def next_try(attempts: int, at: datetime) -> datetime | None:
    """When to try again after so many failures: 1, 2, 4, 8 minutes; then None: parked."""
    return None if attempts >= TRIES else at + _FIRST_WAIT * 2 ** (attempts - 1)


def parked(locked: LockedCase, command: WakeCase, error: Exception) -> Done:
    """Writes the incident down; the state of the case stays what it was."""
    if isinstance(error, Fault):
        element, process, sentence = error.element_id, error.process, error.sentence
    elif isinstance(error, Unusable):
        element, process, sentence = None, "", error.sentence
    else:
        sentence = f"The program itself failed ({type(error).__name__})."
        element, process = None, ""
    attempts = locked.row.attempts + 1
    wake_at = next_try(attempts, locked.at(command.at))
    event = IncidentRaised(instance="", process=process, element=element, sentence=sentence)
    locked.row = replace(locked.row, attempts=attempts, wake_at=wake_at)
    return locked.record(command, [event], kind="incident", said={"attempt": attempts})
