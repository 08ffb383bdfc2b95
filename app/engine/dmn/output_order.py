"""Owns comparing the outputs of rules: of one kind and equal, or one before the other.

FEEL's own comparison is `feel`; here null is a value like others and nothing is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.engine.feel import kind


def same(value: Any, other: Any) -> bool:
    """Whether two outputs are the same; true is not 1 here."""
    if kind(value) != kind(other):
        return False
    if isinstance(value, list):
        return len(value) == len(other) and all(map(same, value, other))
    if isinstance(value, Mapping):
        return value.keys() == other.keys() and all(same(value[key], other[key]) for key in value)
    return bool(value == other)


def place(value: Any, order: list[Any]) -> int:
    """Where the value stands in the list of output values; values not in it come last."""
    return next((n for n, output in enumerate(order) if same(value, output)), len(order))
