"""Corners of the language: names in back-ticks, filters of nothing, names that may be unknown."""

from __future__ import annotations

from typing import Any

import pytest

from app.engine.feel import ExpressionFault, World, compile_expression


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("`name with spaces` + 1", 4, id="as a value"),
        pytest.param("`a-b` + 1", 6, id="with a sign"),
        pytest.param("`black and white`", "grey", id="with a key word"),
        pytest.param("case.`due date`", "soon", id="in a path"),
        pytest.param("{`x y`: 1, z: `x y` + 1}.z", 2, id="as an entry"),
        pytest.param("for `one item` in [1, 2] return `one item` * 2", [2, 4], id="in a loop"),
        pytest.param("some `an item` in [1] satisfies `an item` = 1", True, id="in a quantifier"),
        pytest.param("{f: function(`a b`) `a b`, r: f(3)}.r", 3, id="as a parameter"),
        pytest.param("{f: function(`a b`: number) `a b`, r: f(`a b`: 3)}.r", 3, id="by its name"),
        pytest.param("[{`a b`: 1}][`a b` = 1].`a b`", [1], id="in a filter"),
        pytest.param("`count`([1])", 1, id="as a function"),
        pytest.param("`name   with spaces`", 3, id="with more spaces than one"),
        pytest.param("if `a-b` = 5 then `a-b` else 0", 5, id="in a choice"),
    ],
)
def test_names_in_back_ticks_are_read(source: str, expected: Any) -> None:
    scope = {
        "name with spaces": 3, "a-b": 5, "black and white": "grey", "case": {"due date": "soon"},
    }  # fmt: skip
    assert compile_expression(source).evaluate(scope) == expected


@pytest.mark.parametrize(
    ("source", "words"),
    [
        pytest.param("`a b", "closing back-tick is missing", id="left open"),
        pytest.param("`` + 1", "between these back-ticks", id="empty"),
        pytest.param("`nobody` + 1", "no name “nobody”", id="unknown"),
    ],
)
def test_back_ticks_around_no_name_are_a_fault(source: str, words: str) -> None:
    with pytest.raises(ExpressionFault, match=words):
        compile_expression(source).evaluate({})


def test_names_in_back_ticks_are_the_names_an_expression_needs() -> None:
    assert compile_expression("`a b` + c").names == {"a b", "c"}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("[3..7[.end", 7, id="the end of an open interval"),
        pytest.param("[3..7[.end + 1", 8, id="and on"),
        pytest.param("5 in [3..7[", True, id="a value in it"),
        pytest.param("[][1]", None, id="the first of nothing"),
        pytest.param("[][one]", None, id="by a variable"),
        pytest.param("[][one + 1]", None, id="by a sum"),
        pytest.param("[][item > 1]", [], id="nothing filtered"),
        pytest.param("[][anything = 1]", [], id="by an entry nobody has"),
        pytest.param("[][anything]", [], id="by a name nobody has"),
        pytest.param("[5][one]", 5, id="the only one"),
        pytest.param("{f: function(a.b) a.b + 1, r: f(1)}.r", 2, id="a parameter with a dot"),
        pytest.param("for a.b in [1, 2] return a.b", [1, 2], id="a loop over one with a dot"),
        pytest.param("(= 10) = [10..10]", False, id="an exact value is no interval"),
        pytest.param("(= 10) = (= 10)", True, id="an exact value is itself"),
        pytest.param("10 in (= 10)", True, id="and holds it"),
        pytest.param('number("+5")', 5, id="a number with its sign"),
        pytest.param('number("+-5")', None, id="but one"),
        pytest.param('matches("a\\u000Db", "a.b")', False, id="a dot and a carriage return"),
        pytest.param('matches("a\\nb", "a.b")', False, id="a dot and a new line"),
        pytest.param('matches("a\\u000Db", "a.b", "s")', True, id="unless it is any sign"),
        pytest.param('matches("a.b", "a[.]b")', True, id="a dot in a class"),
        pytest.param("is empty({})", None, id="a context is no list"),
        pytest.param("union(null, [1])", None, id="null is no list"),
        pytest.param('split("a|b", "|")', None, id="split by nothing"),
        pytest.param('split("a|b", "\\\\|")', ["a", "b"], id="split by the sign itself"),
    ],
)
def test_corners_of_the_language(source: str, expected: Any) -> None:
    assert compile_expression(source).evaluate({"one": 1}) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param("get or else(nope, 1)", 1, id="an unknown name"),
        pytest.param("get or else(nope.a.b, 1)", 1, id="a path into one"),
        pytest.param("get or else(nope[1].a, 1)", 1, id="an item of one"),
        pytest.param("get or else(known.a, 1)", 1, id="an entry that is not there"),
        pytest.param("get or else(known, 1)", {}, id="a known one"),
        pytest.param("get or else(default: 1, value: nope)", 1, id="by name"),
        pytest.param("is defined(value: nope.a)", False, id="is defined by name"),
    ],
)
def test_a_name_that_is_asked_about_may_be_unknown(source: str, expected: Any) -> None:
    assert compile_expression(source).evaluate({"known": {}}) == expected


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("get or else(nope + 1, 1)", id="deeper in an expression"),
        pytest.param("get or else(1, nope)", id="as the default, needed or not"),
        pytest.param("get or else(known[nope = 1], 1)", id="inside a filter"),
        pytest.param("is defined(no such function(1))", id="a function nobody has"),
        pytest.param("is defined(nope > 1)", id="in a comparison"),
    ],
)
def test_but_a_misspelt_one_elsewhere_stays_a_fault(source: str) -> None:
    with pytest.raises(ExpressionFault):
        compile_expression(source).evaluate({"known": [1]})


@pytest.mark.parametrize(
    ("source", "then"),
    [
        pytest.param("[][one]", [], id="a filter of nothing"),
        pytest.param("(= 10) = [10..10]", True, id="an exact value"),
        pytest.param('number("+5")', None, id="a number with its sign"),
        pytest.param("is empty({})", False, id="a context"),
        pytest.param("is defined(nope > 1)", False, id="an unknown name in a comparison"),
    ],
)
def test_an_old_entry_is_run_again_as_it_was_meant(source: str, then: Any) -> None:
    assert compile_expression(source).evaluate({"one": 1}, World(meaning=1)) == then


def test_get_or_else_of_an_unknown_name_was_a_fault() -> None:
    with pytest.raises(ExpressionFault):
        compile_expression("get or else(nope, 1)").evaluate({}, World(meaning=1))
