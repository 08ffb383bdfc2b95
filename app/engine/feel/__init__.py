"""FEEL, the expression language of BPMN and DMN: compiling, evaluating, and sums of working days.

Owns the language, its values and the calendar. Knows nothing of diagrams, forms, cases or clocks.
"""

from app.engine.errors import ExpressionFault
from app.engine.feel import codec, functions
from app.engine.feel.calendar import HOUSE, REGIONS, Calendar, OneOff, Sum
from app.engine.feel.compiler import (
    Expression,
    UnaryTests,
    compile_expression,
    compile_tests,
    compiled,
    literal_or_expression,
    only_null,
    settled,
)
from app.engine.feel.scope import BUILT_INS, PLAIN, REFUSED, Env, Run, World
from app.engine.feel.syntax import parse, parse_tests, self_compared
from app.engine.feel.values import (
    Function,
    Range,
    Wide,
    YearsMonths,
    add,
    days_text,
    kind,
    months_text,
    moved_months,
    number,
    order,
)

__all__ = [
    "BUILT_INS",
    "HOUSE",
    "PLAIN",
    "REFUSED",
    "REGIONS",
    "Calendar",
    "Env",
    "Expression",
    "ExpressionFault",
    "Function",
    "OneOff",
    "Range",
    "Run",
    "Sum",
    "UnaryTests",
    "Wide",
    "World",
    "YearsMonths",
    "add",
    "codec",
    "compile_expression",
    "compile_tests",
    "compiled",
    "days_text",
    "functions",
    "kind",
    "literal_or_expression",
    "months_text",
    "moved_months",
    "number",
    "only_null",
    "order",
    "parse",
    "parse_tests",
    "self_compared",
    "settled",
]
