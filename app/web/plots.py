"""Plots as shapes: bars in rows, each of several parts, drawn by a template as SVG.

A plot only shows what the table beside it says, and nobody needs it: what a part is called and how
it looks is the template's. Coordinates are those of a drawing `WIDTH` wide, so that on the
narrowest screen a letter keeps its size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 300
#: from the top of a row to the top of the next, and of its bar
ROW, BAR = 22, 16
#: a number is written in its part where it has room
_ROOM = 9
#: of a single count, so that one of one does not look like much
_MOST_OF_ONE = 32


@dataclass(frozen=True, slots=True)
class Part:
    #: which of the parts of a bar, from 0
    kind: int
    number: int
    left: float
    width: float

    @property
    def middle(self) -> float:
        return self.left + self.width / 2

    @property
    def roomy(self) -> bool:
        return self.width >= _ROOM * len(str(self.number))


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    top: int
    parts: tuple[Part, ...]
    #: where the bar ends
    right: float
    #: a number of it is not shown
    hidden: bool

    @property
    def text(self) -> float:
        """The line on which letters stand."""
        return self.top + BAR - 4


@dataclass(frozen=True, slots=True)
class Plot:
    bars: tuple[Bar, ...]
    height: int
    #: where the bars begin
    left: int


def bars(
    rows: Sequence[tuple[str, Sequence[int | None]]], left: int = 64, longest: int = 0
) -> Plot:
    """A bar a row, of its numbers in turn; None is a number that is not shown. `left`: the room
    for the labels; `longest`: a bar of another plot that has the same scale."""
    longest = max(longest, *(sum(n or 0 for n in numbers) for _, numbers in rows), 0)
    unit = min((WIDTH - left - 60) / max(longest, 1), _MOST_OF_ONE)
    drawn = []
    for place, (label, numbers) in enumerate(rows):
        parts, at = [], float(left)
        for kind, number in enumerate(numbers):
            if number:
                parts.append(Part(kind, number, round(at, 1), round(number * unit, 1)))
                at += number * unit
        drawn.append(Bar(label, place * ROW, tuple(parts), round(at, 1), None in numbers))
    return Plot(tuple(drawn), len(rows) * ROW, left)
