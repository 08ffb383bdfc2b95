"""How each kind of order that moved a case is given to an engine once more, from its entry.

Orders that the engine never saw (a claim, a reading) are not here. Comparing is `replay`'s.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.audit.entries import Entry
from app.casework.orders.merging import LET_GO, TOOK_IN
from app.engine.events import Event
from app.engine.run import Case

Give = Callable[[Case, Entry], Any]


def _start(engine: Case, entry: Entry) -> list[Event]:
    return engine.start(entry.command["process"], entry.command["answers"], entry.at)


def _complete(engine: Case, entry: Entry) -> list[Event]:
    return engine.complete(entry.command["task"], entry.command["answers"], entry.at)


def _message(engine: Case, entry: Entry) -> list[Event]:
    return engine.message(entry.command["message"], entry.command["payload"], entry.at)


def _signal(engine: Case, entry: Entry) -> list[Event]:
    command = entry.command
    return engine.signal(command["signal"], entry.at, command["payload"], starts=False)


def _wake(engine: Case, entry: Entry) -> list[Event]:
    return engine.wake(entry.at)


def _move(engine: Case, entry: Entry) -> list[Event]:
    command = entry.command
    return engine.move_deadline(command["task"], command["due"], command["reason"], entry.at)


def _replan(engine: Case, entry: Entry) -> list[Event]:
    return engine.replan(entry.at)


def _rest(engine: Case, entry: Entry) -> list[Event]:
    return engine.rest(entry.at)


def _go_on(engine: Case, entry: Entry) -> list[Event]:
    return engine.go_on(entry.at)


def _tell(engine: Case, entry: Entry) -> list[Event]:
    return engine.tell(entry.command["message"], entry.command["payload"], entry.at)


def _cancel(engine: Case, entry: Entry) -> list[Event]:
    return engine.cancel(entry.at, by=entry.actor or None)


ORDERS: dict[str, Give] = {
    "StartCase": _start,
    "CompleteTask": _complete,
    "DeliverMessage": _message,
    "DeliverSignal": _signal,
    "WakeCase": _wake,
    "MoveDeadline": _move,
    "ReplanCase": _replan,
    "Merge": _rest,
    "Unmerge": _go_on,
    TOOK_IN: _tell,
    LET_GO: _tell,
    "Cancel": _cancel,
}
