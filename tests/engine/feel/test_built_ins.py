"""Each built-in by position and by name, and with what it does not take (DMN 1.5, 10.3.4)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.engine.feel import BUILT_INS, Calendar, World, compile_expression, functions
from app.engine.feel.scope.built_ins import BuiltIn

WORLD = World(now=datetime(2026, 3, 25, 12, tzinfo=UTC), calendar=Calendar.of(), strict=False)

#: the same call by position and by the standard's parameter names, and its value
CALLS = """
number("1.000,5", ".", ",") | number(from: "1.000,5", grouping separator: ".", decimal separator: ",") | 1000.5
string(1.5) | string(from: 1.5) | "1.5"
not(true) | not(negand: true) | false
substring("foobar", 3, 2) | substring(string: "foobar", start position: 3, length: 2) | "ob"
substring("foobar", -2) | substring(start position: -2, string: "foobar") | "ar"
string length("a😀b") | string length(string: "a😀b") | 3
upper case("aß") | upper case(string: "aß") | "ASS"
lower case("ÀB") | lower case(string: "ÀB") | "àb"
substring before("foobar", "bar") | substring before(string: "foobar", match: "bar") | "foo"
substring after("foobar", "ob") | substring after(string: "foobar", match: "ob") | "ar"
replace("abAB", "a", "x", "i") | replace(input: "abAB", pattern: "a", replacement: "x", flags: "i") | "xbxB"
contains("foobar", "ob") | contains(string: "foobar", match: "ob") | true
starts with("foobar", "of") | starts with(string: "foobar", match: "of") | false
ends with("foobar", "ar") | ends with(string: "foobar", match: "ar") | true
matches("Foo", "^f", "i") | matches(input: "Foo", pattern: "^f", flags: "i") | true
split("a;b", ";") | split(string: "a;b", delimiter: ";") | ["a", "b"]
string join(["a", "b"], "-") | string join(list: ["a", "b"], delimiter: "-") | "a-b"
string join(["a", "b"]) | string join(list: ["a", "b"]) | "ab"
list contains([1, null], null) | list contains(list: [1, null], element: null) | true
count([1, 2]) | count(list: [1, 2]) | 2
min([3, 1]) | min(list: [3, 1]) | 1
max("a", "c", "b") | max(list: ["a", "c", "b"]) | "c"
max(@"2026-01-01", @"2026-02-01") | max(list: [@"2026-01-01", @"2026-02-01"]) | @"2026-02-01"
min(@"PT5M", @"PT1H") | min(list: [@"PT5M", @"PT1H"]) | @"PT5M"
sum(1, 2) | sum(list: [1, 2]) | 3
sum(1, "a") | sum(list: [1, "a"]) | null
mean(1, 2) | mean(list: [1, 2]) | 1.5
all(true, true) | all(list: [true, true]) | true
any(false, null) | any(list: [false, null]) | null
sublist([1, 2, 3], -2, 1) | sublist(list: [1, 2, 3], start position: -2, length: 1) | [2]
append([1], 2) | append(list: [1], item: 2) | [1, 2]
concatenate([1], [2]) | concatenate(list: [1], list: [2]) | [1, 2]
insert before([1, 2], 2, null) | insert before(list: [1, 2], position: 2, newItem: null) | [1, null, 2]
remove([1, 2], -1) | remove(list: [1, 2], position: -1) | [1]
list replace([1, 2], 1, 3) | list replace(list: [1, 2], position: 1, newItem: 3) | [3, 2]
list replace([1, 2], function(item, newItem) item > 1, 9) | list replace(list: [1, 2], match: function(item, newItem) item > 1, newItem: 9) | [1, 9]
reverse([1, 2]) | reverse(list: [1, 2]) | [2, 1]
index of([1, null, 1], 1) | index of(list: [1, null, 1], match: 1) | [1, 3]
index of([1, null], null) | index of(list: [1, null], match: null) | [2]
distinct values([1, null, 1, null]) | distinct values(list: [1, null, 1, null]) | [1, null]
flatten([1, [2, [3]]]) | flatten(list: [1, [2, [3]]]) | [1, 2, 3]
product(2, 3) | product(list: [2, 3]) | 6
median(1, 3) | median(list: [1, 3]) | 2
stddev(1, 3) = sqrt(2) | stddev(list: [1, 3]) = sqrt(2) | true
mode(1, 2, 2) | mode(list: [1, 2, 2]) | [2]
sort([2, 1], function(a, b) a < b) | sort(list: [2, 1], precedes: function(a, b) a < b) | [1, 2]
decimal(1.115, 2) | decimal(n: 1.115, scale: 2) | 1.12
floor(1.56, 1) | floor(n: 1.56, scale: 1) | 1.5
ceiling(-1.5) | ceiling(n: -1.5) | -1
round up(-1.121, 2) | round up(n: -1.121, scale: 2) | -1.13
round down(1.129, 2) | round down(n: 1.129, scale: 2) | 1.12
round half up(2.5, 0) | round half up(n: 2.5, scale: 0) | 3
round half down(2.5, 0) | round half down(n: 2.5, scale: 0) | 2
abs(-1) | abs(n: -1) | 1
modulo(-5, 3) | modulo(dividend: -5, divisor: 3) | 1
sqrt(4) | sqrt(number: 4) | 2
log(1) | log(number: 1) | 0
exp(0) | exp(number: 0) | 1
odd(3) | odd(number: 3) | true
even(-2) | even(number: -2) | true
date("2026-02-03") | date(from: "2026-02-03") | @"2026-02-03"
date(2026, 2, 3) | date(year: 2026, month: 2, day: 3) | @"2026-02-03"
date(@"2026-02-03T10:00:00") | date(from: @"2026-02-03T10:00:00") | @"2026-02-03"
date and time(@"2026-02-03", @"10:00:00Z") | date and time(date: @"2026-02-03", time: @"10:00:00Z") | @"2026-02-03T10:00:00Z"
date and time("2026-02-03T10:00:00") | date and time(from: "2026-02-03T10:00:00") | @"2026-02-03T10:00:00"
time(10, 5, 1.5) | time(hour: 10, minute: 5, second: 1.5) | @"10:05:01.5"
time(10, 5, 0, @"PT1H") | time(hour: 10, minute: 5, second: 0, offset: @"PT1H") | @"10:05:00+01:00"
time(10, 5, 0, null) | time(hour: 10, minute: 5, second: 0, offset: null) | @"10:05:00"
duration("P1DT2H") | duration(from: "P1DT2H") | @"P1DT2H"
years and months duration(@"2024-01-31", @"2026-03-01") | years and months duration(from: @"2024-01-31", to: @"2026-03-01") | @"P2Y1M"
is(@"10:00:00Z", @"10:00:00+00:00") | is(value1: @"10:00:00Z", value2: @"10:00:00+00:00") | true
is(null, null) | is(value1: null, value2: null) | true
before(1, 2) | before(point1: 1, point2: 2) | true
before(1, [2..3]) | before(point: 1, range: [2..3]) | true
before([1..2], [3..4]) | before(range1: [1..2], range2: [3..4]) | true
after([2..3], 1) | after(range: [2..3], point: 1) | true
meets([1..2], [2..3]) | meets(range1: [1..2], range2: [2..3]) | true
met by([2..3], [1..2]) | met by(range1: [2..3], range2: [1..2]) | true
overlaps([1..3], [2..4]) | overlaps(range1: [1..3], range2: [2..4]) | true
overlaps before([1..3], [2..4]) | overlaps before(range1: [1..3], range2: [2..4]) | true
overlaps after([2..4], [1..3]) | overlaps after(range1: [2..4], range2: [1..3]) | true
finishes(3, [1..3]) | finishes(point: 3, range: [1..3]) | true
finished by([1..3], 3) | finished by(range: [1..3], point: 3) | true
includes([1..3], 2) | includes(range: [1..3], point: 2) | true
during(2, [1..3]) | during(point: 2, range: [1..3]) | true
starts(1, [1..3]) | starts(point: 1, range: [1..3]) | true
started by([1..3], 1) | started by(range: [1..3], point: 1) | true
coincides(1, 1) | coincides(point1: 1, point2: 1) | true
range("[1..3]") | range(from: "[1..3]") | [1..3]
day of year(@"2026-02-01") | day of year(date: @"2026-02-01") | 32
day of week(@"2026-03-25") | day of week(date: @"2026-03-25") | "Wednesday"
month of year(@"2026-03-25") | month of year(date: @"2026-03-25") | "March"
week of year(@"2026-01-01") | week of year(date: @"2026-01-01") | 1
get value({a: 1}, "a") | get value(m: {a: 1}, key: "a") | 1
get entries({a: 1}) | get entries(m: {a: 1}) | [{key: "a", value: 1}]
context([{key: "a", value: null}]) | context(entries: [{key: "a", value: null}]) | {a: null}
context put({a: 1}, "b", 2) | context put(context: {a: 1}, key: "b", value: 2) | {a: 1, b: 2}
context put({a: {b: 1}}, ["a", "b"], 2) | context put(context: {a: {b: 1}}, keys: ["a", "b"], value: 2) | {a: {b: 2}}
context merge([{a: 1}, {a: 2}]) | context merge(contexts: [{a: 1}, {a: 2}]) | {a: 2}
"""  # noqa: E501


def value(source: str) -> Any:
    return compile_expression(source).evaluate({}, WORLD)


@pytest.mark.parametrize("row", CALLS.strip().splitlines())
def test_by_position_and_by_name(row: str) -> None:
    placed, named, expected = (part.strip() for part in row.split(" | "))
    wanted = value(expected)
    assert value(placed) == wanted
    if "list: [1], list:" not in named:  # a name cannot be given twice
        assert value(named) == wanted


#: one good argument for each kind of parameter
GOOD = {
    "number": "1", "string": '"a"', "list": "[1]", "context": "{a: 1}",
    "function": "function(a, b) a < b",
    "range": "[1..2]", "date": '@"2026-03-25"', "days and time duration": '@"P1D"',
    "years and months duration": '@"P1Y"', "time": '@"10:00:00"',
    "date and time": '@"2026-03-25T10:00:00"',
}  # fmt: skip
WRONG = ("null", "{z: 1}", "function(a) a", "[1..2]", "true", '"zz"', "1", '@"P1D"')


def signatures() -> list[Any]:
    return [
        pytest.param(name, number, id=f"{name} {number}")
        for name, one in sorted(BUILT_INS.items())
        for number, _ in enumerate(one.variants)
    ]


def arguments(name: str, number: int) -> list[str]:
    parameters = BUILT_INS[name].variants[number].parameters
    return [GOOD[sorted(p.kinds)[0]] if p.kinds else "1" for p in parameters]


@pytest.mark.parametrize(("name", "number"), signatures())
def test_null_where_none_may_be_gives_null(name: str, number: int) -> None:
    """Of all signatures, none takes null at a typed place (10.3.2.13.2)."""
    parameters = BUILT_INS[name].variants[number].parameters
    good = arguments(name, number)
    for at, parameter in enumerate(parameters):
        others = [v.parameters[at] for v in BUILT_INS[name].variants if len(v.parameters) > at]
        if all(one.kinds and not one.nullable for one in others):
            given = [*good[:at], "null", *good[at + 1 :]]
            assert value(f"{name}({', '.join(given)})") is None, parameter.name


@pytest.mark.parametrize("name", sorted(BUILT_INS))
def test_too_few_or_too_many_arguments_give_null(name: str) -> None:
    variants = BUILT_INS[name].variants
    fewest = min(variant.needed for variant in variants)
    if fewest:
        assert value(f"{name}({', '.join(['1'] * (fewest - 1))})") is None
    if not any(variant.rest for variant in variants):
        most = max(len(variant.parameters) for variant in variants)
        assert value(f"{name}({', '.join(['1'] * (most + 1))})") is None
    if name != "is defined":
        assert value(f"{name}(no such name: 1)") is None


@pytest.mark.parametrize(("name", "number"), signatures())
def test_a_wrong_kind_gives_null_and_never_another_error(name: str, number: int) -> None:
    # a calendar's name that stands nowhere is a fault with a sentence, never null
    places = [
        place
        for variant in BUILT_INS[name].variants
        for place, parameter in enumerate(variant.parameters)
        if parameter.name == "calendar"
    ]
    good = arguments(name, number)[: min(places, default=None)]
    for at, _ in enumerate(good):
        for wrong in WRONG:
            given = [*good[:at], wrong, *good[at + 1 :]]
            if name != "assert":  # its fault is what it is for
                value(f"{name}({', '.join(given)})")


PLANTED = """
from app.engine.feel.scope import built_in


@built_in("planted", "n: number")
def planted(run, n):
    return n + 1
"""


def test_a_module_that_lies_among_the_functions_is_known_without_being_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "planted.py").write_text(PLANTED)
    monkeypatch.setattr(functions, "__path__", [*functions.__path__, str(tmp_path)])
    monkeypatch.setitem(BUILT_INS, "planted", BuiltIn("planted", []))  # taken out afterwards
    functions.load()
    assert compile_expression("planted(2)").evaluate({}, WORLD) == 3
