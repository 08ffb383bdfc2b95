"""Time's part: firing what is due, each timer in a transaction of its own, and planning again.

The case is locked before its timer is looked at, so any number of wakers fire each timer once. A
fault stops the clock of its own case only.
"""

from __future__ import annotations

import logging
from datetime import datetime

from app.casework.access import CLOCK
from app.casework.cases.admission import admitted, handled, hold
from app.casework.cases.incidents import parked
from app.casework.cases.locked_case import Installation
from app.casework.errors import CaseworkError, Unusable
from app.casework.orders.commands import Done, WakeCase
from app.store import Store, StoreFault, cases

_LOG = logging.getLogger(__name__)


def wake(store: Store, installation: Installation, case: str, at: datetime) -> Done:
    """Fires the case's earliest due timer; what fails becomes an incident of the case."""
    command = WakeCase(actor=CLOCK, at=at, case=case)
    try:
        with store.writing() as unit:
            return handled(hold(installation, unit, command), command)
    except Unusable as error:
        with store.writing() as unit:
            return parked(hold(installation, unit, command), command, error)
    except (StoreFault, CaseworkError):
        raise
    except Exception as error:
        _LOG.warning("the clock of a case stopped: %s", type(error).__name__)
        with store.writing() as unit:
            return parked(hold(installation, unit, command), command, error)


def wake_due(store: Store, installation: Installation, at: datetime, limit: int) -> list[Done]:
    """Fires what is due anywhere, in due order."""
    with store.reading() as unit:
        if not cases.due(unit, at):
            return []
    fired: list[Done] = []
    while len(fired) < limit:
        done = _next(store, installation, at)
        if done is None:
            break
        fired.append(done)
    return fired


def _next(store: Store, installation: Installation, at: datetime) -> Done | None:
    """The earliest due timer of all cases that nobody else holds."""
    case = ""
    try:
        with store.writing() as unit:
            claimed = cases.claim_due(unit, at)
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
            store, installation, case, at
        )  # under the lock again; parked when it fails again
