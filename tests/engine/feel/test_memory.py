"""Caches have an end, and evaluating leaves nothing behind."""

from __future__ import annotations

import gc
import tracemalloc

from app.engine.feel import World, compile_expression, compile_tests, types
from app.engine.feel.compiler import expression

WORLD = World(strict=False)


def test_caches_are_bounded() -> None:
    for number in range(4_200):
        compile_expression(f"x + {number}")
        compile_tests(f"> {number}")
    for cached in (expression._expression, expression._tests, types.parse):
        found = cached.cache_info()
        assert found.maxsize is not None
        assert found.currsize <= found.maxsize <= 4_096


def test_evaluating_leaves_nothing_behind() -> None:
    made = compile_expression("for i in 1..50 return {a: i, b: string(i)}[b = x]")
    tests = compile_tests('not("a", "b"), [1..x]')

    def work() -> None:
        for number in range(300):
            made.evaluate({"x": str(number)}, WORLD)
            tests.matches(number, {"x": 5}, WORLD)

    work()
    gc.collect()
    tracemalloc.start()
    work()
    gc.collect()
    grown, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert grown < 100_000
