"""Every operation on every pair of temporal kinds (DMN 1.5, tables 50 to 55); others are null."""

from __future__ import annotations

import pytest

from app.engine.feel import World, compile_expression, kind

WORLD = World(strict=False)
VALUES = {
    "number": "2",
    "date": '@"2026-03-25"',
    "time": '@"10:00:00"',
    "date and time": '@"2026-03-25T10:00:00"',
    "days and time duration": '@"P1DT1H"',
    "years and months duration": '@"P1Y1M"',
    "string": '"a"',
    "null": "null",
}
SHORT = {"dt": "date and time", "d": "date", "t": "time", "n": "number", "s": "string",
         "dtd": "days and time duration", "ymd": "years and months duration"}  # fmt: skip
#: what is not here is null
RESULTS = """
n + n = n | s + s = s | dtd + dtd = dtd | ymd + ymd = ymd | d + dtd = d | d + ymd = d
dt + dtd = dt | dt + ymd = dt
t + dtd = t | dtd + d = d | ymd + d = d | dtd + dt = dt | ymd + dt = dt | dtd + t = t
n - n = n | dtd - dtd = dtd | ymd - ymd = ymd | d - d = dtd | dt - dt = dtd | t - t = dtd
d - dtd = d | d - ymd = d | dt - dtd = dt | dt - ymd = dt | t - dtd = t
n * n = n | dtd * n = dtd | n * dtd = dtd | ymd * n = ymd | n * ymd = ymd
n / n = n | dtd / n = dtd | ymd / n = ymd | dtd / dtd = n | ymd / ymd = n
n ** n = n
"""


def known() -> dict[tuple[str, str, str], str]:
    found = {}
    for row in RESULTS.replace("\n", " | ").split(" | "):
        if row.strip():
            left, result = row.strip().split(" = ")
            one, sign, other = left.split()
            found[SHORT[one], sign, SHORT[other]] = SHORT[result]
    return found


@pytest.mark.parametrize("sign", ["+", "-", "*", "/", "**"])
@pytest.mark.parametrize("other", VALUES)
@pytest.mark.parametrize("one", VALUES)
def test_arithmetic(one: str, other: str, sign: str) -> None:
    found = compile_expression(f"{VALUES[one]} {sign} {VALUES[other]}").evaluate({}, WORLD)
    # A date counts as its midnight in London beside a date and time; without a zone there is none.
    assert kind(found) == known().get((one, sign, other), "null")


@pytest.mark.parametrize("sign", ["<", "<=", ">", ">="])
@pytest.mark.parametrize("other", VALUES)
@pytest.mark.parametrize("one", VALUES)
def test_comparison_needs_two_of_a_kind(one: str, other: str, sign: str) -> None:
    found = compile_expression(f"{VALUES[one]} {sign} {VALUES[other]}").evaluate({}, WORLD)
    assert found is (None if one != other or one == "null" else "=" in sign)


@pytest.mark.parametrize("other", VALUES)
@pytest.mark.parametrize("one", VALUES)
def test_equality_of_different_kinds_is_null_but_with_null(one: str, other: str) -> None:
    found = compile_expression(f"{VALUES[one]} = {VALUES[other]}").evaluate({}, WORLD)
    expected = True if one == other else False if "null" in (one, other) else None
    assert found is expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('@"2026-03-25" - @"2026-03-24T00:00:00Z" = @"P1D"', True),
        ('@"2026-03-25T10:00:00" - @"2026-03-24T10:00:00Z"', None),
        ('@"2026-03-25T10:00:00Z" - @"2026-03-25T10:00:00+01:00" = @"PT1H"', True),
        ('@"10:00:00Z" = @"11:00:00+01:00"', True),
        ('-@"P1D" = @"-P1D"', True),
        ('@"2026-01-31" + @"P1M" = @"2026-02-28"', True),
        ('@"2024-02-29" - @"P1Y" = @"2023-02-28"', True),
        ('@"23:00:00" + @"PT2H" = @"01:00:00"', True),
        ('@"P1D" / 0', None),
        ('@"P1M" * 1.9 = @"P1M"', True),
        ('@"2026-03-25" in [@"2026-03-01"..@"2026-03-31"]', True),
        ('@"10:00:00" between @"09:00:00" and @"11:00:00"', True),
        ('@"PT1H" in (> @"PT30M")', True),
    ],
)
def test_temporal_rules(source: str, expected: object) -> None:
    assert compile_expression(source).evaluate({}, WORLD) is expected
