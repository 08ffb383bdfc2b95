"""Rows with `from` and `until` are in force on their days in London, both days included."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.engine.feel import ExpressionFault, World, compile_expression

ROWS: list[Any] = [
    {"value": "always"},
    {"value": "old", "until": "2027-03-31"},
    {"value": "new", "from": "2027-04-01"},
    {"value": "short", "from": "2027-03-31", "until": "2027-04-01"},
]


def values(source: str, now: datetime | None, rows: Any = ROWS) -> Any:
    found = compile_expression(source).evaluate({"rows": rows}, World(now=now))
    return found and [one["value"] if isinstance(one, dict) else one for one in found]


@pytest.mark.parametrize(
    ("now", "found"),
    [
        (datetime(2027, 3, 30, 12, tzinfo=UTC), ["always", "old"]),
        (datetime(2027, 3, 31, 12, tzinfo=UTC), ["always", "old", "short"]),
        (datetime(2027, 3, 31, 22, 59, tzinfo=UTC), ["always", "old", "short"]),
        (datetime(2027, 3, 31, 23, 0, tzinfo=UTC), ["always", "new", "short"]),
        (datetime(2027, 4, 1, 22, 59, tzinfo=UTC), ["always", "new", "short"]),
        (datetime(2027, 4, 1, 23, 0, tzinfo=UTC), ["always", "new"]),
    ],
    ids=["before", "last day", "a minute before midnight in London", "midnight in London",
         "last minute of the last day", "the day after"],
)  # fmt: skip
def test_a_row_begins_and_ends_at_midnight_in_london(now: datetime, found: list[str]) -> None:
    assert values("in_force(rows)", now) == found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("in_force(rows, @\"2027-03-31\")", ["always", "old", "short"]),
        ('in_force(rows, "2027-04-02")', ["always", "new"]),
        ("in_force(rows, date and time(\"2027-03-31T23:30:00Z\"))", ["always", "new", "short"]),
        ("in_force([1, 2])", [1, 2]),
        ("in_force([])", []),
        ("in_force(null)", None),
        ("in_force(rows, null)", None),
        ('in_force(rows, "soon")', None),
    ],
)  # fmt: skip
def test_another_day_can_be_asked_for(source: str, found: list[Any] | None) -> None:
    assert values(source, datetime(2026, 6, 1, tzinfo=UTC)) == found


def test_dates_count_as_texts_do() -> None:
    rows = [
        {"value": "old", "until": date(2027, 3, 31)},
        {"value": "new", "from": date(2027, 4, 1)},
    ]
    assert values("in_force(rows)", datetime(2027, 4, 1, 9, tzinfo=UTC), rows) == ["new"]


def test_without_a_present_nothing_is_guessed() -> None:
    with pytest.raises(ExpressionFault):
        values("in_force(rows)", None)
