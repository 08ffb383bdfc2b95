"""FEEL, the expression language of BPMN and DMN: compiling, evaluating, and sums of working days.

Owns the language, its values and the calendar. Knows nothing of diagrams, forms, cases or clocks.
"""

from app.engine.errors import ExpressionFault
from app.engine.feel import codec, functions, types
from app.engine.feel.arithmetic import add
from app.engine.feel.built_ins import BUILT_INS, REFUSED
from app.engine.feel.calendar import REGIONS, Calendar
from app.engine.feel.compiler import compiled
from app.engine.feel.expression import (
    Expression,
    UnaryTests,
    compile_expression,
    compile_tests,
    literal_or_expression,
)
from app.engine.feel.logic import order
from app.engine.feel.only_null import only_null
from app.engine.feel.scopes import Env
from app.engine.feel.settle import settled
from app.engine.feel.sums import Sum
from app.engine.feel.syntax import parse, parse_tests
from app.engine.feel.temporal import moved_months
from app.engine.feel.texts import days_text, months_text
from app.engine.feel.values import Function, Range, Wide, YearsMonths, kind, number
from app.engine.feel.world import PLAIN, Run, World, nearest

__all__ = [
    "BUILT_INS",
    "PLAIN",
    "REFUSED",
    "REGIONS",
    "Calendar",
    "Env",
    "Expression",
    "ExpressionFault",
    "Function",
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
    "nearest",
    "number",
    "only_null",
    "order",
    "parse",
    "parse_tests",
    "settled",
    "types",
]
