"""Input entries of decision tables."""

from __future__ import annotations

from typing import Any

import pytest

from app.engine.feel import World, compile_tests

SCOPE = {"limit": 10, "known": ["a", "b"], "flag": True}


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


def test_names_leave_the_question_mark_out() -> None:
    assert compile_tests("? > limit and flag").names == {"limit", "flag"}


def test_a_strict_world_knows_its_names() -> None:
    assert compile_tests("nowhere").matches(1, {}, World(strict=False)) is False
