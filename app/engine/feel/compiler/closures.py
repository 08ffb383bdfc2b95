"""Turns nodes into Python closures: an expression is compiled once and then only called.

Nothing of an expression ever becomes Python source. A closure takes an `Env` and gives a value.
Loops, filters, functions and calls are in `blocks`.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from app.engine.feel.compiler import blocks
from app.engine.feel.scope import Closure, Env, names
from app.engine.feel.syntax import mentions, nodes
from app.engine.feel.types import conforms_named
from app.engine.feel.values import (
    OPERATIONS,
    Range,
    both,
    compare,
    either,
    equal,
    kind,
    matches_any,
    negate,
)
from app.engine.meaning import TODAY

#: a power with a fraction in it takes a hundred times as long as other arithmetic
_POWER_STEPS = 50


def compiled(node: nodes.Node) -> Closure:
    """The closure of a node and all below it."""
    return _BY_NODE[type(node)](node)


def _literal(node: nodes.Literal) -> Closure:
    value = node.value
    return lambda env: value


def _constant(node: nodes.Constant) -> Closure:
    value, steps, calls = node.value, node.steps, node.calls
    anew: list[Closure] = []

    def run(env: Env) -> Any:
        now = env.run
        if now.meaning == TODAY and (now.world.strict or not calls):
            if steps:
                now.step(steps)
            return value
        if not anew:
            anew.append(compiled(node.of))
        return anew[0](env)

    return run


def _negate(node: nodes.Negate) -> Closure:
    if isinstance(node.of, nodes.Literal):
        value = negate(node.of.value)
        return lambda env: value
    of = compiled(node.of)
    return lambda env: negate(of(env))


def _arithmetic(node: nodes.Arithmetic) -> Closure:
    first = compiled(node.first)
    costly = sum(_POWER_STEPS for sign, _ in node.rest if sign == "**")
    rest = [(OPERATIONS[sign], compiled(operand)) for sign, operand in node.rest]
    if len(rest) == 1 and not costly:
        operation, second = rest[0]
        return lambda env: env.run.sized(operation(first(env), second(env)))

    def run(env: Env) -> Any:
        value = first(env)
        env.run.step(costly)
        for operation, operand in rest:
            value = env.run.sized(operation(value, operand(env)))
        return value

    return run


def _junction(node: nodes.Junction) -> Closure:
    operands = [compiled(operand) for operand in node.operands]
    final = node.operator == "or"
    join = either if final else both

    def run(env: Env) -> Any:
        truth: Any = not final
        for operand in operands:
            truth = join(truth, operand(env))
            if truth is final:
                return final
        return truth

    return run


def _compare(node: nodes.Compare) -> Closure:
    left, right, sign = compiled(node.left), compiled(node.right), node.operator
    if sign == "=":
        return lambda env: equal(left(env), right(env), env.run)
    if sign == "!=":

        def differ(env: Env) -> Any:
            same = equal(left(env), right(env), env.run)
            return None if same is None else not same

        return differ
    return lambda env: compare(sign, left(env), right(env), env.run)


def _between(node: nodes.Between) -> Closure:
    value, low, high = compiled(node.value), compiled(node.low), compiled(node.high)

    def run(env: Env) -> Any:
        given = value(env)
        steps = env.run
        return both(compare(">=", given, low(env), steps), compare("<=", given, high(env), steps))

    return run


def _test(node: nodes.Test) -> Closure:
    """A test standing for a value, as `(!= 3)` in a list: there is no interval for it."""
    return lambda env: None


def _matching(test: Closure) -> Callable[[Env, Any], Any]:
    return lambda env, value: matches_any(value, (test(env),), env.run)


def _asking(node: nodes.Node) -> Callable[[Env, Any], Any]:
    """A test that speaks of the value as `?` decides by its own truth."""
    test = compiled(node)

    def run(env: Env, value: Any) -> Any:
        result = test(Env({"?": value}, env))
        truth = isinstance(result, bool) or result is None
        return result if truth else matches_any(value, (result,), env.run)

    return run


def test_of(node: nodes.Node) -> Callable[[Env, Any], Any]:
    """The closure of one unary test: env, value → true, false or null."""
    if not isinstance(node, nodes.Test):
        return _asking(node) if mentions(node, "?") else _matching(compiled(node))
    operand, sign = compiled(node.operand), node.operator
    if sign == "=":
        return lambda env, value: equal(value, operand(env), env.run)
    if sign == "!=":

        def differ(env: Env, value: Any) -> Any:
            same = equal(value, operand(env), env.run)
            return None if same is None else not same

        return differ
    return lambda env, value: compare(sign, value, operand(env), env.run)


def _in(node: nodes.In) -> Closure:
    value, tests = compiled(node.value), [test_of(test) for test in node.tests]

    def run(env: Env) -> Any:
        given, held = value(env), False
        for test in tests:
            held = either(held, test(env, given))  # type: ignore[assignment]
            if held is True:
                return True
        return held

    return run


def _instance_of(node: nodes.InstanceOf) -> Closure:
    value, name = compiled(node.value), node.type

    def run(env: Env) -> Any:
        given = value(env)
        env.run.weigh(given)
        return conforms_named(given, name, env.run.world.types)

    return run


def _if(node: nodes.If) -> Closure:
    condition, then = compiled(node.condition), compiled(node.then)
    otherwise = compiled(node.otherwise)
    return lambda env: then(env) if condition(env) is True else otherwise(env)


def _list(node: nodes.ListOf) -> Closure:
    items = [compiled(item) for item in node.items]
    if all(isinstance(item, nodes.Literal) for item in node.items):
        values = tuple(item.value for item in node.items if isinstance(item, nodes.Literal))
        return lambda env: env.run.sized(list(values))
    return lambda env: env.run.sized([item(env) for item in items])


def _context(node: nodes.ContextOf) -> Closure:
    entries = [(name, compiled(value)) for name, value in node.entries]
    twice = len({name for name, _ in entries}) < len(entries)

    def run(env: Env) -> Any:
        values: dict[str, Any] = {}
        env.run.step(len(entries))
        inner = Env(values, env)
        for name, value in entries:
            values[name] = value(inner)
        return None if twice else values

    return run


def _range(node: nodes.RangeOf) -> Closure:
    start = compiled(node.start) if node.start else None
    end = compiled(node.end) if node.end else None
    included, exact = (node.start_included, node.end_included), node.exact

    def run(env: Env) -> Any:
        low = start(env) if start else None
        high = end(env) if end else None
        if low is not None and high is not None and kind(low) != kind(high):
            return None
        return Range(low, high, *included, start is None, end is None, exact)

    return run


def _path(node: nodes.Path) -> Closure:
    of, name = compiled(node.of), node.name
    return lambda env: names.entry(of(env), name, env.run)


def _is_index(node: nodes.Node) -> bool:
    if isinstance(node, nodes.Negate):
        return _is_index(node.of)
    return isinstance(node, nodes.Literal) and isinstance(node.value, Decimal)


def _filter(node: nodes.Filter) -> Closure:
    of, condition = compiled(node.of), compiled(node.condition)
    if _is_index(node.condition):
        return lambda env: blocks.item_at(of(env), condition(env))
    index = isinstance(node.condition, nodes.Name | nodes.Path | nodes.Arithmetic | nodes.Negate)
    return lambda env: blocks.filtered(env, of(env), condition, index)


_BY_NODE: dict[type, Callable[[Any], Closure]] = {
    nodes.Literal: _literal,
    nodes.Unreadable: _literal,
    nodes.Constant: _constant,
    nodes.Name: lambda node: names.name_of(node.name, node.at),
    nodes.Negate: _negate,
    nodes.Arithmetic: _arithmetic,
    nodes.Junction: _junction,
    nodes.Compare: _compare,
    nodes.Between: _between,
    nodes.Test: _test,
    nodes.In: _in,
    nodes.InstanceOf: _instance_of,
    nodes.If: _if,
    nodes.ListOf: _list,
    nodes.ContextOf: _context,
    nodes.RangeOf: _range,
    nodes.Path: _path,
    nodes.Filter: _filter,
    nodes.For: lambda node: blocks.loop(node, compiled),
    nodes.Steps: lambda node: blocks.steps(node, compiled),
    nodes.Quantified: lambda node: blocks.quantified(node, compiled),
    nodes.FunctionOf: lambda node: blocks.function(node, compiled),
    nodes.Call: lambda node: blocks.call(node, compiled),
}
