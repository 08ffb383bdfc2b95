"""A look from which an order may go on: with PostgreSQL in one and the same transaction."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, Engine

from app.store.database.unit import Unit

Write = Callable[[Unit], None]


class Look:
    """Opened by the first look (`Store.reading`), ended by the order (`Store.writing`) or by `end`.

    Nothing is locked by it, but a connection is held: nothing that takes long comes between.
    """

    def __init__(self) -> None:
        self._connection: Connection | None = None
        self._besides: list[Write] = []

    def opened(self, engine: Engine) -> Connection:
        if self._connection is None:
            self._connection = engine.connect()
        return self._connection

    def taken(self) -> Connection | None:
        """The connection, from now on somebody else's; None: it is over, or nobody has looked."""
        connection, self._connection = self._connection, None
        return connection

    def besides(self, write: Write) -> None:
        """Is written with what the order writes; without an order, by who ends the look."""
        self._besides.append(write)

    def write_besides(self, unit: Unit) -> None:
        """What is left of it, now."""
        while self._besides:
            self._besides.pop()(unit)

    def end(self) -> bool:
        """Whether something is left to write."""
        connection = self.taken()
        if connection is not None:
            connection.close()
        return bool(self._besides)
