"""What a database is asked while something is done: statements and transactions, as sent."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event

from app.store import Store
from app.store.database import unit


@dataclass
class Asked:
    statements: list[str] = field(default_factory=list)
    transactions: int = 0
    #: sets of looks that PostgreSQL was asked all at once, and how many looks were in each
    together: list[int] = field(default_factory=list)

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
    answers = unit.answers

    def told(connection: Any, noted: Any) -> Any:  # it goes past SQLAlchemy, which tells of none
        heard.together.append(len(noted))
        return answers(connection, noted)

    unit.answers = told
    try:
        yield heard
    finally:
        unit.answers = answers
        for name, hear in each:
            event.remove(store.engine, name, hear)
