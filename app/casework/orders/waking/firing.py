"""Time's part: firing what is due, each timer an order and an entry of its own.

The case is locked before its timer is looked at, so any number of wakers fire each timer once.
What fails, or takes more than its budget, is held (`stopping`), and every other timer goes on; so
it does beside a case that cannot be opened.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from time import monotonic

from app import store
from app.casework.access import CLOCK
from app.casework.cases import Installation
from app.casework.commands import Done, WakeCase
from app.casework.errors import CaseworkError, Unusable
from app.casework.orders.admission import admitted, handled, hold
from app.casework.orders.waking.stopping import its_own, stopped
from app.engine import budget
from app.store import CaseKey, CaseRow, Sealed, Store, StoreFault, Writing, WrongKey

#: cases whose timers fire in one transaction
_TOGETHER = 8
#: seconds after which no further one fires among others, and that one of them may take of the
#: processor: people wait for all of them meanwhile
_HELD = 0.05
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
    except CaseworkError:
        raise
    except StoreFault as error:
        if not its_own(error):
            raise
        failed = error
    except Exception as error:
        failed = error
    with database.writing() as unit:
        locked = hold(installation, unit, command)
        if locked.row.seq != seq:  # somebody has moved it since: what failed may fire no more
            return Done(case=locked.row.id, reference=locked.row.reference, seq=locked.row.seq)
        return stopped(locked, command, failed)


class _Failed(Exception):
    """Nothing of what was to fire did; `cases`: the ids of those that were held for it."""

    def __init__(self, cases: Sequence[str]) -> None:
        super().__init__()
        self.cases = cases


def wake_due(database: Store, installation: Installation, at: datetime, limit: int) -> list[Done]:
    """Fires what is due anywhere, in due order.

    Where all goes well the timers of several cases share a transaction, twice as many each time.
    After a fault each goes alone again: it holds its own timer and keeps back no other.
    """
    with database.reading() as unit:
        if not store.cases.due(unit, at):
            return []
    fired: list[Done] = []
    most = 1
    try:
        with database.series() as writing:
            while len(fired) < limit:
                try:
                    done = _fired(writing, installation, at, min(most, limit - len(fired)))
                except _Failed as failed:
                    most = 1
                    if len(failed.cases) == 1:  # under the lock again; held when it fails again
                        fired.append(wake(database, installation, failed.cases[0], at))
                    continue
                if not done:
                    break
                fired += done
                most = min(2 * len(done), _TOGETHER)
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


def _fired(writing: Writing, installation: Installation, at: datetime, most: int) -> list[Done]:
    """The earliest due timers of up to that many cases that nobody else holds, in one transaction.
    Raises `_Failed`; for one that is alone a `StoreFault` that is none of its own."""
    ids: list[str] = []
    done: list[Done] = []
    try:
        with writing() as unit:
            claimed = store.cases.claim_due(unit, at, most)
            ids = [row.id for row, _ in claimed]
            at_hand = store.queries.at_hand.read_each(unit, ids) if ids else {}
            ends = monotonic() + _HELD
            for number, (row, key) in enumerate(claimed, 1):
                command = WakeCase(actor=CLOCK, at=at, case=row.id)
                with budget(seconds=None if len(ids) == 1 else _HELD):
                    held = (row, key, at_hand[row.id])
                    locked = admitted(installation, unit, command, *held)
                    done.append(handled(locked, command))
                if monotonic() > ends or _sooner(locked.row, claimed[number:]):
                    break
    except Exception as error:
        alone = isinstance(error, StoreFault) and len(ids) == 1 and not its_own(error)
        if alone or not ids:
            raise
        raise _Failed(ids) from error
    return done


def _sooner(row: CaseRow, others: Sequence[tuple[CaseRow, CaseKey]]) -> bool:
    """Whether the case is due again before the next one is."""
    again, following = row.wake_at, others[0][0].wake_at if others else None
    return again is not None and following is not None and again < following
