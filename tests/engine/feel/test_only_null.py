"""What can only ever give null is known before a case meets it."""

from __future__ import annotations

import pytest

from app.engine.feel import World, compile_expression, only_null

FOUND = [
    pytest.param(r'matches(x, "(a)\\1")', "refers back", id="a back-reference"),
    pytest.param('matches(x, "[a-z-[aeiou]]")', "taken away", id="a class taken from a class"),
    pytest.param(r'matches(x, "\\p{IsGreek}")', "blocks of characters", id="a block"),
    pytest.param('matches(x, "(?=a)b")', "looks around", id="a look ahead"),
    pytest.param('matches(x, "(a")', "rules of patterns", id="a bracket left open"),
    pytest.param('matches(x, "a\\\\")', "ends in a single", id="a backslash at the end"),
    pytest.param(r'matches(x, "\\y")', "no meaning", id="an escape of another language"),
    pytest.param('matches(x, "a", "g")', "the flags “g”", id="a flag of another language"),
    pytest.param('matches(pattern: "(a", input: x)', "cannot be used", id="a pattern by its name"),
    pytest.param('split(x, "|")', "empty text", id="splitting by what matches nothing"),
    pytest.param('replace(x, "a*", "b")', "empty text", id="replacing what matches nothing"),
    pytest.param('replace(x, "a", "$")', "write “$” as", id="a replacement with a lone $"),
    pytest.param('extract(x, "[")', "cannot be used", id="extracting by no pattern"),
    pytest.param("y instance of list", "list<Any>", id="a bare list"),
    pytest.param("y instance of context", "no type", id="a bare context"),
    pytest.param("y instance of tAge", "tAge", id="a type nobody knows"),
    pytest.param("y instance of list<tAge>", "tAge", id="a list of a type nobody knows"),
    pytest.param('date("2026-02-30")', "cannot read “2026-02-30”", id="no such day"),
    pytest.param('x < date("30/02/2026")', "cannot read", id="no such day, beside a name"),
    pytest.param("date(2026, 2, 30)", "date()", id="no such day from its parts"),
    pytest.param('@"2026-13-01"', "no date", id="no such month"),
    pytest.param('x + @"P2W"', "no date", id="weeks are no duration"),
    pytest.param('duration("P2W")', "duration()", id="nor in a function"),
    pytest.param('number("twelve")', "number()", id="a word is no number"),
    pytest.param("x / 0", "divided by 0", id="a division by nothing"),
    pytest.param("1 / (2 - 2)", "divided by 0", id="that comes to nothing"),
    pytest.param("x + true", "a boolean", id="arithmetic with a truth"),
    pytest.param('x ** "2"', "a string", id="a power of a text"),
    pytest.param("null + x", "null", id="arithmetic with null"),
    pytest.param('"£" - x', "a string", id="a text less something"),
    pytest.param('"a" = 1', "different kinds", id="a text and a number"),
    pytest.param('@"2026-03-25" = "2026-03-25"', "different kinds", id="a date and its text"),
    pytest.param("x > true", "no order", id="more than a truth"),
    pytest.param("x >= null", "no order", id="at least null"),
    pytest.param('x between 1 and "5"', "different kinds", id="between a number and a text"),
    pytest.param('[1.."5"]', "do not fit", id="an interval of two kinds"),
    pytest.param('"a" in [1, 2]', "do not fit", id="a text among numbers"),
    pytest.param('-"a"', "do not fit", id="a negative text"),
    pytest.param("count()", "no value", id="too few arguments"),
    pytest.param('string join(x, "a", "b")', "3 values", id="a number of arguments between two"),
    pytest.param("substring(strin: x, start position: 1)", "strin", id="a name it does not have"),
    pytest.param("string length(3)", "these kinds", id="an argument of another kind"),
    pytest.param('decimal(x, "2")', "these kinds", id="beside a name"),
    pytest.param("decimal(n: x, scale: null)", "these kinds", id="null by its name"),
    pytest.param("for i in x return i / 0", "divided by 0", id="inside a loop"),
    pytest.param("x[item > true]", "no order", id="inside a filter"),
    pytest.param('{a: date("x")}', "cannot read", id="inside a context"),
    pytest.param('if x then date("x") else 1', "cannot read", id="in a branch"),
    pytest.param("sort(x, function(a, b) a / 0)", "divided by 0", id="inside a function"),
]
FINE = [
    "null", "x = null", "x != null", "{a: null}", "[null]", "if true then null else 1",
    "get or else(x.y, null)", "is defined(x)", 'matches(x, "^[a-z]+$", "i")', "x / y",
    'split(x, "\\\\|")', 'replace(x, "(a)", "$1\\\\$")', "y instance of list<Any>", "x in [1, 2]",
    'x in ("a", 1)', 'append(list: x, items: y)', "get value(context: x, key: y)", "1 = x",
    'working_days_after("2026-03-25", 5)', "today() > x", "unknown function(1)", "x >",
    '{f: function(a) a, r: f("b")}.r', 'date and time(x, "Europe/London")', "x[1]", "[][1]",
    'for i in 1..3 return i', "@\"2026-03-25\" + x", "x * @\"P1D\"", "sum(1, 2)", "abs(number: x)",
    'string([1, null])', "not(x)", "x instance of number", "x between 1 and y", "[x..5]",
]  # fmt: skip
#: those that need no name
ALONE = [
    str(row.values[0])
    for row in FOUND
    if not compile_expression(str(row.values[0])).names - {"y"} and "{" not in str(row.values[0])
]


@pytest.mark.parametrize(("source", "words"), FOUND)
def test_what_is_always_null_is_found_with_the_reason(source: str, words: str) -> None:
    (found,) = only_null(source)
    assert words in found.sentence
    assert "null" in found.sentence


@pytest.mark.parametrize("source", FINE)
def test_what_may_have_a_value_is_left_alone(source: str) -> None:
    assert not only_null(source)


@pytest.mark.parametrize("row", ALONE)
def test_what_is_found_is_null_indeed(row: str) -> None:
    found = compile_expression(row).evaluate({"y": [1]}, World(strict=False))
    assert found is None


def test_each_part_is_told_once_with_its_place() -> None:
    first, second = only_null('if x then\n  date("x")\nelse (1 + true) * 2')
    assert (first.line, first.column) == (2, 7)
    assert (second.line, second.column) == (3, 9)


def test_types_and_names_of_a_model_are_known() -> None:
    assert not only_null("y instance of tAge", types=["tAge"])
    assert not only_null("y instance of list<tAge>", types=["tAge"])
    assert only_null("pre-bureau risk / 0", names=["pre-bureau risk"])
