"""By what cases are known to each other, and to which part of what is divided they belong, worked
out anew for all of them.

Needed for cases from before there was such an index, and after the key-encryption key changed. Day
by day each answer keeps it (`cases.likeness`).
"""

from __future__ import annotations

from app import store
from app.casework.cases import LockedCase, know_anew, know_part
from app.casework.desk import Desk
from app.store import Sealed


def index_anew(desk: Desk) -> tuple[int, int]:
    """How many cases were gone through, and how many of them cannot be opened any more, and so are
    known by nothing. One case a transaction: the product may run meanwhile."""
    with desk.store.reading() as unit:
        ids = store.work.known_by.every_case(unit)
    closed = 0
    for id in ids:
        with desk.store.writing() as unit:
            try:
                locked = store.cases.lock(unit, id)
            except Sealed:
                store.work.known_by.forget(unit, id)
                closed += 1
                continue
            if locked is not None:
                case = LockedCase(desk.installation, unit, *locked)
                know_anew(case)
                know_part(case)
    return len(ids), closed
