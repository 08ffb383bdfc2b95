"""Types by name, and what declared types do to values."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from app.engine.feel import ExpressionFault, types

NAMED = {"tAge": "number", "tAges": "list<tAge>", "tLoop": "list<tLoop>"}


@pytest.mark.parametrize(
    ("value", "name", "expected"),
    [
        (Decimal(1), "number", True),
        (None, "Any", False),
        ([Decimal(1)], "list<number>", True),
        (["a"], "list<number>", False),
        ({"a": "x", "b": Decimal(1)}, "context<a: string>", True),
        ({"a": "x"}, "context<a: string, b: number>", False),
        ([Decimal(1)], "tAges", True),
        ([["a"]], "tLoop", None),
        (Decimal(1), "tUnknown", None),
        ("a", "date and time", False),
    ],
)
def test_instance_of(value: Any, name: str, expected: bool | None) -> None:
    assert types.conforms_named(value, name, NAMED) is expected


@pytest.mark.parametrize(
    ("value", "name", "expected"),
    [
        (["a"], "string", "a"),
        ("a", "list<string>", ["a"]),
        (["a", "b"], "string", None),
        (Decimal(1), "string", None),
        (date(2026, 4, 2), "date and time", datetime(2026, 4, 2, tzinfo=UTC)),
        ([None, Decimal(1)], "list of number", [None, Decimal(1)]),
    ],
)
def test_coercion(value: Any, name: str, expected: Any) -> None:
    assert types.coerce_named(value, name, NAMED) == expected


def test_what_is_no_type_is_a_fault() -> None:
    with pytest.raises(ExpressionFault):
        types.parse("list<number")
