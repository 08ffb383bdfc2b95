"""What the fuzzer found: numbers so great that turning them into whole ones took milliseconds."""

import pytest

from app.engine.errors import ExpressionFault
from app.engine.feel import Calendar, World, compile_expression
from tests.limits import within

WORLD = World(calendar=Calendar.of(), strict=False)


@pytest.mark.parametrize(
    "source",
    [
        "count(for i in 1..2000 return xs[1e6000])",
        "count(for i in 1..2000 return remove(xs, 1e6000))",
        'count(for i in 1..2000 return substring("abc", 1, 1e6000))',
        "count(for i in 1..2000 return sublist([1, 2], 1, 1e6000))",
        "count(for i in 1..2000 return floor(i, 1e6000))",
        'count(for i in 1..2000 return @"P1D" / 1e-6000)',
        'count(for i in 1..2000 return @"P1Y" * 1e6000)',
        "count(for i in 1..2000 return xs[-1e6000])",
    ],
)
def test_great_numbers_cost_no_more_than_small_ones(source: str) -> None:
    with within(5):
        assert compile_expression(source).evaluate({"xs": [1, 2]}, WORLD) == 2000


@pytest.mark.parametrize("name", ["days_after", "working_days_after", "months_after"])
def test_a_day_too_far_away_is_a_fault_in_words(name: str) -> None:
    with pytest.raises(ExpressionFault):
        compile_expression(f'{name}(@"2026-03-29", 1e6000)').evaluate({}, WORLD)


@pytest.mark.parametrize("name", ["working_days_after", "working_days_before", "working_day"])
@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_the_ends_of_time_are_outside_the_list_of_holidays(name: str, day: str) -> None:
    with pytest.raises(ExpressionFault, match="covers"):
        compile_expression(f'{name}(@"{day}", 1)').evaluate({}, WORLD)
    with pytest.raises(ExpressionFault):
        compile_expression(f'{name}(@"{day}", 2)').evaluate({}, WORLD)
