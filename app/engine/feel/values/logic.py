"""Equality, order and membership in FEEL's three-valued logic (DMN 1.3 §10.3.2).

None is "cannot be said": the values are of different kinds, or one of them is null.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from decimal import Decimal
from typing import Any, Protocol

from app.engine.errors import ExpressionFault
from app.engine.feel.values.kinds import Range, Wide, kind, number
from app.engine.feel.values.temporal import local, order_key, parts
from app.engine.meaning import TODAY

_SIMPLE = frozenset({str, bool, Decimal})
ORDERED = frozenset(
    {
        "number",
        "string",
        "date",
        "time",
        "date and time",
        "days and time duration",
        "years and months duration",
    }
)
#: types that may hold a time of day
_CLOCKED = frozenset({datetime, time, Wide})
MOST_COMPARED = 200_000


class Steps(Protocol):
    """What counts work and says whose meaning is followed: a `Run`, or a `Tally` where no
    evaluation is under way."""

    meaning: int

    def step(self, count: int = 1) -> None: ...


class Tally:
    """Counts the steps of a deep walk, so that shared lists inside lists cannot explode."""

    __slots__ = ("left", "meaning")

    def __init__(self, most: int = MOST_COMPARED) -> None:
        self.left = most
        self.meaning = TODAY

    def step(self, count: int = 1) -> None:
        self.left -= count
        if self.left < 0:
            raise ExpressionFault("This expression works on too many values at once.")


def equal(a: Any, b: Any, steps: Steps | None = None) -> bool | None:
    """`a = b`; `steps` counts the work of comparing lists and contexts."""
    cls = type(a)
    if cls is type(b) and cls in _SIMPLE:
        return bool(a == b)
    if a is None or b is None:
        return a is b
    return _equal(a, b, steps or Tally())


def _equal(a: Any, b: Any, tally: Steps) -> bool | None:
    tally.step()
    if a is None or b is None:
        return a is b
    what = kind(a)
    if what != kind(b):
        return None
    if what == "number":
        return number(a) == number(b)
    if what == "list":
        return _equal_lists(a, b, tally)
    if what == "context":
        return _equal_contexts(a, b, tally)
    if what == "range":
        return _equal_ranges(a, b, tally)
    if what in ("time", "date and time"):
        return bool(order_key(_to_the_second(a)) == order_key(_to_the_second(b)))
    if what in ("string", "boolean") or what in ORDERED:
        return bool(a == b)
    return a is b or None


def _to_the_second(value: Any) -> Any:
    """Two times are equal when their properties are, and `second` is a whole number."""
    base, cycles, _ = parts(value)
    assert isinstance(base, datetime | time)
    whole: Any = base.replace(microsecond=0)
    return Wide(whole, cycles) if cycles else whole


def _every(truths: list[bool | None]) -> bool | None:
    if False in truths:
        return False
    return None if None in truths else True


def _equal_lists(a: Any, b: Any, tally: Steps) -> bool | None:
    if len(a) != len(b):
        return False
    return _every([_equal(x, y, tally) for x, y in zip(a, b, strict=True)])


def _equal_contexts(a: Mapping[str, Any], b: Mapping[str, Any], tally: Steps) -> bool | None:
    if a.keys() != b.keys():
        return False
    return _every([_equal(a[key], b[key], tally) for key in a])


def _equal_ranges(a: Range, b: Range, tally: Steps) -> bool | None:
    shape = ["start_included", "end_included", "open_start", "open_end"]
    if tally.meaning >= 2:
        shape.append("exact")
    if any(getattr(a, name) != getattr(b, name) for name in shape):
        return False
    return _every([_equal(a.start, b.start, tally), _equal(a.end, b.end, tally)])


def _sortable(a: Any, b: Any) -> tuple[Any, Any]:
    """Keys of two times or dates; one without a zone takes the zone of the other."""
    (a_zone, a_key), (b_zone, b_key) = order_key(a), order_key(b)
    if a_zone != b_zone:
        return order_key(local(a))[1], order_key(local(b))[1]
    return a_key, b_key


def order(a: Any, b: Any) -> int | None:
    """-1, 0 or 1 as a is before, level with or after b; None where they cannot be compared."""
    if type(a) is not Decimal or type(b) is not Decimal:
        what = kind(a)
        if what not in ORDERED or what != kind(b):
            return None
        if what == "number":
            a, b = number(a), number(b)
            if a is None or b is None:
                return None
        elif what not in ("string", "years and months duration"):
            a, b = _sortable(a, b)
    return int(a > b) - int(a < b)


def level(a: Any, b: Any) -> int | None:
    """As `order`, with times cut to the second as `=` has them: none is both equal and later."""
    what = kind(a)
    if what in ("time", "date and time") and what == kind(b):
        return order(_to_the_second(a), _to_the_second(b))
    return order(a, b)


def compare(operator: str, a: Any, b: Any, steps: Steps | None = None) -> bool | None:
    """`a < b`, `a <= b`, `a > b`, `a >= b`; the latter two are true of what is `=`, or `<`."""
    clocked = type(a) in _CLOCKED and not (steps is not None and steps.meaning < 2)
    way = level(a, b) if clocked else order(a, b)
    if way is None:
        return None
    if clocked and way == 0 and order_key(a)[0] != order_key(b)[0]:
        return False  # a time in a zone and the same one in none are neither equal nor apart
    if operator == "<":
        return way < 0
    if operator == "<=":
        return way <= 0
    return way > 0 if operator == ">" else way >= 0


def both(a: Any, b: Any) -> bool | None:
    """`a and b`; what is not true or false counts as null."""
    if a is False or b is False:
        return False
    return True if a is True and b is True else None


def either(a: Any, b: Any) -> bool | None:
    """`a or b`."""
    if a is True or b is True:
        return True
    return False if a is False and b is False else None


def within(value: Any, interval: Range, steps: Steps | None = None) -> bool | None:
    """Whether a value lies in an interval."""
    low: bool | None = True
    high: bool | None = True
    if not interval.open_start:
        low = compare(">=" if interval.start_included else ">", value, interval.start, steps)
    if not interval.open_end:
        high = compare("<=" if interval.end_included else "<", value, interval.end, steps)
    return both(low, high)


def matches(value: Any, test: Any, steps: Steps | None = None) -> bool | None:
    """`value in test` where the test has been worked out to a value."""
    what = kind(test)
    if what == "range" and kind(value) != "range":
        return within(value, test, steps)
    if what == "list":
        return _among(value, test, steps)
    return equal(value, test, steps)


def _among(value: Any, tests: Any, steps: Steps | None) -> bool | None:
    """Whether a list has the value; a list may also be the whole of it."""
    if kind(value) != "list":
        return matches_any(value, tests, steps)
    whole = equal(value, tests, steps)
    if whole is True or (steps is not None and steps.meaning < 2):
        return whole or matches_any(value, tests, steps)
    if steps is not None:
        steps.step(len(tests))
    inner = [test for test in tests if kind(test) in ("list", "null")]
    return either(whole, matches_any(value, inner, steps))


def matches_any(value: Any, tests: Any, steps: Steps | None = None) -> bool | None:
    """Whether one of several tests holds. A test of another kind than the value cannot be said:
    null, so that no `not(…)` turns it round (DMN 1.3, table 49: `=` of different kinds).
    Under the first meaning it was false."""
    sayable = steps is not None and steps.meaning < 2
    truth: bool | None = False
    for test in tests:
        if steps is not None:
            steps.step()
        holds = matches(value, test, steps)
        if holds is True:
            return True
        if holds is None and not (sayable and kind(test) != "range"):
            truth = None
    return truth
