"""What a DMN input entry means for a value (unary tests of DMN 1.3 §10.3.2).

An expression with `?` decides by its own truth; one without is compared with the value:
equal to it, an interval around it, or a list that has it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.engine.feel import nodes
from app.engine.feel.compiler import compiled, test_of
from app.engine.feel.free_names import mentions
from app.engine.feel.logic import either, matches_any
from app.engine.feel.scopes import Closure, Env

Decide = Callable[[Env, Any], bool | None]


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
    if isinstance(node, nodes.Test) or mentions(node, "?"):
        return test_of(node)
    return _comparison(compiled(node))


def _comparison(found: Closure) -> Decide:
    def run(env: Env, value: Any) -> bool | None:
        result = found(env)
        if isinstance(result, bool) and not isinstance(value, bool):
            return result
        return matches_any(value, (result,), env.run)

    return run
