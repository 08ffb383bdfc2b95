"""What people call a value is looked up in one list; a value that nobody listed is its own name."""

from __future__ import annotations

from typing import Any

import pytest

from app.engine.feel import World, compile_expression

ROWS: list[Any] = [
    {"value": "north", "label": "North School"},
    {"value": "north", "label": "Another of the same value"},
    {"value": "bare"},
    "text",
]


@pytest.mark.parametrize(
    ("source", "label"),
    [
        ('label_of("north", rows)', "North School"),
        ('label_of("bare", rows)', "bare"),
        ('label_of("Typed by hand", rows)', "Typed by hand"),
        ('label_of("text", rows)', "text"),
        ('label_of("north", [])', "north"),
        ("label_of(null, rows)", None),
        ('label_of("north", null)', None),
        ("label_of(1, rows)", None),
    ],
)
def test_a_value_is_called_by_its_row_or_by_itself(source: str, label: str | None) -> None:
    assert compile_expression(source).evaluate({"rows": ROWS}, World()) == label
