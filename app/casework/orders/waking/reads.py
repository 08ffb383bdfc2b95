"""Who read which view of which case, and when: an entry of its history, or a row that becomes one.

Whoever looks never waits for an order: where somebody holds the case, the read is kept beside it at
once, and `take_in` makes it an entry when the case is free. What is shown is reading's.
"""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

from app import store
from app.casework.access import Person, is_system
from app.casework.cases import Installation, LockedCase
from app.casework.cases.looked import log_late, take_in
from app.casework.commands import Command
from app.store import Sealed, Store, Unit

#: reads that are remembered
_MOST = 10_000
#: cases whose reads are taken in at a time
_AT_ONCE = 100


class Reads:
    """One entry a person, case and view in a while (`DeskSettings.read_again_after`) and process: a
    page that is opened again and again tells nothing new.
    """

    def __init__(self) -> None:
        self._last: dict[tuple[str, str, str], datetime] = {}
        self._lock = threading.Lock()

    def note(
        self,
        database: Store,
        installation: Installation,
        case: str,
        person: Person,
        view: str,
        at: datetime,
    ) -> None:
        """`case` is the id. Raises a `StoreFault` when it cannot be written."""
        where = (person.id, case, view)
        last = self._last.get(where)
        lately = (
            last is not None and timedelta() <= at - last < installation.settings.read_again_after
        )
        if lately or is_system(person):
            return
        with database.writing() as unit:
            if store.people.read_rows.free(unit, case):
                _written(installation, unit, case, person, view, at)
            else:
                _kept(installation, unit, case, person, view, at)
        with self._lock:
            if len(self._last) >= _MOST:
                self._last.clear()
            self._last[where] = at

    def take_in(self, database: Store, installation: Installation) -> int:
        """Makes entries of the reads that wait, of every case that nobody holds. How many."""
        with database.reading() as unit:
            cases = store.people.read_rows.waiting(unit, _AT_ONCE)
        taken = 0
        for case in cases:
            with database.writing() as unit:
                if store.people.read_rows.free(unit, case):
                    taken += _taken_in(installation, unit, case)
        return taken


def _written(
    installation: Installation, unit: Unit, case: str, person: Person, view: str, at: datetime
) -> None:
    held = store.cases.lock(unit, case)
    if held is not None:
        command = Command(actor=person, at=at)
        LockedCase(installation, unit, *held).record(command, kind="read", said={"view": view})


def _kept(
    installation: Installation, unit: Unit, case: str, person: Person, view: str, at: datetime
) -> None:
    row = store.cases.find(unit, case)
    if row is None:
        return
    seen = LockedCase(installation, unit, row, store.cases.key_of(unit, case))
    away = seen.only_for(person)
    said = {"for": away.id, "for_name": away.name} if away else {}
    waits = store.people.ReadRow(case, person.id, at, view, person.name, said)
    store.people.read_rows.add(unit, waits)


def _taken_in(installation: Installation, unit: Unit, case: str) -> int:
    try:
        held = store.cases.lock(unit, case)
    except Sealed:
        log_late(installation, unit, case)
        return 0
    return take_in(LockedCase(installation, unit, *held)) if held is not None else 0
