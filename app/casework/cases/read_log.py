"""Reads of cases as history entries: who read which view of which case, and when.

One entry a person, case and view in a while (`DeskSettings.read_again_after`) and process: a page
that is opened again and again tells nothing new.
"""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

from app.casework.access import Person, is_system
from app.casework.cases.installation import Installation
from app.casework.cases.locked_case import LockedCase
from app.casework.commands import Command
from app.store import Store, cases

_MOST = 10_000


class Reads:
    def __init__(self) -> None:
        self._last: dict[tuple[str, str, str], datetime] = {}
        self._lock = threading.Lock()

    def note(
        self,
        store: Store,
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
        with store.writing() as unit:
            locked = cases.lock(unit, case)
            if locked is not None:
                command = Command(actor=person, at=at)
                LockedCase(installation, unit, *locked).record(
                    command, kind="read", said={"view": view}
                )
        with self._lock:
            if len(self._last) >= _MOST:
                self._last.clear()
            self._last[where] = at
