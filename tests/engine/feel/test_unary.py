"""Input entries of decision tables."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from app.engine.feel import World, compile_expression, compile_tests

MOMENT = datetime(2026, 3, 29, tzinfo=UTC)
SCOPE = {
    "limit": 10, "known": ["a", "b"], "flag": True, "nothing": None, "case": {"urgent": True},
}  # fmt: skip


@pytest.mark.parametrize(
    ("tests", "value", "expected"),
    [
        ("-", None, True),
        ("", 5, True),
        ('"a","b"', "b", True),
        ('"a","b"', "c", False),
        ('not("a","b")', "c", True),
        ('not("a","b")', "a", False),
        ("not(flag)", False, True),
        ("> 3", 4, True),
        ("> 3", None, None),
        ("<= limit", 10, True),
        ("[1..5]", 5, True),
        ("[1..5)", 5, False),
        ("]1..5[, 9", 9, True),
        ("< 0, > limit", 11, True),
        ("known", "b", True),
        ('"x", known', "b", True),
        ("null", None, True),
        ("null", 1, False),
        ("true", True, True),
        ("true", False, False),
        ("? > 3 and ? < limit", 4, True),
        ("contains(?, \"ell\")", "hello", True),
        ("?.kind = \"x\"", {"kind": "x"}, True),
        ("limit > 3", "anything", True),
        ('date("2026-01-01")', None, False),
        ("= 3", 3, True),
        ("!= 3", 4, True),
        ("[\"a\", \"b\"]", ["a", "b"], True),
        ("-1", -1, True),
    ],
)  # fmt: skip
def test_entry_matches(tests: str, value: Any, expected: bool | None) -> None:
    assert compile_tests(tests).matches(value, SCOPE) is expected


#: a test of another kind than its value cannot be said, and no `not(…)` turns that round
APART = [
    pytest.param("true", "no", None, id="a text is not true"),
    pytest.param("true", 3, None, id="a number is not true"),
    pytest.param("true", [True], None, id="a list is not true"),
    pytest.param("true", {"a": True}, None, id="a context is not true"),
    pytest.param("true", None, False, id="null is not true"),
    pytest.param("false", None, False, id="null is not false"),
    pytest.param("false", "no", None, id="a text is not false"),
    pytest.param("not(true)", None, True, id="null is not true, so not(true) has it"),
    pytest.param("not(true)", "no", None, id="not(true) has no text"),
    pytest.param("flag", "yes", None, id="the name of something true is compared"),
    pytest.param("flag", True, True, id="and has what is true"),
    pytest.param("case.urgent", "yes", None, id="so is a path"),
    pytest.param("true, false", 0, None, id="neither of two truths is a number"),
    pytest.param('not("rejected")', False, None, id="not a text, of a checkbox"),
    pytest.param("not(0)", "0", None, id="not a number, of a text"),
    pytest.param('not(@"2026-03-29")', "2026-03-29", None, id="not a date, of a text"),
    pytest.param('not(date("2026-03-29"))', 5, None, id="not a date, of a number"),
    pytest.param('not(@"P1D")', "P1D", None, id="not a duration, of a text"),
    pytest.param('not(@"2026-03-29")', MOMENT, None, id="not a date, of a date and time"),
    pytest.param('not({a: 1})', "a", None, id="not a context, of a text"),
    pytest.param('not("a", "b")', 1, None, id="not one of several texts, of a number"),
    pytest.param('not("a", 1)', 1, False, id="one of two kinds is met"),
    pytest.param('not("a", 1)', 2, None, id="one of two kinds is not, the other cannot be said"),
    pytest.param("not(known)", 3, None, id="not a list of texts, of a number"),
    pytest.param('not(["a", "b"])', True, None, id="not a written list, of a checkbox"),
    pytest.param('not(["a", "b"])', "c", True, id="a text that is not in the list"),
    pytest.param('not("a")', ["a"], None, id="not a text, of a list"),
    pytest.param('not(["a", "b"])', ["a"], True, id="another list"),
    pytest.param("not([1..5])", "3", None, id="not an interval of numbers, of a text"),
    pytest.param('not(not("a"))', "a", True, id="twice not"),
    pytest.param('not(not("a"))', 1, None, id="twice not, of another kind"),
    pytest.param('"x", not("a")', "b", True, id="not among other tests"),
    pytest.param('"x", not("a")', 1, None, id="not among other tests, of another kind"),
    pytest.param('not("rejected")', None, True, id="null is not a text"),
    pytest.param("> 3", "4", None, id="a text is not more than a number"),
    pytest.param("not(> 3)", "4", None, id="nor not more"),
    pytest.param("limit > 3", "anything", True, id="a condition on other names decides itself"),
    pytest.param("not(limit > 3)", "anything", False, id="and is turned round"),
    pytest.param("nothing > 3", "anything", None, id="one that cannot be said stays so"),
    pytest.param("nothing > 3", None, None, id="also for null"),
    pytest.param("not(nothing > 3)", "anything", None, id="and under not"),
    pytest.param("list contains(known, \"a\")", 5, True, id="a function that says true"),
    pytest.param("?", False, False, id="the value itself, false"),
    pytest.param("not(? = 1)", "1", None, id="a test with ? is not turned round either"),
]  # fmt: skip


@pytest.mark.parametrize(("tests", "value", "expected"), APART)
def test_a_test_of_another_kind_cannot_be_said(tests: str, value: Any, expected: Any) -> None:
    assert compile_tests(tests).matches(value, SCOPE) is expected


@pytest.mark.parametrize(
    ("tests", "value", "then"),
    [
        pytest.param("true", "no", True, id="a truth matched what is none"),
        pytest.param('not("rejected")', False, True, id="not was turned round"),
        pytest.param("not(true)", None, False, id="null was not"),
        pytest.param('"a"', 3, False, id="another kind was false"),
        pytest.param('not(not("a"))', 1, True, id="twice not was a value"),
    ],
)
def test_an_old_entry_is_run_again_as_it_was_meant(tests: str, value: Any, then: bool) -> None:
    assert compile_tests(tests).matches(value, SCOPE, World(meaning=1)) is then


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param('3 in ("a", "b")', None, id="a number in texts"),
        pytest.param('not(flag in ("rejected"))', None, id="is not turned round"),
        pytest.param('flag in ["a"]', None, id="nor of a list"),
        pytest.param("null in [1, 2]", False, id="null is simply not there"),
        pytest.param('"a" in ["b", "a"]', True, id="a text among texts"),
    ],
)
def test_in_says_the_same_within_an_expression(source: str, expected: bool | None) -> None:
    assert compile_expression(source).evaluate(SCOPE) is expected


def test_names_leave_the_question_mark_out() -> None:
    assert compile_tests("? > limit and flag").names == {"limit", "flag"}


def test_a_strict_world_knows_its_names() -> None:
    assert compile_tests("nowhere").matches(1, {}, World(strict=False)) is False
