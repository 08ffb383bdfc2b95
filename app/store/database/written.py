"""Statements that write, compiled once for each database: their text and how values enter it.

SQLAlchemy compiles them and converts the values; only its look-up of the compiled form for each
run is left out, which took longer than the run. What it fills in itself stays its own way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, Column, Dialect, Insert, SelectBase, Table, UpdateBase
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import BinaryExpression, BooleanClauseList

#: more than the statements that there are; those made anew for one run fall out again
MOST_KEPT = 512
Converts = Callable[[Any], Any]


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    sql: str
    table: str
    #: column of the primary key → name of the value that it has in all rows that this touches
    key: Mapping[str, str]
    #: it looks at what others may write, or cannot be a part of another one's text
    alone: bool
    #: names in the order of the text's places; None: the text names them
    order: tuple[str, ...] | None
    #: what the statement says itself
    fixed: Mapping[str, Any]
    converts: Mapping[str, Converts]

    def values(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """By name, as the driver takes them."""
        values = {**self.fixed, **given}
        for name, convert in self.converts.items():
            values[name] = convert(values[name])
        return values

    def bound(self, given: Mapping[str, Any]) -> Any:
        """The values as the driver takes them."""
        values = self.values(given)
        if self.order is None:
            return values
        return tuple([values[name] for name in self.order])


class Bound:
    """A statement that writes, with its values."""

    __slots__ = ("once", "rows", "values", "written")

    def __init__(self, written: Written, given: Mapping[str, Any], *, once: bool = False) -> None:
        self.written = written
        #: it must touch a row
        self.once = once
        #: by name, as the driver takes them
        self.values = written.values(given)
        #: column of the primary key → what it is in all rows that this touches
        self.rows = {column: self.values[name] for column, name in written.key.items()}


@lru_cache(MOST_KEPT)
def written(statement: UpdateBase, dialect: Dialect, names: tuple[str, ...]) -> Written | None:
    """None for a statement that returns rows, or that SQLAlchemy completes at each run."""
    compiled = statement.compile(dialect=dialect, column_keys=list(names))
    assert isinstance(compiled, SQLCompiler)
    completed = (
        compiled.effective_returning
        or compiled.prefetch
        or compiled.post_compile_params
        or compiled.literal_execute_params
        or compiled.escaped_bind_names
    )
    if completed or not set(names) <= compiled.binds.keys():
        return None
    converts = {}
    for name, parameter in compiled.binds.items():
        convert = parameter.type.dialect_impl(dialect).bind_processor(dialect)
        if convert is not None:
            converts[name] = convert
    fixed = {name: p.value for name, p in compiled.binds.items() if not p.required}
    order = tuple(compiled.positiontup) if compiled.positiontup is not None else None
    key = {column: name for column, name in _key(statement) if name in compiled.binds}
    alone = "%%" in str(compiled) or any(
        isinstance(part, SelectBase) for part in visitors.iterate(statement)
    )
    table = statement.table
    assert isinstance(table, Table)
    return Written(str(compiled), table.name, key, alone, order, fixed, converts)


def _key(statement: UpdateBase) -> Iterable[tuple[str, str]]:
    """As `Written.key`."""
    assert isinstance(statement.table, Table)
    columns = [column.name for column in statement.table.primary_key]
    if isinstance(statement, Insert):
        return [(name, name) for name in columns]
    return _equal(getattr(statement, "whereclause", None), columns)


def _equal(where: Any, key: Sequence[str]) -> Iterator[tuple[str, str]]:
    """(column of the key, name of the value that it must equal)"""
    if isinstance(where, BooleanClauseList) and where.operator is operators.and_:
        for each in where.clauses:
            yield from _equal(each, key)
    elif isinstance(where, BinaryExpression) and where.operator is operators.eq:
        column, value = where.left, where.right
        if isinstance(column, Column) and isinstance(value, BindParameter) and column.name in key:
            yield column.name, value.key
