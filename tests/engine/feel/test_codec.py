"""Every value survives storing, a number with its scale; the same values have the same bytes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.errors import Fault
from app.engine.feel import Function, Range, YearsMonths, codec, compile_expression

ZONES = st.sampled_from(
    [None, UTC, timezone(timedelta(hours=-5, minutes=30)), ZoneInfo("Europe/London")]
)
SIMPLE = st.one_of(
    st.none(), st.booleans(), st.text(),
    st.decimals(-(10**20), 10**20, places=9),
    st.integers(-(10**20), 10**20).map(Decimal),
    st.dates(), st.times(),
    st.datetimes(timezones=ZONES, min_value=datetime(1900, 1, 1)),
    st.timedeltas(min_value=timedelta(days=-10**6), max_value=timedelta(days=10**6)),
    st.integers(-10**6, 10**6).map(YearsMonths),
)  # fmt: skip
VALUES = st.recursive(
    SIMPLE,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["type", "value", "a", "b c"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(VALUES)
def test_a_value_comes_back(value: Any) -> None:
    assert codec.loads(codec.dumps(value)) == value
    assert codec.dumps(codec.loads(codec.dumps(value))) == codec.dumps(value)


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        (Decimal("1E+3"), 1000),
        (Decimal("1.0"), {"type": "number", "value": "1.0"}),
        (Decimal("12.50"), {"type": "number", "value": "12.50"}),
        (Decimal("-0"), 0),
        (3, 3),
        (Decimal("1.5"), {"type": "number", "value": "1.5"}),
        (date(2026, 4, 2), {"type": "date", "value": "2026-04-02"}),
        (time(9, 30), {"type": "time", "value": "09:30:00"}),
        (
            datetime(2026, 4, 2, 9, tzinfo=UTC),
            {"type": "date and time", "value": "2026-04-02T09:00:00Z"},
        ),
        (timedelta(hours=36), {"type": "days and time duration", "value": "P1DT12H"}),
        (YearsMonths(-14), {"type": "years and months duration", "value": "-P1Y2M"}),
        ({"type": "x", "value": 1}, {"type": "context", "value": {"type": "x", "value": 1}}),
    ],
)  # fmt: skip
def test_stored_form(value: Any, stored: Any) -> None:
    assert codec.encode(value) == stored
    assert codec.decode(stored) == value


@pytest.mark.parametrize("text", ["6.223015277861141707144064053780124E-61", "1E+6000", "-0.1"])
def test_a_number_keeps_all_its_digits(text: str) -> None:
    assert codec.loads(codec.dumps(Decimal(text))) == Decimal(text)


def test_bytes_are_canonical() -> None:
    assert codec.dumps({"b": Decimal("1.5"), "a": "é"}) == codec.dumps(
        {"a": "é", "b": Decimal("1.5")}
    )
    assert codec.dumps({"b": 1, "a": [None]}) == b'{"a":[null],"b":1}'


def test_the_second_of_two_equal_clock_times_keeps_its_instant() -> None:
    second = datetime(2026, 10, 25, 1, 30, tzinfo=ZoneInfo("Europe/London"), fold=1)
    assert codec.loads(codec.dumps(second)).astimezone(UTC) == second.astimezone(UTC)


def test_other_eras_nanoseconds_and_ranges_come_back() -> None:
    source = '[@"-0044-03-15", @"10:00:00.123456789", [1..3), (< 10), (= 10)]'
    found = compile_expression(source).evaluate({})
    assert codec.loads(codec.dumps(found)) == found
    assert isinstance(found[2], Range)


def test_a_function_cannot_be_stored() -> None:
    with pytest.raises(Fault):
        codec.dumps({"f": Function("f", (), lambda: None)})


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        pytest.param("date", "2026-02-30", id="no day"),
        pytest.param("number", "Infinity", id="endless"),
        pytest.param("number", "NaN", id="not a number"),
        pytest.param("number", "twelve", id="a word"),
    ],
)
def test_a_wrong_stored_text_is_a_fault(kind: str, text: str) -> None:
    with pytest.raises(Fault):
        codec.decode({"type": kind, "value": text})


def test_a_number_keeps_its_scale() -> None:
    for text in ("12.50", "3.00", "0.00", "1.50E-50"):
        back = codec.loads(codec.dumps(Decimal(text)))
        assert back.as_tuple() == Decimal(text).as_tuple()
