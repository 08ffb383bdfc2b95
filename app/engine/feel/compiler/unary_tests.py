"""What a DMN input entry means for a value (unary tests of DMN 1.3 §10.3.2).

An expression with `?` decides by its own truth; one without is compared with the value:
equal to it, an interval around it, or a list that has it. So a cell `true`, or the name of
something that holds true, matches true and nothing else.

The standard leaves out what a condition without `?` means (`limit > 3` in a column of texts).
Nobody compares a text with a truth: it decides by its own truth there, as Camunda has it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.engine.feel.compiler.closures import compiled, test_of
from app.engine.feel.scope import Closure, Env
from app.engine.feel.syntax import mentions, nodes
from app.engine.feel.values import either, matches_any

Decide = Callable[[Env, Any], bool | None]
#: what asks something, where literals, names and paths only hold something
_CONDITIONS = (
    nodes.Compare, nodes.Between, nodes.In, nodes.InstanceOf, nodes.Junction, nodes.Quantified,
    nodes.Call,
)  # fmt: skip


def tests_closure(node: nodes.UnaryTestsOf) -> Decide:
    """The closure of a whole input entry."""
    if not node.tests:
        return lambda env, value: True
    tests = [_one(test) for test in node.tests]
    negated = node.negated

    def run(env: Env, value: Any) -> bool | None:
        inner = Env({"?": value}, env)
        held: bool | None = False
        for test in tests:
            held = either(held, test(inner, value))
            if held:
                break
        return held if not negated or held is None else not held

    return run


def _one(node: nodes.Node) -> Decide:
    drawn = node.of if isinstance(node, nodes.Constant) else node
    if isinstance(node, nodes.Test) or mentions(node, "?"):
        return test_of(node)
    plain = _comparison(compiled(node), isinstance(drawn, _CONDITIONS))
    if not isinstance(drawn, nodes.Call) or drawn.function_name != "not" or drawn.names:
        return plain
    return _negation([_one(test) for test in drawn.arguments], plain)


def _negation(tests: list[Decide], plain: Decide) -> Decide:
    """`not(…)` among other tests negates what is in it, as one around a whole entry does."""

    def run(env: Env, value: Any) -> bool | None:
        if env.run.meaning < 2:
            return plain(env, value)
        held: bool | None = False
        for test in tests:
            held = either(held, test(env, value))
        return None if held is None else not held

    return run


def _comparison(test: Closure, condition: bool) -> Decide:
    def run(env: Env, value: Any) -> bool | None:
        result = test(env)
        old = env.run.meaning < 2
        if isinstance(result, bool) and not isinstance(value, bool) and (condition or old):
            return result
        if result is None and condition and not old:
            return None
        return matches_any(value, (result,), env.run)

    return run
