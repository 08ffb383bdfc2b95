"""Time's part: firing what is due, each timer in a transaction of its own, and planning again.

The case is locked before its timer is looked at, so any number of wakers fire each timer once.
What fails, or takes more than its budget, is held (`stopping`), and every other timer goes on; so
it does beside a case that cannot be opened.
"""

from __future__ import annotations

import logging
from datetime import datetime

from app import store
from app.casework.access import CLOCK
from app.casework.cases import Installation
from app.casework.commands import Done, WakeCase
from app.casework.errors import CaseworkError, Unusable
from app.casework.orders.admission import admitted, handled, hold
from app.casework.orders.waking.stopping import stopped
from app.engine import budget
from app.store import Sealed, Store, StoreFault, Writing, WrongKey

_LOG = logging.getLogger(__name__)


def wake(database: Store, installation: Installation, case: str, at: datetime) -> Done:
    """Fires the case's earliest due timer; what fails is held, as an incident of the case."""
    command = WakeCase(actor=CLOCK, at=at, case=case)
    seq = None
    try:
        with database.writing() as unit, budget():
            locked = hold(installation, unit, command)
            seq = locked.row.seq
            return handled(locked, command)
    except (Unusable, Sealed) as error:
        failed: Exception = error
    except (StoreFault, CaseworkError):
        raise
    except Exception as error:
        failed = error
    with database.writing() as unit:
        locked = hold(installation, unit, command)
        if locked.row.seq != seq:  # somebody has moved it since: what failed may fire no more
            return Done(case=locked.row.id, reference=locked.row.reference, seq=locked.row.seq)
        return stopped(locked, command, failed)


def wake_due(database: Store, installation: Installation, at: datetime, limit: int) -> list[Done]:
    """Fires what is due anywhere, in due order."""
    with database.reading() as unit:
        if not store.cases.due(unit, at):
            return []
    fired: list[Done] = []
    try:
        with database.series() as writing:
            while len(fired) < limit:
                done = _next(database, writing, installation, at)
                if done is None:
                    break
                fired.append(done)
    except (Sealed, WrongKey):
        fired += _others(database, installation, at, limit - len(fired))
    return fired


def _others(database: Store, installation: Installation, at: datetime, limit: int) -> list[Done]:
    """The key of the earliest one opens no more, so nothing can be written in it: it waits, and
    every other one fires."""
    with database.reading() as unit:
        several = store.cases.due(unit, at, limit)
    fired, closed = [], []
    for case in several:
        try:
            fired.append(wake(database, installation, case, at))
        except (Sealed, WrongKey):
            closed.append(case)
    shown = ", ".join(closed[:5])
    _LOG.error("%d cases cannot be opened; their timers wait: %s", len(closed), shown)
    return fired


def _next(
    database: Store, writing: Writing, installation: Installation, at: datetime
) -> Done | None:
    """The earliest due timer of all cases that nobody else holds."""
    case = ""
    try:
        with writing() as unit, budget():
            claimed = store.cases.claim_due(unit, at)
            if claimed is None:
                return None
            case = claimed[0].id
            command = WakeCase(actor=CLOCK, at=at, case=case)
            return handled(admitted(installation, unit, command, *claimed), command)
    except Exception as error:
        if not case or (isinstance(error, StoreFault) and not isinstance(error, Sealed)):
            raise
        return wake(
            database, installation, case, at
        )  # under the lock again; parked when it fails again
