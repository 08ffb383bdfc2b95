"""Owns the numbers of a document's statements, and from what each of them was taken.

A statement is what stands in the place of a placeholder. Who said what is taken from `records` and
`told` is known to the rooms to the right; they write the annex.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.engine.bpmn import ALL

_RECORD = re.compile(r"\b(?:records|told)\s*\.\s*(\w+)((?:\s*\.\s*\w+)*)")
_STEP = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Taken:
    """From where: answers that a step's name stands for, and the question among them."""

    #: name in `records`, without the mark of a list; "settings" or "case" where `own` is true
    name: str
    #: path of the question; "" where the answers as a whole are spoken of
    path: str = ""
    #: which of everybody's answers, from 0; None: all of them, or the newest where `several` is not
    row: int | None = None
    several: bool = False
    #: it stands in the installation's settings, or in the case itself
    own: bool = False


@dataclass(frozen=True, slots=True)
class Loop:
    """A loop of the template that the statement stands in."""

    source: str
    #: from 1
    number: int
    item: Any


@dataclass(slots=True)
class Citations:
    """Statements in the order of the document; the same source has the same number."""

    #: records and told, as expressions see them
    scope: Mapping[str, Any]
    loops: dict[str, Loop] = field(default_factory=dict)
    numbers: dict[tuple[Taken, ...], int] = field(default_factory=dict)

    def mark(self, source: str) -> str:
        """What stands behind the statement, such as “ [3]”; nothing for a constant."""
        taken = tuple(dict.fromkeys(self._taken(source, dict(self.loops))))
        if not taken:
            return ""
        return f" [{self.numbers.setdefault(taken, len(self.numbers) + 1)}]"

    def _taken(self, source: str, loops: Mapping[str, Loop]) -> Iterator[Taken]:
        for name, steps in _RECORD.findall(source):
            yield self._record(name, _STEP.findall(steps))
        for variable, loop in loops.items():
            for steps in re.findall(rf"(?<![\w.]){variable}\b((?:\s*\.\s*\w+)*)", source):
                yield from self._of_loop(loop, _STEP.findall(steps), variable, loops)
        for own in ("settings", "case"):
            if re.search(rf"(?<![\w.]){own}\s*\.", source):
                yield Taken(own, own=True)

    def _record(self, name: str, steps: list[str]) -> Taken:
        several = name.endswith(ALL)
        return Taken(name.removesuffix(ALL), ".".join(steps), several=several)

    def _of_loop(
        self, loop: Loop, steps: list[str], variable: str, loops: Mapping[str, Loop]
    ) -> Iterator[Taken]:
        outer = {name: each for name, each in loops.items() if name != variable}
        for taken in self._taken(loop.source, outer):
            if taken.own:
                yield taken
            elif taken.several and taken.row is None and not taken.path:
                yield Taken(taken.name, ".".join(steps), self._place(taken.name, loop), True)
            else:
                path = ".".join([*filter(None, [taken.path]), str(loop.number - 1), *steps])
                yield Taken(taken.name, path, taken.row, taken.several)

    def _place(self, name: str, loop: Loop) -> int | None:
        """Which of everybody's answers the loop is at, also where it leaves some out."""
        for room in ("told", "records"):
            rows = self.scope.get(room, {}).get(f"{name}{ALL}") or []
            places = [number for number, row in enumerate(rows) if row == loop.item]
            if places:
                return places[0]
        return None
