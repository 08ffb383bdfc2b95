"""The driver's cursor, but for what costs more than it gives: what the columns of a result are.

psycopg describes each column at each run. Of a statement that it has compiled SQLAlchemy has asked
that once, and looks no more: here nothing is described until it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from psycopg import Column, Cursor


class Columns(Sequence[Column]):
    """As DB-API's `description`, each made when it is looked at."""

    __slots__ = ("_count", "_cursor")

    def __init__(self, cursor: Cursor[Any], count: int) -> None:
        self._cursor, self._count = cursor, count

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: Any) -> Any:
        return [Column(self._cursor, number) for number in range(self._count)][index]


class QuickCursor(Cursor[Any]):
    @property
    def description(self) -> Any:
        result = self.pgresult
        if result is None or not result.nfields:
            return super().description
        return Columns(self, result.nfields)
