"""By what cases are known to each other, and to which part of what is divided they belong, worked
out anew for all of them.

Needed for cases from before there was such an index, and after the key-encryption key changed. Day
by day each answer keeps it (`cases.likeness`).
"""

from __future__ import annotations

from contextlib import suppress

from app import store
from app.casework.cases import LockedCase, know_anew, know_part
from app.casework.cases.publishing import publish_anew
from app.casework.desk import Desk
from app.casework.errors import Unusable
from app.store import Sealed, WrongKey


def index_anew(desk: Desk) -> tuple[int, int]:
    """How many cases were gone through, and how many of them cannot be opened any more, and so are
    known by nothing. One case a transaction: the product may run meanwhile."""
    with desk.store.reading() as unit:
        ids = store.work.known_by.every_case(unit)
    return len(ids), sum(not _index(desk, id) for id in ids)


def index_behind(desk: Desk, most: int = 50) -> int:
    """The same for some of those that an older release wrote, which knew cases by less; gives how
    many it went through."""
    with desk.store.reading() as unit:
        ids = store.work.known_by.behind(unit, most)
    done = 0
    for id in ids:
        with suppress(WrongKey):  # of one case: `verify` tells it, and nothing here mends it
            _index(desk, id)
            done += 1
    return done


def _index(desk: Desk, id: str) -> bool:
    """False: it cannot be opened any more."""
    with desk.store.writing() as unit:
        try:
            locked = store.cases.lock(unit, id)
            if locked is not None:
                case = LockedCase(desk.installation, unit, *locked)
                know_anew(case)
                know_part(case)
                publish_anew(case)
        except (Sealed, Unusable):
            store.work.known_by.keep(unit, id, ())
            return False
    return True
