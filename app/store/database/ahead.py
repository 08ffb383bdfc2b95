"""Looks that surely come, asked of PostgreSQL all at once: a way there and back costs more than
most of them do.

Which ones says who knows what a page needs, by calling them with a unit that only notes what they
would ask. Then each finds its answer here. What nobody noted is asked as ever; a look that was
noted and never comes has cost a little, and changed nothing. SQLite lies in our own process, where
there is no way to save.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Executable, Select
from sqlalchemy.sql.compiler import SQLCompiler

#: statements whose text is kept; there are far fewer
_MOST_KEPT = 256
Convert = Callable[[Any], Any]
Given = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None
#: a statement, which is built once, and the values of a run
Key = tuple[Executable, tuple[tuple[str, Any], ...]]


class Answered:
    """Rows that have come already."""

    __slots__ = ("_rows",)

    def __init__(self, rows: Sequence[Any]) -> None:
        self._rows = rows

    def all(self) -> Sequence[Any]:
        return self._rows

    def first(self) -> Any | None:
        return self._rows[0] if self._rows else None

    def scalar(self) -> Any:
        return self._rows[0][0] if self._rows else None


def key_of(statement: Executable, given: Given) -> Key | None:
    """None for what runs once for each of several values."""
    if given is None:
        return statement, ()
    if not isinstance(given, Mapping):
        return None
    return statement, tuple((n, tuple(v) if type(v) is list else v) for n, v in given.items())


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    sql: str
    #: what the statement says itself
    fixed: Mapping[str, Any]
    #: values as the driver takes them, by name, and columns as it gives them, by place
    values: Mapping[str, Convert]
    columns: Mapping[int, Convert]

    def bound(self, given: Mapping[str, Any]) -> dict[str, Any]:
        values = {**self.fixed, **given}
        for name, convert in self.values.items():
            values[name] = convert(values[name])
        return values

    def read(self, rows: Sequence[tuple[Any, ...]]) -> Sequence[Any]:
        if not self.columns:
            return rows
        return [self._row(list(row)) for row in rows]

    def _row(self, row: list[Any]) -> tuple[Any, ...]:
        for place, convert in self.columns.items():
            row[place] = convert(row[place])
        return tuple(row)


def answers(
    connection: Connection, noted: Mapping[Key, tuple[Executable, Mapping[str, Any]]]
) -> dict[Key, Answered]:
    """Of those whose text does not depend on the values."""
    known = {
        key: (asked, given)
        for key, (statement, given) in noted.items()
        if isinstance(statement, Select)
        and (asked := _asked(statement, connection.dialect)) is not None
    }
    driver: Any = connection.connection.driver_connection
    cursors = {}
    try:
        with driver.pipeline():
            for key, (asked, given) in known.items():
                cursors[key] = driver.execute(asked.sql, asked.bound(given))
    except BaseException:
        if driver.closed:  # as SQLAlchemy does where it sees the error itself
            connection.invalidate()
        raise
    return {key: Answered(known[key][0].read(cursors[key].fetchall())) for key in known}


@lru_cache(_MOST_KEPT)
def _asked(statement: Select[Any], dialect: Dialect) -> _Asked | None:
    compiled = statement.compile(dialect=dialect)
    assert isinstance(compiled, SQLCompiler)
    if compiled.post_compile_params or compiled.literal_execute_params:
        return None
    values = {}
    for name, parameter in compiled.binds.items():
        convert = parameter.type.dialect_impl(dialect).bind_processor(dialect)
        if convert is not None:
            values[name] = convert
    columns = {}
    for place, column in enumerate(statement.selected_columns):
        read = column.type.dialect_impl(dialect).result_processor(dialect, None)
        if read is not None:
            columns[place] = read
    fixed = {name: p.value for name, p in compiled.binds.items() if not p.required}
    return _Asked(str(compiled), fixed, values, columns)
