"""FEEL, the expression language of BPMN and DMN: compiling, evaluating, and sums of working days.

Owns the language, its values and the calendar. Knows nothing of diagrams, forms, cases or clocks.
"""

from app.engine.errors import ExpressionFault
from app.engine.feel import codec, functions, types
from app.engine.feel.built_ins import BUILT_INS, REFUSED
from app.engine.feel.calendar import Calendar
from app.engine.feel.expression import (
    Expression,
    UnaryTests,
    compile_expression,
    compile_tests,
    literal_or_expression,
)
from app.engine.feel.only_null import only_null
from app.engine.feel.sums import Sum
from app.engine.feel.values import Function, Range, YearsMonths, kind
from app.engine.feel.world import PLAIN, World, nearest

__all__ = [
    "BUILT_INS", "PLAIN", "REFUSED", "Calendar", "Expression", "ExpressionFault", "Function",
    "Range", "Sum", "UnaryTests", "World", "YearsMonths", "codec", "compile_expression",
    "compile_tests", "functions", "kind", "literal_or_expression", "nearest", "only_null", "types",
]  # fmt: skip
