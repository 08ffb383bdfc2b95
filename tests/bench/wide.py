"""What the lists cost with many cases: a few are started, the others are copies of their rows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Table, text

from app.store import Store
from app.store.schema import cases, deadline, member, offer, task
from tests.bench import timers
from tests.bench.reading import _look
from tests.kit import Kit

#: what lists and figures read of a case; its history and its key are nobody's concern here
_COPIED: tuple[Table, ...] = (cases, member, task, offer, deadline)
FEW = 200


def copied(store: Store, times: int) -> None:
    """Each case so often once more, with the rows that lists read."""
    with store.engine.begin() as connection:
        for table in _COPIED:
            names = [column.name for column in table.columns]
            key = "id" if table is cases else "case_id"
            taken = [_copy(name, key) for name in names]
            numbers = " UNION ALL ".join(f"SELECT {n} AS n" for n in range(1, times + 1))
            connection.execute(
                text(
                    f"INSERT INTO {table.name} ({', '.join(names)}) SELECT {', '.join(taken)}"
                    f" FROM {table.name} CROSS JOIN ({numbers}) AS numbers"
                )
            )


def _copy(name: str, key: str) -> str:
    return f"{name} || '-' || n" if name in (key, "reference") else name
