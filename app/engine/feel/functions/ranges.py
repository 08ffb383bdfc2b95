"""Built-in functions over intervals and points (DMN 1.3 §10.3.4.7; `range` of 1.4)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.engine.errors import ExpressionFault
from app.engine.feel.compiler import compiled
from app.engine.feel.scope import Env, Run, built_in
from app.engine.feel.syntax import nodes, parse
from app.engine.feel.values import Range, kind, level, order

_MAKERS = frozenset({"date", "time", "date and time", "duration"})


class Apart(ValueError):
    """These two cannot be compared."""


def _way(a: Any, b: Any) -> int:
    way = level(a, b)
    if way is None:
        raise Apart
    return way


def _point(value: Any) -> Range:
    return value if isinstance(value, Range) else Range(value, value)


def _answer(test: Callable[[Range, Range], bool], a: Any, b: Any) -> bool | None:
    if a is None or b is None:
        return None
    try:
        return test(_point(a), _point(b))
    except Apart:
        return None


def _before(a: Range, b: Range) -> bool:
    way = _way(a.end, b.start)
    return way < 0 or (way == 0 and not (a.end_included and b.start_included))


def _meets(a: Range, b: Range) -> bool:
    return a.end_included and b.start_included and _way(a.end, b.start) == 0


def _starts_level(a: Range, b: Range) -> bool:
    return _way(a.start, b.start) == 0 and a.start_included == b.start_included


def _ends_level(a: Range, b: Range) -> bool:
    return _way(a.end, b.end) == 0 and a.end_included == b.end_included


def _starts_no_later(a: Range, b: Range) -> bool:
    """Whether all of b begins within or at the beginning of a."""
    way = _way(a.start, b.start)
    return way < 0 or (way == 0 and (a.start_included or not b.start_included))


def _ends_no_earlier(a: Range, b: Range) -> bool:
    way = _way(a.end, b.end)
    return way > 0 or (way == 0 and (a.end_included or not b.end_included))


def _includes(a: Range, b: Range) -> bool:
    return _starts_no_later(a, b) and _ends_no_earlier(a, b)


def _overlaps(a: Range, b: Range) -> bool:
    return not _before(a, b) and not _before(b, a)


def _overlaps_before(a: Range, b: Range) -> bool:
    """a begins first, reaches into b, and ends within it."""
    begins = _way(a.start, b.start)
    first = begins < 0 or (begins == 0 and a.start_included and not b.start_included)
    return first and _overlaps(a, b) and _ends_no_earlier(b, a)


def _starts(a: Range, b: Range) -> bool:
    return _starts_level(a, b) and _ends_no_earlier(b, a)


def _finishes(a: Range, b: Range) -> bool:
    return _ends_level(a, b) and _starts_no_later(b, a)


def _coincides(a: Range, b: Range) -> bool:
    return _starts_level(a, b) and _ends_level(a, b)


def _turned(test: Callable[[Range, Range], bool]) -> Callable[[Range, Range], bool]:
    return lambda a, b: test(b, a)


_TWO_RANGES = ("range1: range, range2: range",)
_POINT_IN = ("point: any, range: range", *_TWO_RANGES)
_RANGE_WITH = ("range: range, point: any", *_TWO_RANGES)
_ANY_TWO = (
    "point1: any, point2: any", "point: any, range: range", "range: range, point: any",
    *_TWO_RANGES,
)  # fmt: skip
_RELATIONS: dict[str, tuple[tuple[str, ...], Callable[[Range, Range], bool]]] = {
    "before": (_ANY_TWO, _before),
    "after": (_ANY_TWO, _turned(_before)),
    "meets": (_TWO_RANGES, _meets),
    "met by": (_TWO_RANGES, _turned(_meets)),
    "overlaps": (_TWO_RANGES, _overlaps),
    "overlaps before": (_TWO_RANGES, _overlaps_before),
    "overlaps after": (_TWO_RANGES, _turned(_overlaps_before)),
    "finishes": (_POINT_IN, _finishes),
    "finished by": (_RANGE_WITH, _turned(_finishes)),
    "includes": (_RANGE_WITH, _includes),
    "during": (_POINT_IN, _turned(_includes)),
    "starts": (_POINT_IN, _starts),
    "started by": (_RANGE_WITH, _turned(_starts)),
    "coincides": (("point1: any, point2: any", *_TWO_RANGES), _coincides),
}


def _register(name: str, signatures: tuple[str, ...], test: Callable[[Range, Range], bool]) -> None:
    for signature in signatures:
        built_in(name, signature)(lambda run, a, b: _answer(test, a, b))


for _name, (_signatures, _test) in _RELATIONS.items():
    _register(_name, _signatures, _test)


def _literal(node: nodes.Node | None) -> bool:
    """Whether an end of an interval is written out: nothing else may stand in `range("…")`."""
    if isinstance(node, nodes.Negate):
        return _literal(node.of)
    if isinstance(node, nodes.Call):
        named = isinstance(node.function, nodes.Name) and node.function.name in _MAKERS
        return named and all(isinstance(argument, nodes.Literal) for argument in node.arguments)
    return isinstance(node, nodes.Literal)


@built_in("range", "from: string")
def range_(run: Run, text: str) -> Any:
    """An interval from its text, as "[1..5)"; null where its ends are not in order."""
    try:
        node = parse(text.strip())
    except ExpressionFault:
        return None
    if not isinstance(node, nodes.RangeOf) or not (_literal(node.start) and _literal(node.end)):
        return None
    interval = compiled(node)(Env({}, None, run))
    way = order(interval.start, interval.end) if kind(interval) == "range" else None
    return None if way is None or way > 0 else interval
