"""What becomes of a fault: a timer is held, a whole case parked, an order of a person's noted.

A fault holds the one timer that it came of: every other one of its case goes on. Parked is only a
case whose diagrams cannot be run at all, or whose state cannot be opened. When a timer fires is
`waking`'s, how the engine holds it `engine.run.holding`'s.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from app.casework.cases import LockedCase
from app.casework.commands import (
    INCIDENT,
    CaseCommand,
    Command,
    Done,
    WakeCase,
)
from app.casework.errors import Unusable
from app.engine import Event, Fault, IncidentRaised
from app.store import Sealed, StoreFault

_LOG = logging.getLogger(__name__)
#: tries before it waits for a person
TRIES = 5
_FIRST_WAIT = timedelta(minutes=1)


def next_try(tries: int, at: datetime) -> datetime | None:
    """When to try again after so many failures: 1, 2, 4, 8 minutes; then None: for a person."""
    return None if tries >= TRIES else at + _FIRST_WAIT * 2 ** (tries - 1)


def its_own(error: StoreFault) -> bool:
    """Whether it lies in what is stored of the case, and would come again: what is spoilt, or what
    no database takes. Others are of a moment, or of the database as a whole."""
    return isinstance(error, Sealed) or type(error) is StoreFault


def stopped(locked: LockedCase, command: WakeCase, error: Exception) -> Done:
    """The timer that fires next failed: it is held; where that cannot be, the case is parked."""
    if isinstance(error, (Unusable, Sealed)):
        return parked(locked, command, error)
    at = locked.at(command.at)
    try:
        events, said = _held(locked, at, error)
    except StoreFault:
        raise
    except Exception:
        locked.forget()
        return parked(locked, command, error)
    return locked.record(command, events, kind=INCIDENT, said=said)


def _held(
    locked: LockedCase, at: datetime, error: Exception
) -> tuple[list[Event], Mapping[str, Any]]:
    timer = locked.engine.earliest(at)
    if timer is None:
        raise LookupError("no timer is due")
    element, process, sentence = _failed(error)
    tries = timer.tries + 1
    until = next_try(tries, at)
    told: dict[str, Any] = {"element": element, "process": process, "sentence": sentence}
    events = locked.engine.stop_timer(timer.id, at, until=until, **told)
    _log("a timer", locked, error, until, timer.id)
    return events, {**told, "timer": timer.id, "until": until, "attempt": tries}


def _failed(error: Exception) -> tuple[str | None, str, str]:
    """(element, its process, sentence)"""
    if isinstance(error, Fault):
        return error.element_id, error.process, error.sentence
    if isinstance(error, (Unusable, StoreFault)):
        return None, "", error.sentence
    return None, "", f"The program itself failed ({type(error).__name__})."


def _log(
    what: str, locked: LockedCase, error: Exception, until: datetime | None, timer: str = ""
) -> None:
    """No sentence of a fault: it may say something of the case."""
    where = f"{locked.row.id} {timer}".strip()
    kind = type(error).__name__
    if until is None:
        _LOG.error("%s has stopped and waits for a person: %s (%s)", what, where, kind)
    else:
        _LOG.warning("%s failed and is tried again: %s (%s)", what, where, kind)


def parked(locked: LockedCase, command: WakeCase, error: Exception) -> Done:
    """The whole case waits; its state stays what it was."""
    element, process, sentence = _failed(error)
    tries = locked.row.attempts + 1
    until = next_try(tries, locked.at(command.at))
    event = IncidentRaised(
        instance="", process=process, element=element, sentence=sentence, until=until
    )
    locked.row = replace(locked.row, attempts=tries, wake_at=until)
    _log("a case", locked, error, until)
    return locked.record(command, [event], kind=INCIDENT, said={"attempt": tries})


def noted(locked: LockedCase, command: CaseCommand, fault: Fault) -> Done:
    """An order that the drawing could not carry, or that needed too much work; nothing else came
    of it.

    The case goes on, and whoever gave the order may give another. With a task it counts as open
    for as long as the task is.
    """
    unkeyed = Command(actor=command.actor, at=command.at)
    event = IncidentRaised(
        instance="", process=fault.process, element=fault.element_id, sentence=fault.sentence
    )
    task = getattr(command, "task", None)
    said = {"order": type(command).__name__} | ({"task": task} if task else {})
    return locked.record(unkeyed, [event], kind=INCIDENT, said=said)
