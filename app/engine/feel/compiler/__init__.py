"""Makes closures of nodes, once for each text, and tells what in them can only be null."""

from app.engine.feel.compiler.closures import compiled
from app.engine.feel.compiler.expression import (
    Expression,
    UnaryTests,
    compile_expression,
    compile_tests,
    literal_or_expression,
)
from app.engine.feel.compiler.nulls import only_null
from app.engine.feel.compiler.settle import settled

__all__ = [
    "Expression",
    "UnaryTests",
    "compile_expression",
    "compile_tests",
    "compiled",
    "literal_or_expression",
    "only_null",
    "settled",
]
