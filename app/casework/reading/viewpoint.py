"""From where a name of another step is looked at: the task that says it, and the runs around it.

A process may run several times in one case: in several instances, called at several places, once
for each item. What a task says of a step means that of its own run; where the run has none, the
case's. What siblings did for another item of the same loop is never meant.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from app.engine.run import ITEM
from app.store import TaskRow


class Kept(Protocol):
    """A row about a task, open or done."""

    @property
    def task(self) -> str: ...
    @property
    def lies_in(self) -> str: ...


T = TypeVar("T", bound=Kept)


@dataclass(frozen=True, slots=True)
class Viewpoint:
    """Where a task lies."""

    process: str
    instance: str
    #: as the engine tells it (`run.around`)
    lies_in: str

    @classmethod
    def of(cls, row: TaskRow) -> Viewpoint:
        return cls(row.process, row.instance, row.lies_in)

    def meant(self, rows: Iterable[T]) -> list[T]:
        """Those of the rows, all about one step, that the task speaks of; in their order."""
        visible = [row for row in rows if not self._of_a_sibling(row)]
        here = [row for row in visible if _instance(row) == self.instance]
        around = {"", *_calls(self.lies_in)}
        nearest = [row for row in here if (_calls(row.lies_in) or [""])[-1] in around]
        return nearest or here or visible

    def _of_a_sibling(self, row: Kept) -> bool:
        if _instance(row) != self.instance:
            return False
        mine = _items(self.lies_in)
        return any(mine.get(loop, item) != item for loop, item in _items(row.lies_in).items())


def _instance(row: Kept) -> str:
    """Task ids are "<instance>-<number>"; what a start form asked is "start:<instance>"."""
    start, _, begun = row.task.partition(":")
    return begun if start == "start" else row.task.rpartition("-")[0]


def loops_around(row: Kept) -> tuple[str, ...]:
    """What a label is unique in: the instance, and the items of the loops outside its own."""
    return (_instance(row), *list(_items(row.lies_in).values())[:-1])


def _calls(lies_in: str) -> list[str]:
    """The called processes among the runs, outermost first."""
    return [run for run in lies_in.split() if ITEM not in run]


def _items(lies_in: str) -> dict[str, str]:
    """Repeated activity → the item of it that the runs are about."""
    return dict(run.split(ITEM) for run in lies_in.split() if ITEM in run)
