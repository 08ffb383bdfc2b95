"""Every operator and built-in, given the greatest, smallest and strangest: a value or a fault.

No number that comes out is endless, whatever is stored comes back, and nothing ends in an error of
Python's own (`_NOT_POSSIBLE` is the net beneath; here it must stay empty).
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.engine.feel import (
    BUILT_INS,
    Calendar,
    ExpressionFault,
    World,
    YearsMonths,
    codec,
    compile_expression,
    compile_tests,
    kind,
)
from app.engine.feel.compiler.expression import _NOT_POSSIBLE

NOW = datetime(2026, 3, 25, 12, tzinfo=UTC)
WORLDS = [
    World(now=NOW, calendar=Calendar.of(), budget=20_000),
    World(now=NOW, calendar=Calendar.of(), budget=20_000, strict=False, meaning=1),
]
EXTREMES = [
    part.strip()
    for part in r"""
0 | 1 | -1 | -0.0 | 0.5 | -2.5 | 3.70 | 1e6144 | -1e6144 | 1e-6143 | 1e40 | 10**30 | 0 ** -1
9999999999999999999999999999999999 | "" | "a" | "1e6144" | "-P1D" | "9999-12-31" | "[1..5]" | "("
"i" | "Europe/London" | "\ud83d" | true | null | [] | [1, 2, 3] | [null, "a"] | [[1], [1, [2]]]
{} | {a: 1} | [{key: "a", value: 1}] | [1..3] | (< 10) | (= 3) | ("a".."c") | (1e6144..1)
@"2026-03-29" | @"9999-12-31" | @"0001-01-01" | @"-999999999-01-01" | @"999999999-12-31"
@"10:00:00" | @"23:59:59.999999999+18:00" | @"00:00:00-18:00"
@"2026-03-29T01:30:00@Europe/London" | @"0001-01-01T00:00:00+18:00" | @"9999-12-31T23:59:59-18:00"
@"999999999-12-31T23:59:59Z" | @"-999999999-01-01T00:00:00@Europe/London"
@"P999999999D" | @"-P999999999DT23H59M59.999999999S" | @"PT0.000000001S" | @"PT0S" | @"P1M"
@"P1000000000Y" | @"-P1000000000Y" | function(a) a | function(a, b) a < b | count
""".replace("\n", " | ").split(" | ")
    if part.strip()
]
OPERATORS = ("+", "-", "*", "/", "**", "=", "!=", "<", ">=", "in", "and", "or")
#: kinds that `codec` has no form of its own for
PLAIN = frozenset({"null", "boolean", "string"})
PROPERTIES = ("year", "weekday", "hour", "second", "time offset", "timezone", "days", "start", "x")


def endless(value: Any) -> bool:
    if isinstance(value, Decimal):
        return not value.is_finite()
    if isinstance(value, list):
        return any(map(endless, value))
    return isinstance(value, dict) and any(map(endless, value.values()))


def storable(value: Any) -> bool:
    if kind(value) in ("function", "range"):
        return False
    inside = value if isinstance(value, list) else []
    inside = list(value.values()) if isinstance(value, dict) else inside
    return all(map(storable, inside))


def checked(source: str, scope: Mapping[str, Any] = MappingProxyType({})) -> None:
    """Works an expression out in a case of today and as DMN alone says, long ago."""
    for world in WORLDS:
        try:
            found = compile_expression(source).evaluate(scope, world)
        except ExpressionFault as fault:
            assert fault.sentence != _NOT_POSSIBLE, (source, scope)
            continue
        assert not endless(found), (source, scope)
        if kind(found) not in PLAIN and storable(found):
            again = codec.loads(codec.dumps(found))
            assert codec.dumps(again) == codec.dumps(found), (source, scope)


#: each as a value; a name for each place they are put into
VALUES = [compile_expression(source).evaluate({}) for source in EXTREMES]
PLACES = ("a", "b", "c", "d", "e", "f", "g", "h")


def values(count: int, seed: str) -> Iterator[dict[str, Any]]:
    """All of one or two values, and some of more, by the names of their places."""
    rows: Any = itertools.product(VALUES, repeat=count)
    if count > 2:
        some = random.Random(seed)
        rows = [some.choices(VALUES, k=count) for _ in range(400)]
    for row in rows:
        yield dict(zip(PLACES, row, strict=False))


@pytest.mark.parametrize("sign", OPERATORS)
def test_every_operator_between_all_pairs(sign: str) -> None:
    for scope in values(2, sign):
        checked(f"a {sign} b", scope)
    some = random.Random(sign)
    for _ in range(100):  # as they are written, so worked out when compiled
        checked(f"{some.choice(EXTREMES)} {sign} {some.choice(EXTREMES)}")


def test_every_filter_property_and_interval() -> None:
    for scope in values(2, ""):
        checked("a[b]", scope)
        checked("[a..b]", scope)
    for scope in values(1, ""):
        checked("-a", scope)
        for name in PROPERTIES:
            checked(f"a.{name}", scope)


@pytest.mark.parametrize("name", sorted(BUILT_INS))
def test_every_built_in_of_none_one_two_or_more(name: str) -> None:
    counts = [n for n in range(6) if any(one.takes(n) for one in BUILT_INS[name].variants)]
    for count in counts:
        source = f"{name}({', '.join(PLACES[:count])})"
        for scope in values(count, name):
            checked(source, scope)
    some = random.Random(name)
    for _ in range(20):
        checked(f"{name}({', '.join(some.choices(EXTREMES, k=max(counts)))})")


@given(st.lists(st.sampled_from(EXTREMES), min_size=3, max_size=3))
@settings(max_examples=300, deadline=None)
def test_every_loop_choice_and_test(row: list[str]) -> None:
    a, b, c = row
    checked(f"for i in {a}..{b} return i = {c}")
    checked(f"some i in {a} satisfies i < {b}")
    checked(f"if {a} then {b} else {c}")
    checked(f"{a} between {b} and {c}")
    checked(f"{{x: {a}, y: x = {b}}}.y = {c}")


@given(st.lists(st.sampled_from(EXTREMES), min_size=2, max_size=2))
@settings(max_examples=200, deadline=None)
def test_every_input_entry(row: list[str]) -> None:
    value = compile_expression(row[0]).evaluate({}, WORLDS[0])
    for entry in (row[1], f"not({row[1]})", f"> {row[1]}", f"? = {row[1]}"):
        try:
            found = compile_tests(entry).matches(value, {}, WORLDS[0])
        except ExpressionFault as fault:
            assert fault.sentence != _NOT_POSSIBLE, entry
            continue
        assert found in (True, False, None)


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("0 ** -1", id="nothing to a negative power"),
        pytest.param("-0.0 ** -3", id="negative nothing to a negative power"),
        pytest.param("floor(0 ** -1)", id="rounded"),
        pytest.param("round half up(100 * 0 ** -1, 2)", id="rounded to pence"),
        pytest.param('substring("abc", 0 ** -1)', id="as a position in a text"),
        pytest.param("sublist([1, 2], 0 ** -1)", id="as a position in a list"),
        pytest.param("for i in 1..(0 ** -1) return i", id="as the end of a loop"),
        pytest.param('working_days_after(date("2026-01-01"), 0 ** -1)', id="as a number of days"),
        pytest.param("endless + 1", id="endless from outside"),
        pytest.param("endless", id="endless as it is"),
        pytest.param("inside[1]", id="endless in a list from outside"),
        pytest.param("nan * 2", id="not a number, from outside"),
        pytest.param('years and months duration(@"-999999999-01-01", @"999999999-12-31")',
                     id="more months than can be written"),
    ],
)  # fmt: skip
def test_what_has_no_value_is_null(source: str) -> None:
    inf, nan = Decimal("Infinity"), Decimal("NaN")
    scope = {"endless": inf, "nan": nan, "inside": [float("inf"), inf]}
    assert compile_expression(source).evaluate(scope, WORLDS[0]) is None


def test_a_condition_on_nothing_decides_nothing() -> None:
    source = 'if (age - 20) ** -1 > 5 then "refer" else "no action"'
    assert compile_expression(source).evaluate({"age": 20}, WORLDS[0]) == "no action"


def test_the_last_day_there_is() -> None:
    last = compile_expression('last day of month(@"999999999-12-03")').evaluate({})
    assert codec.encode(last)["value"] == "999999999-12-31"
    assert compile_expression('@"P12000000000M"').evaluate({}) == YearsMonths(12_000_000_000)
