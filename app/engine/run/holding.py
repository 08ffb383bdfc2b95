"""Owns holding a timer: what came of it failed, so it waits for a later try, or for a person.

Only that timer waits; every other one, and all that people do, goes on. Whether and when it is
tried again is the caller's to say; what an order or a page says of it, `casework`'s.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.engine.errors import NotOpen
from app.engine.events import IncidentRaised, IncidentRetried
from app.engine.run import timers
from app.engine.run.tokens import Instance, Token


@dataclass(frozen=True, slots=True)
class Timer:
    """A timer that fires next."""

    #: unique within the case
    id: str
    #: how often it was tried in vain
    tries: int


@dataclass(frozen=True, slots=True)
class Failed:
    """Why it could not go on, and where; "" and None: that cannot be told."""

    sentence: str
    element: str | None
    process: str


def earliest(runs: Iterable[Instance], at: datetime) -> Timer | None:
    """What fires first of what is due at `at`."""
    due = timers.earliest(runs, at)
    if due is None:
        return None
    token, timer = due
    return Timer(timers.id_of(token, timer), timer.get("tries", 0))


def stop(run: Instance, id: str, failed: Failed, until: datetime | None) -> None:
    """Hold it. NotOpen when there is none with this id."""
    _, timer = _of(run, id)
    timer["tries"] = timer.get("tries", 0) + 1
    timer["next"] = None if until is None else until.isoformat()
    run.turn.emit(
        IncidentRaised(
            instance=run.id,
            process=failed.process,
            element=failed.element,
            sentence=failed.sentence,
            timer=id,
            until=until,
        )
    )


def release(run: Instance, id: str) -> None:
    """Let a held one be tried again now; how often it was tried stays. NotOpen."""
    token, timer = _of(run, id)
    if "tries" not in timer:
        raise NotOpen("This timer is not held any more.")
    timer["next"] = run.turn.at.isoformat()
    node = token.task_spec._wf_spec.task_specs[timer["e"]]
    run.turn.emit(IncidentRetried(**node.place(run), timer=id))


def _of(run: Instance, id: str) -> tuple[Token, dict[str, Any]]:
    for token in run.tasks.values():
        for timer in token.internal_data.get("timers", ()):
            if timers.id_of(token, timer) == id:
                return token, timer
    raise NotOpen("There is no such timer any more.")
