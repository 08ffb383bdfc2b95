"""What is constant is worked out once: the same values, steps and faults, in less work."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from app.engine.feel import Calendar, ExpressionFault, Function, World, compile_expression
from app.engine.feel.compiler.closures import compiled
from app.engine.feel.compiler.folding import folded
from app.engine.feel.scope.names import Env
from app.engine.feel.scope.world import Run
from app.engine.feel.syntax import nodes
from app.engine.feel.syntax.free_names import below
from app.engine.feel.syntax.parser import parse, parse_tests
from tests.engine.feel.test_faults import counted_calls

NOW = datetime(2026, 3, 25, 12, tzinfo=UTC)


def constants(node: nodes.Node) -> list[Any]:
    """The values of the outermost constants of a folded tree, in order."""
    if isinstance(node, nodes.Constant):
        return [node.value]
    return [value for part in below(node) for value in constants(part)]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        pytest.param("1 + 2 * 3", [7], id="arithmetic"),
        pytest.param('x in ["a", "b"]', [["a", "b"]], id="a written list"),
        pytest.param('x = upper case("a") + "b"', ["Ab"], id="a pure function"),
        pytest.param("for i in [1, 2] return i * x", [[1, 2]], id="the list of a loop"),
        pytest.param("for i in [1, 2] return i * 2", [[2, 4]], id="a loop over constants"),
        pytest.param("for i in 1..3 return i", [[1, 2, 3]], id="a loop over steps"),
        pytest.param("some i in [1, 2] satisfies i > 1", [True], id="a quantifier"),
        pytest.param("{a: 1, b: a + 1}.b", [2], id="a context that names itself"),
        pytest.param("[1, 2, 3][item > 1]", [[2, 3]], id="a filter over items"),
        pytest.param("[{a: 1}][a = 1]", [[{"a": 1}]], id="a name in a filter may be any entry"),
        pytest.param("sort(x, function(a, b) a < 1 + 1)", [2], id="inside a function"),
        pytest.param("{f: function(a) a, r: f(1)}.r", [], id="a function of its own is called"),
        pytest.param("now() > x", [], id="the present"),
        pytest.param("today()", [], id="this day"),
        pytest.param(
            'working_days_after("2026-03-25", 1 + 1)', [2], id="the calendar, and its sum"
        ),
        pytest.param('london_date("2026-03-25")', [], id="London's calendar functions"),
        pytest.param("x + (1 / 0)", [None], id="null is a constant too"),
        pytest.param("1 instance of number", [True], id="a type of the standard"),
        pytest.param("1 instance of tAge", [], id="a type that only a model knows"),
        pytest.param("count", [], id="a name is looked up"),
        pytest.param("?", [], id="the value that is tested"),
    ],
)
def test_what_is_constant(source: str, found: list[Any]) -> None:
    assert constants(folded(parse(source))) == found


SOURCES = [
    "[1, 2, 3][item > x]", 'x in [1, 2 + 1, 5 * 2]', "for i in [1, 2] return i + x",
    'date("2026-03-25") + @"P1D" * x', '[date("2026-03-25")..date("2026-04-25")].end',
    "x + sum([1, 2, 3]) ** 2", 'if matches("abc", "^a") then x else [1, 2]', "[3..7[.end + x",
    "every i in [1, 2, 3] satisfies i < x", '{a: [1, 2], b: count(a) + x}.b',
    "x between 1 + 1 and 10", 'string join(["a", "b"], "-") + string(x)', "10**6000 * 10**6000",
    "substring(\"hello\", x, 1 + 1)", "-(1 + 1) * x", 'context put({a: 1}, "b", 2).b + x',
]  # fmt: skip


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("strict", [True, False], ids=["in a case", "as DMN says"])
def test_the_value_and_the_steps_are_the_same(source: str, strict: bool) -> None:
    world = World(strict=strict)
    values, steps = [], []
    for node in (parse(source), folded(parse(source))):
        run = Run(world)
        values.append(compiled(node)(Env({"x": 2}, None, run)))
        steps.append(run.left)
    assert values[0] == values[1]
    assert steps[0] == steps[1]


def test_a_fault_of_a_constant_stays_a_fault_when_it_is_run() -> None:
    expression = compile_expression('if x then assert(1, false, "never so") else 2')
    assert expression.evaluate({"x": False}) == 2
    with pytest.raises(ExpressionFault, match="never so"):
        expression.evaluate({"x": True})
    with pytest.raises(ExpressionFault, match="more than 100,000 steps"):
        compile_expression("count(for i in 1..10**9 return i)").evaluate({})


def test_data_stands_before_a_built_in_where_the_world_is_not_strict() -> None:
    own = Function("count", ("list",), lambda items: "mine")
    expression = compile_expression("count([1, 2])")
    assert expression.evaluate({"count": own}) == 2
    assert expression.evaluate({"count": own}, World(strict=False)) == "mine"


def test_a_constant_means_in_an_old_entry_what_it_meant_then() -> None:
    expression = compile_expression('"£" + string(1.50)')
    assert expression.evaluate({}) == "£1.50"
    assert expression.evaluate({}, World(meaning=1)) == "£1.5"
    assert compile_expression("(= 10) = [10..10]").evaluate({}, World(meaning=1)) is True


def test_a_result_cannot_change_a_constant() -> None:
    expression = compile_expression("if true then [1, [2]] else []")
    expression.evaluate({}).append(3)
    expression.evaluate({})[1].append(4)
    assert expression.evaluate({}) == [1, [2]]
    assert expression.evaluate({}) is not expression.evaluate({})


def test_a_sum_is_told_each_time() -> None:
    expression = compile_expression('working_days_after(date("2026-03-25"), 1 + 1)')
    world = World(now=NOW, calendar=Calendar.of(), sums=[])
    expression.evaluate({}, world)
    expression.evaluate({}, world)
    assert world.sums is not None
    assert len(world.sums) == 2


def test_what_is_constant_in_a_cell() -> None:
    cell = parse_tests('["a", "b"], > 1 + 1, [1..x], date("2026-03-25"), x')
    assert constants(folded(cell)) == [["a", "b"], 2, NOW.date()]


def test_it_is_less_work() -> None:
    """Two dates that are written out: half the calls of Python's functions, or fewer."""
    source = 'day >= date("2026-03-25") and day < date("2026-03-25") + duration("P10D")'
    work = []
    for node in (parse(source), folded(parse(source))):
        run = compiled(node)
        env = Env({"day": NOW.date()}, None, Run(World()))
        with counted_calls() as calls:
            assert run(env) is True
        work.append(calls[0])
    assert work[1] * 2 < work[0]


def test_deeply_nested_constants_are_folded_in_little_time() -> None:
    source = "[" * 50 + "1, 2" + "]" * 50
    with counted_calls() as calls:
        folded(parse(f"[{', '.join([source] * 8)}, x]"))
    assert calls[0] < 100_000
