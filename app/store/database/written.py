"""Statements that write, compiled once for each database: their text and how values enter it.

SQLAlchemy compiles them and converts the values; only its look-up of the compiled form for each
run is left out, which took longer than the run. What it fills in itself stays its own way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Dialect, UpdateBase
from sqlalchemy.sql.compiler import SQLCompiler

#: more than the statements that there are; those made anew for one run fall out again
MOST_KEPT = 512
Converts = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Written:
    sql: str
    #: names in the order of the text's places; None: the text names them
    order: tuple[str, ...] | None
    #: what the statement says itself
    fixed: Mapping[str, Any]
    converts: Mapping[str, Converts]

    def bound(self, given: Mapping[str, Any]) -> Any:
        """The values as the driver takes them."""
        values = {**self.fixed, **given}
        for name, convert in self.converts.items():
            values[name] = convert(values[name])
        if self.order is None:
            return values
        return tuple([values[name] for name in self.order])


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
    return Written(str(compiled), order, fixed, converts)
