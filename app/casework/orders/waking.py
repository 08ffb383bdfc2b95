"""Time's part: firing what is due, each timer in a transaction of its own, and planning again.

The case is locked before its timer is looked at, so any number of wakers fire each timer once. A
fault stops the clock of its own case only: it is kept as an incident, tried again a few times, then
parked; so is what takes more than its budget. What takes long, a PDF, is made with no lock held.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from app import store
from app.bounded import Unprinted, made
from app.casework.access import CLOCK
from app.casework.cases import Installation, LockedCase
from app.casework.commands import CaseCommand, Command, Done, WakeCase
from app.casework.errors import CaseworkError, Refused, Unusable
from app.casework.orders.admission import admitted, handled, hold
from app.engine import Fault, IncidentRaised, Spent, budget
from app.store import Store, StoreFault

_LOG = logging.getLogger(__name__)
#: tries before the case waits for a person
TRIES = 5
_FIRST_WAIT = timedelta(minutes=1)
#: times that one is made for an order, while others change the case
_PRINTS = 3


def wake(database: Store, installation: Installation, case: str, at: datetime) -> Done:
    """Fires the case's earliest due timer; what fails becomes an incident of the case."""
    command = WakeCase(actor=CLOCK, at=at, case=case)
    try:
        with database.writing() as unit, budget():
            return handled(hold(installation, unit, command), command)
    except Unusable as error:
        with database.writing() as unit:
            return parked(hold(installation, unit, command), command, error)
    except (StoreFault, CaseworkError):
        raise
    except Exception as error:
        _LOG.warning("the clock of a case stopped: %s", type(error).__name__)
        with database.writing() as unit:
            return parked(hold(installation, unit, command), command, error)


def wake_due(database: Store, installation: Installation, at: datetime, limit: int) -> list[Done]:
    """Fires what is due anywhere, in due order."""
    with database.reading() as unit:
        if not store.cases.due(unit, at):
            return []
    fired: list[Done] = []
    while len(fired) < limit:
        done = _next(database, installation, at)
        if done is None:
            break
        fired.append(done)
    return fired


def _next(database: Store, installation: Installation, at: datetime) -> Done | None:
    """The earliest due timer of all cases that nobody else holds."""
    case = ""
    try:
        with database.writing() as unit, budget():
            claimed = store.cases.claim_due(unit, at)
            if claimed is None:
                return None
            case = claimed[0].id
            command = WakeCase(actor=CLOCK, at=at, case=case)
            return handled(admitted(installation, unit, command, *claimed), command)
    except StoreFault:
        raise
    except Exception:
        if not case:
            raise
        return wake(
            database, installation, case, at
        )  # under the lock again; parked when it fails again


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


def noted(locked: LockedCase, command: CaseCommand, spent: Spent) -> Done:
    """An order that needed too much work, as an incident of the case; nothing else came of it.

    The case goes on: its clock was not stopped, and whoever gave the order may give another.
    """
    unkeyed = Command(actor=command.actor, at=command.at)
    event = IncidentRaised(
        instance="", process=spent.process, element=spent.element_id, sentence=spent.sentence
    )
    said = {"order": type(command).__name__}
    done = locked.record(unkeyed, [event], kind="incident", said=said)
    if not locked.row.attempts:
        store.work.incidents.resolve(locked.unit, locked.row.id, locked.row.last_at)
    return done


def with_print(do: Callable[[CaseCommand], Done], command: CaseCommand) -> Done:
    """`do` takes the lock and lets it go. Raises `Refused` when there can be no PDF."""
    try:
        return do(command)
    except Unprinted as unprinted:
        wanted = unprinted.wanted
    for _ in range(_PRINTS):
        try:
            with made(wanted):
                return do(command)
        except Unprinted as unprinted:
            wanted = unprinted.wanted
        except Fault as error:
            raise Refused(error.sentence) from error
    raise Refused("The case changed while the PDF was made. Ask for it again.")
