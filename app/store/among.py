"""Whether a column is one of several texts, which go as one value.

`column IN (…)` is another statement for each number of them, and only what comes again is prepared.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ARRAY, Boolean, ColumnElement, String, bindparam
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine


class Texts(TypeDecorator[Any]):
    """Several texts as one value that is asked with: an array, or JSON."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        postgres = dialect.name == "postgresql"
        return dialect.type_descriptor(ARRAY(String()) if postgres else String())

    def process_bind_param(self, value: Iterable[str] | None, dialect: Dialect) -> Any:
        texts = list(value or ())
        return texts if dialect.name == "postgresql" else json.dumps(texts)


class _Among(FunctionElement[bool]):
    type = Boolean()
    name = "among"
    inherit_cache = True


def among(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """`name`: of the value, a list of texts."""
    return _Among(column, bindparam(name, type_=Texts()))


@compiles(_Among)
def _json(element: _Among, compiler: SQLCompiler, **how: Any) -> str:
    column, texts = (compiler.process(each, **how) for each in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({texts}))"


@compiles(_Among, "postgresql")
def _array(element: _Among, compiler: SQLCompiler, **how: Any) -> str:
    column, texts = (compiler.process(each, **how) for each in element.clauses)
    return f"{column} = ANY ({texts})"
