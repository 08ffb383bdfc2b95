"""What expressions mean: one table a part of the language."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.engine.feel import Function, World, YearsMonths, compile_expression

NOW = datetime(2026, 3, 29, 23, 30, tzinfo=UTC)
SCOPE: dict[str, Any] = {
    "status": "open",
    "age": 7,
    "share": 0.1,
    "nothing": None,
    "Full Name": "Ada",
    "pre-bureau risk": "HIGH",
    "records": {
        "triage": {"outcome": "refer"},
        "returns": [{"who": "gp", "days": 3}, {"who": "met"}],
    },
    "due": datetime(2026, 3, 27, 9, tzinfo=UTC),
    "twice": Function("twice", ("n",), lambda n: n * 2),
}


def value(source: str, strict: bool = True) -> Any:
    world = World(now=NOW, strict=strict)
    return compile_expression(source, SCOPE).evaluate(SCOPE, world)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("1 + 2 * 3 - 4 / 8", Decimal("6.5")),
        ("-2 ** 2", Decimal(4)),
        ("3 ** 4 ** 5", Decimal(3486784401)),
        ("1 / 3", Decimal("0." + "3" * 34)),
        ("share + 0.2", Decimal("0.3")),
        ("1 / 0", None),
        ("age + null", None),
        ('"a" + "b"', "ab"),
        ('1 + "a"', None),
        ("--1", Decimal(1)),
        ("1234567890123456789012345678901234 + 1", Decimal("1234567890123456789012345678901235")),
    ],
)
def test_arithmetic(source: str, expected: Any) -> None:
    assert value(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("true and null", None),
        ("false and null", False),
        ("true or null", True),
        ("false or 1", None),
        ("not(null)", None),
        ("1 = 1.0", True),
        ('1 = "1"', None),
        ("nothing = null", True),
        ("nothing < 1", None),
        ("[1, [2]] = [1, [2]]", True),
        ("{a: 1, b: 2} = {b: 2, a: 1}", True),
        ("5 between 1 and 10 and true", True),
        ("null between 1 and 10", None),
        ('status in ("closed", "open")', True),
        ('status in ["closed", "open"] and age < 8', True),
        ("age in < 8 and true", True),
        ("age in (< 3, [7..9])", True),
        ("7 in (7..9]", False),
        ("7 in ]6..9[", True),
        ("due < now()", True),
        ('@"2026-03-27T09:00:00Z" = @"2026-03-27T10:00:00+01:00"', True),
        ('@"2026-03-27" < @"2026-03-27T10:00:00"', None),
    ],
)
def test_logic_has_three_values(source: str, expected: Any) -> None:
    assert value(source) is expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("if nothing then 1 else 2", Decimal(2)),
        ("for i in 1..3 return i * 2", [2, 4, 6]),
        ("for i in 3..1 return i", [3, 2, 1]),
        ("for i in (1..4) return i", [2, 3]),
        ("for i in [1, 2], j in [i, 10] return i * j", [1, 10, 4, 20]),
        ("for i in 1..4 return if i < 3 then 1 else partial[-1] + partial[-2]", [1, 1, 2, 3]),
        ("some x in [1, 2] satisfies x > 1", True),
        ("every x in [] satisfies false", True),
        ("some x in [null] satisfies x", None),
        ("[1, 2, 3][-1]", Decimal(3)),
        ("[1, 2, 3][item >= 2]", [2, 3]),
        ("[1, 2, 3][5]", None),
        ('records.returns[who = "gp"].days', [3]),
        ("records.returns[days > 1][1].who", "gp"),
        ("records.triage.outcome", "refer"),
        ("records.returns.who", ["gp", "met"]),
        ("Full Name", "Ada"),
        ('pre-bureau risk = "HIGH"', True),
        ("{a b: 1, c: a b + 1}.c", Decimal(2)),
        ("{x+y: 1, z: x+y + 1}.z", Decimal(2)),
        ("(function(a, b: number) a - b)(b: 1, a: 5)", Decimal(4)),
        ("twice(age)", Decimal(14)),
        ("twice(n: 4)", Decimal(8)),
        ("{f: function(n) if n < 2 then 1 else n * f(n - 1), r: f(5)}.r", Decimal(120)),
        ("sort([3, 1, 2], function(a, b) a > b)", [3, 2, 1]),
        ("[1, 2] instance of list<number>", True),
        ("/* why */ 1 // because\n + 1", Decimal(2)),
    ],
)
def test_blocks_paths_and_functions(source: str, expected: Any) -> None:
    assert value(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("is defined(status)", True),
        ("is defined(statis)", False),
        ("is defined(nothing)", False),
        ("is defined(records.triage.none)", False),
        ('get or else(nothing, "none")', "none"),
        ("is empty([])", True),
        ('is blank("  ")', True),
        ("duplicate values([1, 2, 1, 1])", [1]),
        ("partition([1, 2, 3], 2)", [[1, 2], [3]]),
        ('extract("Ref 12 and 13", "[0-9]+")', ["12", "13"]),
    ],
)
def test_functions_the_modeler_offers_beyond_the_standard(source: str, expected: Any) -> None:
    assert value(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('@"2024-02-29" + @"P1Y"', date(2025, 2, 28)),
        ('date("2026-01-31") + duration("P1M")', date(2026, 2, 28)),
        ('@"2026-03-28T12:00:00@Europe/London" + @"PT24H" = @"2026-03-29T13:00:00+01:00"', True),
        ('@"2026-03-01" - @"2026-02-01"', timedelta(days=28)),
        ('years and months duration(@"2024-02-29", @"2026-02-28")', YearsMonths(23)),
        ('date("2026-02-30")', None),
        ('date and time("2026-03-27").hour', Decimal(0)),
        ('@"-0044-03-15".year', Decimal(-44)),
        ('string(@"-0044-03-15" + @"P50Y")', "0006-03-15"),
        ('string(@"9999-12-31" + @"P1D")', "10000-01-01"),
        ("today()", date(2026, 3, 30)),
        ('string(time("10:00:00.123456789") + duration("PT1H"))', "11:00:00.123456789"),
    ],
)
def test_dates_and_times(source: str, expected: Any) -> None:
    assert value(source) == expected


def test_now_is_the_given_instant_in_london() -> None:
    found = value("now()")
    assert found == NOW
    assert found.utcoffset() == timedelta(hours=1)


def test_a_result_shares_nothing_with_the_scope_and_has_no_floats() -> None:
    found = value("records")
    found["returns"].append("x")
    assert len(SCOPE["records"]["returns"]) == 2
    assert type(found["returns"][0]["days"]) is Decimal


def test_names_are_those_an_expression_takes_from_its_scope() -> None:
    found = compile_expression("for x in xs return x + count(ys[kind = y]) + {a: b, c: a}.c")
    assert found.names == {"xs", "ys", "b"}
    assert found.maybe == {"kind", "y"}
    assert found.calls == {"count"}


def test_a_name_only_asked_about_is_not_certain() -> None:
    found = compile_expression("if is defined(a) then a else b and is defined(c)")
    assert (found.names, found.maybe) == ({"a", "b"}, {"c"})


def test_data_cannot_shadow_a_function_in_a_strict_world() -> None:
    scope = {"count": Function("count", ("list",), lambda found: "forged")}
    assert compile_expression("count([1])").evaluate(scope) == 1
    assert compile_expression("count([1])").evaluate(scope, World(strict=False)) == "forged"
