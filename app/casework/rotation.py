"""Another key-encryption key takes over: everything that is made with it, in one transaction.

Whoever kills it leaves the database under the old key; once it is written, the old key opens
nothing in it. Where both keys come from is `store.KekSource`'s, what is made with them
`store.rekeying`'s.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from app import store
from app.casework.access import SYSTEM
from app.casework.cases import LockedCase, LogKind, know_anew, log_entry
from app.casework.desk import Desk
from app.casework.errors import Refused
from app.engine import Fault
from app.store import Keys, Rows, Sealed, Unit, WrongKey
from app.store.rekeying import Rekeyed as Rekeyed

#: tables of the log in which something is made with the key
_TOUCHED = ("cover", "conflict", "totp", "guest", "passkey")
#: cases between two words about how far it is
_STEP = 500


def rotate(
    desk: Desk, new: Keys, at: datetime, told: Callable[[int, int], None], *, log_wrong: bool
) -> Rekeyed:
    """`told`: how many cases of how many were gone through. `log_wrong`: the log is known not to be
    as it was written; its entry says so, for it says the tables as they stand.

    Raises `Refused` for the same key and for a database that is not sealed with the desk's key
    alone, a `StoreFault`; nothing is changed then.
    """
    old = desk.store.keys
    if new.name == old.name:
        raise Refused("The new key is the one in use. Nothing was changed.")
    with desk.store.writing() as unit:
        store.rekeying.hold(unit)
        held = store.rekeying.names(unit)
        if held != {old.name}:
            said = ", ".join(sorted(held)) or "none: nothing is sealed yet"
            raise Refused(
                f"The keys of this database are {said}; only {old.name} alone can be changed."
                " Nothing was changed."
            )
        done = store.rekeying.rekey(unit, new)
        anew = Unit(unit.connection, new)
        unknown = _known_by(desk, anew, told)
        said_of_it = {
            "from": old.name, "to": new.name, "keys": done.keys, "closed": list(done.closed),
            "unvouched": list(done.unvouched), "unknown": unknown, "log_wrong": log_wrong,
        }  # fmt: skip
        rows = [Rows(table, {}) for table in _TOUCHED]
        log_entry(desk.installation, anew, LogKind.ROTATE_KEY, SYSTEM, at, said_of_it, rows=rows)
        anew.send()  # the transaction ends with the other unit
    return done


def _known_by(desk: Desk, anew: Unit, told: Callable[[int, int], None]) -> list[str]:
    """Works out by what each case is known; gives those that are known by nothing now, though they
    have their content."""
    ids, unknown = store.work.known_by.every_case(anew), []
    for number, id in enumerate(ids, 1):
        if number % _STEP == 0:
            told(number, len(ids))
        store.work.known_by.forget(anew, id)
        row = store.cases.find(anew, id)
        assert row is not None
        try:
            know_anew(LockedCase(desk.installation, anew, row, store.cases.key_of(anew, id)))
        except store.Destroyed:
            continue
        except (Sealed, WrongKey, Fault):
            unknown.append(row.reference)
    return unknown
