"""FEEL, the expression language of BPMN and DMN: compiling, evaluating, and sums of working days.

Owns the language, its values and the calendar. Knows nothing of diagrams, forms, cases or clocks.
"""

from app.engine.errors import ExpressionFault
from app.engine.feel import codec, types
from app.engine.feel.calendar import Calendar
from app.engine.feel.expression import (
    Expression,
    UnaryTests,
    compile_expression,
    compile_tests,
    literal_or_expression,
)
from app.engine.feel.functions import (
    camunda as built_camunda,
)
from app.engine.feel.functions import (
    contexts as built_contexts,
)
from app.engine.feel.functions import (
    json_texts as built_json,
)
from app.engine.feel.functions import (
    lists as built_lists,
)
from app.engine.feel.functions import (
    numbers as built_numbers,
)
from app.engine.feel.functions import (
    ranges as built_ranges,
)
from app.engine.feel.functions import (
    statistics as built_statistics,
)
from app.engine.feel.functions import (
    strings as built_strings,
)
from app.engine.feel.functions import (
    times as built_times,
)
from app.engine.feel.functions import (
    working_days as built_working,
)
from app.engine.feel.functions.registry import BUILT_INS, REFUSED
from app.engine.feel.only_null import only_null
from app.engine.feel.sums import Sum
from app.engine.feel.values import Function, Range, YearsMonths, kind
from app.engine.feel.world import PLAIN, World, nearest

#: modules whose import fills the table of built-in functions
_FILLING = (
    built_camunda,
    built_contexts, built_json, built_lists, built_numbers, built_ranges,
    built_statistics, built_strings, built_times, built_working,
)  # fmt: skip

__all__ = [
    "BUILT_INS", "PLAIN", "REFUSED", "Calendar", "Expression", "ExpressionFault", "Function",
    "Range", "Sum", "UnaryTests", "World", "YearsMonths", "codec", "compile_expression",
    "compile_tests", "kind", "literal_or_expression", "nearest", "only_null", "types",
]  # fmt: skip
