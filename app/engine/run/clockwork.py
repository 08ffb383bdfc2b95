"""Owns which timer of a case is next, and firing exactly that one.

Setting and dropping timers is `timers`; what a fired event does is `catching`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.engine.events import TimerFired
from app.engine.run import catching, timers

if TYPE_CHECKING:
    from app.engine.run.elements.base import Instance
    from app.engine.run.elements.tokens import Token


def next_due(runs: Iterable[Instance]) -> datetime | None:
    """The earliest instant at which a timer is due, in UTC."""
    return min((timer[0] for timer in _all(runs)), default=None)


def fire_next(runs: Iterable[Instance], at: datetime) -> None:
    """Fire the earliest timer due at or before `at`; of equal ones the one set first."""
    due = [timer for timer in _all(runs) if timer[0] <= at]
    if due:
        _fire(*min(due, key=lambda timer: timer[:4])[-2:])


def _all(runs: Iterable[Instance]) -> Iterator[tuple[Any, ...]]:
    """(due, set at, instance, number, token, timer) of every timer."""
    for index, run in enumerate(runs):
        for due, at, n, token, timer in timers.all_of(run):
            yield due, at, index, n, token, timer


def _fire(token: Token, timer: dict[str, Any]) -> None:
    run = token.workflow
    node = token.task_spec._wf_spec.task_specs[timer["e"]]
    due = datetime.fromisoformat(timer["due"])
    run.turn.emit(TimerFired(**node.place(run), timer=f"{run.id}-{timer['n']}", due=due))
    catching.fire_timer(token, timer)
