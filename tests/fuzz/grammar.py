"""Invents FEEL expressions by the grammar, so that most of them are read and worked out."""

from __future__ import annotations

from random import Random

from app.engine.feel import BUILT_INS

LEAVES = (
    "1", "0", "-0.5", "1e40", "1e-40", "1e6000", "10**20", "12345678901234567890123456789012345678",
    '"a"', '""', '"a.b"', '"(a+)+$"', '"\\uD83D\\uDE00"', '"2026-03-29"', "true", "false", "null",
    "x", "xs", "deep.a.b", "nothing here", "[]", "[1, 2]", '["a", null]', "{a: 1}", "{}", "[1..3]",
    "(< 10)", "(>= 3)", '("a".."c")', '@"2026-03-29"', '@"10:00:00"', '@"9999-12-31"',
    '@"2026-03-29T01:30:00@Europe/London"', '@"-0044-03-15T10:00:00Z"', '@"10:00:00.1234567+01:00"',
    '@"P999999999D"', '@"-PT0.000000001S"', '@"P1Y"', '@"P999999999Y"', "function(a) a", "item",
    "count", "[1..1000000]", "for i in 1..1000 return i", "1..5", "?", "now()", "today()",
)  # fmt: skip
SHAPES = (
    "{} + {}", "{} - {}", "{} * {}", "{} / {}", "{} ** {}", "-{}", "{} = {}", "{} != {}",
    "{} < {}", "{} >= {}", "{} in {}", "{} in ({}, {})", "{} between {} and {}", "{} and {}",
    "{} or {}", "not({})", "if {} then {} else {}", "for i in {} return {}",
    "for i in {}, j in {} return {}", "for i in {}..{} return i + {}",
    "for i in 1..20 return if i = 1 then {} else partial[-1] + {}",
    "some i in {} satisfies {}", "every i in {}, j in {} satisfies {}", "{}[{}]", "{}[item > {}]",
    "{}.a", "{}.year", "{}.start included", "({})", "[{}, {}]", "[{}..{}]", "({}..{}]", "]{}..{}[",
    "{{a: {}, b: {}}}", "{{a: {}, b: a}}.b", "{{\"x y\": {}}}.x y", "{} instance of list<number>",
    "{} instance of context<a: number>", "{} instance of function<number> -> number",
    "(function(p: number, q) {})({}, {})",
    "{{f: function(n) if n < 1 then {} else f(n - 1)}}.f({})",
    "date({})", "time({})", "date and time({})", "duration({})", "{} < {} < {}",
)  # fmt: skip
TESTS = ("{}", "{}, {}", "not({})", "not({}, {})", "< {}", ">= {}", "[{}..{}]", "? > {}", "-")
_SOUP = (
    "+ - * / ** = != < >= and or in between of instance number ( ) [ ] { } , : . .. if then else "
    'for return some every satisfies function external not ? -> @ year "a" 1 x null // /* */ \' "'
)
SOUP = _SOUP.split()


def expression(rnd: Random, depth: int = 0) -> str:
    """One expression; deeper parts are simpler."""
    at = rnd.random()
    if depth > 3 or at < 0.25:
        return rnd.choice(LEAVES)
    if at < 0.55:
        return _call(rnd, depth)
    shape = rnd.choice(SHAPES)
    return shape.format(*(expression(rnd, depth + 1) for _ in range(shape.count("{}"))))


def _call(rnd: Random, depth: int) -> str:
    name = rnd.choice(sorted(BUILT_INS))
    if rnd.random() < 0.15:
        variant = rnd.choice(BUILT_INS[name].variants)
        given = [f"{p.name}: {expression(rnd, depth + 1)}" for p in variant.parameters]
    else:
        given = [expression(rnd, depth + 1) for _ in range(rnd.choice([0, 1, 1, 2, 2, 3, 4]))]
    return f"{name}({', '.join(given)})"


def tests(rnd: Random) -> str:
    """One input entry of a decision table."""
    shape = rnd.choice(TESTS)
    return shape.format(*(expression(rnd, 2) for _ in range(shape.count("{}"))))


def soup(rnd: Random) -> str:
    """Words in any order; nested brackets too."""
    if rnd.random() < 0.1:
        return rnd.choice(["(", "[", "{a:", "-", "if ", "not("]) * rnd.choice([5, 50, 2000])
    return " ".join(rnd.choice(SOUP) for _ in range(rnd.randint(1, 25)))


def broken(rnd: Random, source: str) -> str:
    """A good expression with a piece of another in it, or one taken out."""
    at, to = sorted(rnd.randrange(len(source) + 1) for _ in range(2))
    return source[:at] + rnd.choice(["", " ", *SOUP, rnd.choice(LEAVES)]) + source[to:]
