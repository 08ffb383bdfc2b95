"""Looks which cases stand for ever, where no order has said so: after the upgrade that brings it.

Every other case says so itself, with each order that moves it.
"""

from __future__ import annotations

import logging
from datetime import datetime

from app import store
from app.casework.cases import Installation, LockedCase
from app.casework.cases.stalls import as_stored, unusable
from app.casework.errors import Unusable
from app.store import Sealed, Store, Unit, WrongKey

_LOG = logging.getLogger(__name__)


def look_for_stalls(database: Store, installation: Installation, at: datetime, most: int) -> int:
    """Of cases that nothing has moved since such things are looked for: what stands for ever in
    them. Every other case says so itself with each order. Gives how many it looked at."""
    with database.reading() as unit:
        ids = store.queries.stopped.unlooked(unit, most)
    for case in ids:
        with database.writing() as unit:
            store.queries.stopped.put_stalls(unit, case, _stalls(installation, unit, case, at))
    return len(ids)


def _stalls(installation: Installation, unit: Unit, case: str, at: datetime) -> str:
    try:
        taken = store.cases.lock(unit, case)
        if taken is None:
            return ""
        locked = LockedCase(installation, unit, *taken)
        return as_stored(locked.engine.stalls(), None, at)
    except Unusable:
        return unusable(at)
    except WrongKey:  # nothing can be read of it: `verify` tells of it, and every other one goes on
        _LOG.error("a case cannot be opened, and is not looked at: %s", case)
        return ""
    except Sealed:  # its content was destroyed, which is no stall
        return ""
