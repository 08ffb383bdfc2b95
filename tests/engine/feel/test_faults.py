"""Faults name the place and the nearest known name; nothing hangs, grows or reaches Python."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from app.engine.feel import ExpressionFault, World, compile_expression, compile_tests


@pytest.mark.parametrize(
    ("source", "words", "line", "column"),
    [
        ("1 +", "A value is missing", 1, 4),
        ('"open', "closing quotation mark", 1, 1),
        ("'open'", "double quotation marks", 1, 1),
        ("(1,\n 2", "“)” is missing", 1, 3),
        ("[1,\n 2", "“]” is missing", 2, 3),
        ("if true then 1", "as every “if” needs one", 1, 15),
        ("1 mod 2", "does not fit here", 1, 3),
        ("a § b", "“§” has no meaning", 1, 3),
        ("1 + statis", "Did you mean “status”?", 1, 5),
        ("working_days_aftr(1)", "Did you mean “working_days_after”?", 1, 1),
        ("status approved", "operator missing", 1, 1),
        ("1e99999", "too large", 1, 1),
    ],
)
def test_a_fault_names_its_place(source: str, words: str, line: int, column: int) -> None:
    with pytest.raises(ExpressionFault) as found:
        compile_expression(source).evaluate({"status": "open"})
    assert words in found.value.sentence
    assert (found.value.line, found.value.column) == (line, column)


def test_an_unknown_name_is_null_where_the_world_is_not_strict() -> None:
    assert compile_expression("statis").evaluate({}, World(strict=False)) is None


def test_an_entry_that_only_some_items_have_is_null_but_a_misspelt_one_is_a_fault() -> None:
    scope = {"items": [{"a": 1}, {"b": 2}]}
    assert compile_expression("items[b = 2]").evaluate(scope) == [{"b": 2}]
    with pytest.raises(ExpressionFault):
        compile_expression("items[c = 2]").evaluate(scope)


#: forty for each of the 100,000 steps that an evaluation may take
MOST_CALLS = 4_000_000
HOSTILE = {"a": True, "xs": list(range(10_000)), "ys": list(range(10_000)), "big": "a" * 90_000}


@pytest.mark.parametrize(
    "source",
    [
        "for i in 1..10**9 return i",
        "every x in 1..10000, y in 1..10000 satisfies true",
        "for i in 1..60 return [partial, partial]",
        "string(for i in 1..60 return [partial, partial])",
        "flatten(for i in 1..60 return [partial, partial])",
        "(for i in 1..60 return [partial, partial]) = (for i in 1..60 return [partial, partial])",
        "for i in 1..60 return string join([string(partial), string(partial)])",
        'replace("' + "a" * 2000 + '", "a", "' + "b" * 2000 + '")',
        "{f: function(n) f(n + 1), r: f(1)}.r",
        "(" * 500 + "1" + ")" * 500,
        "[" * 4000,
        "-" * 9000,
        "a." * 4000 + "b",
        "if a then 1 else " * 500 + "2",
        "x" * 10_001,
        'for i in @"0001-01-01"..@"9999-12-31" return i',
        "[1..10**30][item > 1]" + "[true]" * 500,
        "for i in 1..99999 return xs = ys",
        "for i in 1..99999 return string(xs)",
        "for i in 1..99999 return sum(xs)",
        "for i in 1..99999 return 5 ** 2.55",
        "for i in 1..99999 return i in xs",
        "for i in 1..99999 return [i" + ", i" * 2000 + "]",
        'for i in 1..99999 return big + "x"',
        'for i in 1..99999 return contains(big, "aaab")',
        'for i in 1..99999 return split(big, "a")',
        'for i in 1..99999 return working_days_after("2026-03-25", 400)',
        "some x in xs satisfies (some y in xs satisfies y < 0)",
    ],
    ids=lambda source: source[:30],
)
def test_no_expression_hangs_or_eats_memory(source: str) -> None:
    """Counted in Python's calls: a busy machine makes none of them more."""
    with counted_calls() as calls, pytest.raises(ExpressionFault):
        compile_expression(source).evaluate(HOSTILE)
    assert calls[0] < MOST_CALLS


@contextmanager
def counted_calls() -> Iterator[list[int]]:
    """How many functions of Python are called inside, as the only item of a list."""
    calls = [0]

    def count(frame: Any, event: str, argument: Any) -> None:
        calls[0] += event == "call"

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        yield calls
    finally:
        sys.setprofile(before)


@pytest.mark.parametrize("source", ["10**6000 * 10**6000", "exp(10**9)", "9**9**9**9**9**9"])
def test_numbers_beyond_decimal128_are_null(source: str) -> None:
    assert compile_expression(source).evaluate({}) is None


def test_a_pattern_cannot_run_for_ever() -> None:
    begin = time.process_time()
    source = 'matches("' + "a" * 5000 + '", "^(a+)+$b")'
    assert compile_expression(source).evaluate({}) is False
    assert time.process_time() - begin < 1


class Secret:
    hidden = "reached"


@pytest.mark.parametrize(
    "source",
    [
        '"".__class__',
        "secret.hidden",
        "count.__globals__",
        "count.variants",
        "{a: 1}.keys",
        "now.call",
    ],
)
def test_no_attribute_of_python_can_be_reached(source: str) -> None:
    found = compile_expression(source).evaluate({"secret": Secret()})
    assert found is None


def test_a_budget_stops_an_evaluation() -> None:
    expression = compile_expression("count(for i in 1..50 return i)")
    assert expression.evaluate({}, World(budget=200)) == 50
    with pytest.raises(ExpressionFault, match="more than 20 steps"):
        expression.evaluate({}, World(budget=20))


def test_an_expression_may_have_ten_thousand_characters() -> None:
    assert compile_expression("1" + " " * 9_999).evaluate({}) == 1
    with pytest.raises(ExpressionFault, match="longer than 10,000 characters"):
        compile_expression("1" + " " * 10_000)


def test_compiling_is_cached() -> None:
    assert compile_expression("1 + 1") is compile_expression("1 + 1")
    assert compile_tests("> 1") is compile_tests("> 1")


def test_a_condition_costs_microseconds() -> None:
    expression = compile_expression('status = "open" and age < 18 and place in ["a", "b"]')
    scope: dict[str, Any] = {"status": "open", "age": 3, "place": "b"}
    expression.evaluate(scope)
    best = min(_seconds(expression, scope) for _ in range(20))
    assert best < 20e-6


def _seconds(expression: Any, scope: dict[str, Any]) -> float:
    begin = time.process_time()
    for _ in range(100):
        expression.evaluate(scope)
    return (time.process_time() - begin) / 100
