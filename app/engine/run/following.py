"""Owns what the property `replan` does: running deadlines follow what a step has changed.

Told when the step is passed (`overrides.Node.leave`), done when the case has come to rest: all of
the step's values stand then, and the outcome does not hang on the order of tokens. How a deadline
or a timer is worked out again is `deadlines` and `timers`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from app.engine.events import VariablesSet
from app.engine.run import deadlines
from app.engine.run.variables import normal, visible

if TYPE_CHECKING:
    from app.engine.run.elements.base import Instance
    from app.engine.run.turn import Turn


def follow(runs: Iterable[Instance], turn: Turn) -> None:
    """Works out again what runs in the case, for all steps that told so; oldest instance first."""
    reason = "; ".join(dict.fromkeys(turn.replans))
    turn.replans.clear()
    for run in runs:
        _lend_anew(run)
        deadlines.replan_all(run, reason)


def _lend_anew(run: Instance) -> None:
    """A called process that was lent a variable and has not set it itself sees its caller's.

    Outer calls have the smaller numbers, so what was lent on and on arrives at the innermost.
    """
    for n in sorted(run.tasks):
        root = run.tasks[n]
        lent = root.internal_data.get("lent") if root.task_spec.border else None
        if not lent:
            continue
        call = root.parent
        outside = visible(call)
        changed: dict[str, Any] = {}
        for name in lent:
            value = normal(outside.get(name))
            if name in outside and value != root.data[name]:
                changed[name] = root.data[name] = value
        if changed:
            run.unchecked = True
            run.turn.emit(VariablesSet(**call.task_spec.place(run), values=changed))
