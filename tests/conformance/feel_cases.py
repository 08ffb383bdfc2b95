"""Runs the expressions of feel.jsonl and compares as the folder's README says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from app.engine.errors import Fault
from app.engine.feel import World, codec, compile_expression, types
from app.engine.feel.values.kinds import Range, kind
from tests.limits import Overdue, within

TOLERANCE = Decimal("1e-8")
#: seconds of processor time for an expression
LIMIT_S = 10
WORLD = World(now=datetime(2026, 3, 25, 12, tzinfo=UTC), strict=False)
_TYPES = "compliance-level-3/0070-feel-instance-of/0070-feel-instance-of-test-01"
#: id → why it is known not to be right; anything else that is wrong is a fault
KNOWN = {
    f"{_TYPES}/{id}": f"it speaks of the named type {name}, which its model defines and the set not"
    for id, name in {
        "string_013": "tFooBar",
        "list_013": "tNumberList",
        "list_014_a": "tAnyList",
        "list_017": "tNumberList",
        "list_019": "t_context_013",
        "context_016": "t_context_013",
    }.items()
}


class Wrong(NamedTuple):
    id: str
    expression: str
    expected: Any
    got: Any


def read(path: Path) -> list[dict[str, Any]]:
    """The cases; numbers exact."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line, parse_float=Decimal, parse_int=Decimal) for line in lines]


def value(stored: Any) -> Any:
    """A value of the set. Only a pair of a known type is one; other contexts stay contexts."""
    if isinstance(stored, Mapping):
        if stored.keys() == {"type", "value"}:
            return codec.decode(stored)
        return {key: value(item) for key, item in stored.items()}
    return [value(item) for item in stored] if isinstance(stored, list) else stored


def same(got: Any, expected: Any) -> bool:
    """Equal, numbers within 1e-8; all else to the last digit, ends of ranges and zones too."""
    if kind(got) != kind(expected):
        return False
    if isinstance(got, Decimal):
        return abs(got - expected) <= TOLERANCE
    if isinstance(got, list):
        return len(got) == len(expected) and all(map(same, got, expected))
    if isinstance(got, dict):
        return got.keys() == expected.keys() and all(same(got[k], expected[k]) for k in got)
    if isinstance(got, Range):
        closed = _closed(got) == _closed(expected)
        return closed and same(got.start, expected.start) and same(got.end, expected.end)
    return bool(codec.encode(got) == codec.encode(expected))


def _closed(one: Range) -> tuple[bool, ...]:
    return (one.start_included, one.end_included, one.open_start, one.open_end)


def evaluate(case: Mapping[str, Any]) -> Any:
    """The result of a case, coerced to its declared type; a fault is null, as DMN says."""
    inputs = {}
    for name, stored in case.get("inputs", {}).items():
        wanted = case.get("input_types", {}).get(name)
        known = value(stored)
        inputs[name] = types.coerce_named(known, wanted) if wanted else known
    try:
        found = compile_expression(case["expression"], inputs).evaluate(inputs, WORLD)
    except Fault:
        return None
    return types.coerce_named(found, case["type"]) if case.get("type") else found


def run(path: Path) -> tuple[int, list[Wrong]]:
    """How many are right, and what is not."""
    right, wrong = 0, []
    for case in read(path):
        expected = value(case["expected"])
        try:
            with within(LIMIT_S):
                got = evaluate(case)
        except Overdue:
            got = f"nothing after {LIMIT_S} s of processor time"
        except Exception as error:  # a crash is a wrong answer with a name
            got = f"{type(error).__name__}: {error}"
        if same(got, expected):
            right += 1
        else:
            wrong.append(Wrong(case["id"], case["expression"], expected, got))
    return right, wrong
