"""What an expression may know beside its scope: the present instant, the calendar, limits.

Also the state of one evaluation (`Run`): its remaining steps. Nothing here reads a clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.engine.errors import ExpressionFault
from app.engine.feel.calendar import Calendar, Sum
from app.engine.feel.values import LONGEST_TEXT
from app.engine.limits import Spent, left, take
from app.engine.meaning import TODAY

#: errors of Python's own that values may lead to; no expression ends in one (`expression`)
SLIPS = (ArithmeticError, AssertionError, LookupError, RecursionError, TypeError, ValueError)


@dataclass(frozen=True, slots=True)
class World:
    """Given to each evaluation. `now` is aware; without it `now()` and `today()` are a fault."""

    now: datetime | None = None
    calendar: Calendar | None = None
    #: the instant whose knowledge of one-off holidays counts; without it `now`. A deadline that is
    #: worked out again counts from when it was set, by what is known today
    known: datetime | None = None
    #: True: an unknown name is a fault and built-ins cannot be shadowed; False: as DMN says
    strict: bool = True
    #: steps (calls, rounds of loops, list items made) before an evaluation is stopped
    budget: int = 100_000
    #: each working-day function appends how it came to its result; the outermost is last
    sums: list[Sum] | None = None
    #: further functions by name: feel.Function values or Python callables
    functions: Mapping[str, Any] = field(default_factory=dict)
    #: named types (DMN item definitions) as FEEL type texts, e.g. {"tAge": "number"}
    types: Mapping[str, str] = field(default_factory=dict)
    #: whose meaning is followed (`engine.meaning`)
    meaning: int = TODAY


PLAIN = World()


class Run:
    """One evaluation. Counts steps, so that no expression can hang or eat memory."""

    __slots__ = ("_given", "left", "meaning", "world")

    def __init__(self, world: World) -> None:
        self.world = world
        self.meaning = world.meaning
        self.left = left(world.budget)
        self._given = self.left

    def step(self, count: int = 1) -> None:
        self.left -= count
        if self.left < 0:
            if self._given < self.world.budget:
                raise Spent
            raise ExpressionFault(
                f"This expression needs more than {self.world.budget:,} steps and was stopped."
            )

    def close(self) -> None:
        """Takes what was used from the budget of the order. Raises `Spent`."""
        take(self._given - self.left)

    def weigh(self, value: Any) -> None:
        """Counts a step for all that a value holds: what looks through it whole costs so much."""
        waiting = [value]
        while waiting:
            part = waiting.pop()
            if type(part) is list:
                self.step(len(part))
                waiting += [each for each in part if type(each) in (list, dict)]
            elif type(part) is dict:
                self.step(len(part))
                waiting += [each for each in part.values() if type(each) in (list, dict)]

    def sized(self, value: Any) -> Any:
        """The value, its size counted; a text longer than the limit is a fault."""
        if type(value) is list:
            self.step(len(value))
        elif type(value) is str:
            self.room_for(len(value))
            self.step(len(value) >> 8)
        return value

    def room_for(self, length: int) -> None:
        if length > LONGEST_TEXT:
            raise ExpressionFault(f"A text here would be longer than {LONGEST_TEXT:,} characters.")
