"""A number is digits and scale: 12.50 is equal to 12.5 and written as 12.50 (10.3.2.3.1)."""

from __future__ import annotations

from typing import Any

import pytest

from app.engine.feel import World, codec, compile_expression


def value(source: str, world: World | None = None) -> Any:
    return compile_expression(source).evaluate({}, world or World())


@pytest.mark.parametrize(
    ("source", "text"),
    [
        pytest.param('"£" + string(decimal(12.5, 2))', "£12.50", id="a sum of money"),
        pytest.param("string(12.50)", "12.50", id="as written"),
        pytest.param("string(0.10)", "0.10", id="less than one"),
        pytest.param("string(0.00)", "0.00", id="nothing, in pence"),
        pytest.param("string(-0.0)", "0.0", id="no negative nothing"),
        pytest.param("string(1.50 + 1.50)", "3.00", id="through a sum"),
        pytest.param("string(1.50 * 2)", "3.00", id="through a product"),
        pytest.param("string(sum([1.25, 1.75]))", "3.00", id="through a total"),
        pytest.param("string(round half up(1234.5, 2))", "1234.50", id="rounded half up"),
        pytest.param("string(round down(1, 3))", "1.000", id="rounded down"),
        pytest.param("string(floor(1.5))", "1", id="whole"),
        pytest.param("string(decimal(1234.5, -2))", "1200", id="to hundreds"),
        pytest.param("string(decimal(1.5, 40))", "1.5", id="more digits than a number has"),
        pytest.param("string(1e3)", "1000", id="a thousand"),
        pytest.param("string([1.50, {a: 2.0}])", "[1.50, {a: 2.0}]", id="inside lists"),
        pytest.param('string(number("7.10"))', "7.10", id="read from a text"),
        pytest.param("to json({a: 1.50})", '{"a":1.50}', id="as JSON"),
        pytest.param("string((= 2.0))", "(= 2.0)", id="an exact interval"),
    ],
)
def test_the_scale_is_written(source: str, text: str) -> None:
    assert value(source) == text


def test_numbers_are_equal_whatever_their_scale() -> None:
    assert value("12.50 = 12.5 and 12.50 in [12.5..12.5] and list contains([1.0], 1)") is True
    assert value("distinct values([1.0, 1, 1.00])") == [1]


def test_the_scale_survives_storing() -> None:
    stored = codec.loads(codec.dumps(value("decimal(12.5, 2)")))
    assert compile_expression("string(x)").evaluate({"x": stored}) == "12.50"


def test_an_old_entry_leaves_the_zeros_out() -> None:
    old = World(meaning=1)
    assert value("string(decimal(12.5, 2))", old) == "12.5"
    assert codec.dumps(value("1.50 + 1.50", old)) == b"3"
    assert codec.dumps(value("{a: [decimal(12.5, 2)]}", old)) == codec.dumps(
        value("{a: [12.5]}", old)
    )
