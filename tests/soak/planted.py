"""Three bugs that a drill must find, planted only in the process that a drill starts."""

from __future__ import annotations

from typing import Any

from app.casework.cases.locked_case import LockedCase
from app.store import cases
from app.store.chain import idempotency


def second_commit() -> None:
    """An order is committed before its key is remembered."""
    remember = LockedCase._remember

    def remembers(self: LockedCase, *given: Any) -> None:
        connection = self.unit.connection.connection.dbapi_connection
        assert connection is not None
        connection.commit()
        if self.unit.connection.dialect.name == "sqlite":
            connection.cursor().execute("BEGIN IMMEDIATE")
        remember(self, *given)

    LockedCase._remember = remembers  # type: ignore[method-assign]


def no_lock() -> None:
    """A case is read for an order without being held. Matters where the database has many writers:
    on PostgreSQL."""
    for by, statement in list(cases._LOCKS.items()):
        unlocked = statement._generate()
        unlocked._for_update_arg = None
        cases._LOCKS[by] = unlocked


def no_key_row() -> None:
    """What a key stood for is not remembered."""
    idempotency.add = lambda *_: None  # type: ignore[assignment]


BUGS = {made.__name__: made for made in (second_commit, no_lock, no_key_row)}
