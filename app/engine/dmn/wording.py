"""Owns how sentences about decisions name values, their kinds, inputs and rules.

What is wrong with a decision is said by whoever finds it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from app.engine import saying
from app.engine.feel import YearsMonths, days_text, kind, months_text

MOST_SAID = 80
_KINDS: Mapping[str, str] = {
    "null": saying.NOTHING,
    "string": "a text",
    "number": "a number",
    "boolean": "true or false",
    "date": "a date",
    "date and time": "a date and time",
    "time": "a time",
    "days and time duration": "a duration",
    "years and months duration": "a duration of months",
    "list": "a list",
    "context": "a context",
    "range": "an interval",
    "function": "a function",
}


def in_words(value: Any) -> str:
    """A value as its owner writes it, cut where it is long: “yes” for a text, true, 12, nothing."""
    if value is None:
        return saying.NOTHING
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"“{_cut(value)}”"
    if isinstance(value, timedelta):
        return days_text(value)
    if isinstance(value, YearsMonths):
        return months_text(value)
    if isinstance(value, list):
        return f"({_cut(', '.join(in_words(member) for member in value[:MOST_SAID]))})"
    return _cut(saying.text(value))


def with_kind(value: Any) -> str:
    """A value after what kind it is of: “the text “no””, “the number 3”, “a list (1, 2)”."""
    named = kind_in_words(kind(value))
    if value is None or isinstance(value, bool):
        return in_words(value)
    if kind(value) in ("list", "context", "range", "function"):
        return f"{named} {in_words(value)}" if isinstance(value, list) else named
    return f"{named.replace('a ', 'the ', 1)} {in_words(value)}"


def kind_in_words(name: str) -> str:
    return _KINDS.get(name, name)


def rules_named(numbers: Iterable[int]) -> str:
    """1, 2 and 5"""
    return saying.joined(map(str, numbers))


def inputs_told(inputs: Mapping[str, Any]) -> str:
    """What the columns of a table saw; “nothing” for a table without columns."""
    said = [f"{label} = {saying.text(value) or saying.NOTHING}" for label, value in inputs.items()]
    return ", ".join(said)[:500] or saying.NOTHING


def _cut(text: str) -> str:
    return text if len(text) <= MOST_SAID else f"{text[: MOST_SAID - 1]}…"
