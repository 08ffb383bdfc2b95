"""Sees to it that the database is swept: after content was destroyed, whoever destroyed it, and of
rows that are needed no more. And to it that cases of an older release can be searched for.

How a database is swept is the store's. Others wait for it, so it is not tried again at every knock.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from app import store
from app.casework import Desk
from app.casework.indexing import index_behind
from app.store import leftovers

#: after something was in its way
_AGAIN = timedelta(minutes=5)


class Sweeper:
    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._again: datetime | None = None
        self._behind = True

    def sweep(self, at: datetime) -> None:
        """Raises a `StoreFault`; the row that says that it has to be done stays."""
        if self._again is not None and timedelta() <= self._again - at <= _AGAIN:
            return
        self._again = at + _AGAIN
        if store.retention.sweeping.sweep(self.desk.store, at):
            self._again = None

    def sweep_leftovers(self, at: datetime) -> None:
        """Raises a `StoreFault`."""
        leftovers.sweep(self.desk.store, at)
        self._behind = True

    def index(self) -> None:
        """A few of the cases that are not yet known by all that this release knows cases by, until
        there is none; looked for at the start and with each `sweep_leftovers`."""
        if self._behind:
            self._behind = index_behind(self.desk) > 0
