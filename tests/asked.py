"""What a database is asked while something is done: statements and transactions, as sent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event

from app.store import Store


@dataclass
class Asked:
    statements: list[str] = field(default_factory=list)
    transactions: int = 0

    def statement(self, _connection: Any, _cursor: Any, text: str, *_: Any) -> None:
        if not text.startswith("BEGIN"):  # that of SQLite; what PostgreSQL is told is not seen here
            self.statements.append(text)

    def begin(self, _connection: Any) -> None:
        self.transactions += 1


@contextmanager
def asked(store: Store) -> Iterator[Asked]:
    heard = Asked()
    each = (("before_cursor_execute", heard.statement), ("begin", heard.begin))
    for name, hear in each:
        event.listen(store.engine, name, hear)
    try:
        yield heard
    finally:
        for name, hear in each:
            event.remove(store.engine, name, hear)
