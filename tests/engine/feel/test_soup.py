"""Whatever people write, the answer is a value or a fault: never another exception."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from app.engine.feel import (
    BUILT_INS,
    ExpressionFault,
    World,
    codec,
    compile_expression,
    compile_tests,
    kind,
)

NOW = datetime(2026, 3, 25, 12, tzinfo=UTC)
TERMS = """
1 | -0.5 | 1e40 | 10**20 | "a" | "" | "a.b" | true | null | x | xs | [] | [1, 2] | ["a", null]
{a: 1} | {} | [1..3] | (< 10) | ("a".."c") | @"2026-03-29" | @"10:00:00" | @"9999-12-31"
@"2026-03-29T01:30:00@Europe/London" | @"-0044-03-15T10:00:00Z" | @"10:00:00.123456789+01:00"
@"P999999999D" | @"-PT0.000000001S" | @"P1Y" | @"P999999999Y" | function(a) a | count | item
"""
SIGNS = """
+ | - | * | / | ** | = | != | < | >= | and | or | in | between | instance of | number
list<number> | ( | ) | [ | ] | { | } | , | : | . | .. | if | then | else | for | return | some
every | satisfies | function | not | ? | date and time | -> | @ | year
"""
SHAPES = """
{} + {} | {} - {} | {} * {} | {} / {} | {} ** {} | {} = {} | {} < {} | {} in {} | {}[{}]
for i in {} return i = {} | {}.year = {}
"""


def cut(table: str) -> list[str]:
    return [part.strip() for part in table.strip().replace("\n", " | ").split(" | ")]


WORDS = cut(TERMS) + cut(SIGNS)
SCOPE = {"x": 3, "xs": [{"a": 1}, {"a": None}, 5], "?": 1}
WORLDS = st.sampled_from([World(now=NOW, budget=5000), World(now=NOW, strict=False, budget=5000)])


def worked(source: str, world: World) -> None:
    try:
        found = compile_expression(source).evaluate(SCOPE, world)
    except ExpressionFault as fault:
        assert fault.sentence
        return
    if kind(found) not in ("function", "list", "context", "range"):
        assert codec.loads(codec.dumps(found)) == found


@given(st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join), WORLDS)
@settings(max_examples=300, deadline=None)
def test_soup_of_words(source: str, world: World) -> None:
    worked(source, world)


@given(st.text(max_size=40), WORLDS)
def test_soup_of_letters(source: str, world: World) -> None:
    worked(source, world)
    try:
        compile_tests(source).matches(1, SCOPE, world)
    except ExpressionFault:
        return


@given(
    st.sampled_from(sorted(BUILT_INS)),
    st.lists(st.sampled_from(cut(TERMS)), max_size=7).map(", ".join),
    WORLDS,
)
@settings(max_examples=600, deadline=None)
def test_every_built_in_takes_anything(name: str, arguments: str, world: World) -> None:
    worked(f"{name}({arguments})", world)


@given(
    st.sampled_from(cut(SHAPES)),
    st.sampled_from(cut(TERMS)),
    st.sampled_from(cut(TERMS)),
    WORLDS,
)
@settings(max_examples=600, deadline=None)
def test_every_operator_takes_anything(shape: str, a: str, b: str, world: World) -> None:
    worked(shape.format(a, b), world)
