"""Owns telling what each instance waits for, as plain facts without words for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.engine.bpmn import Element
from app.engine.errors import NotOpen
from app.engine.run import correlation, timers
from app.engine.run.catching import all_waits, waits
from app.engine.run.elements import UserTask
from app.engine.run.tokens import STARTED, WAITING, Instance, Token, visible

#: an activity and the variables as it sees them
Clocked = tuple[Element, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Waiting:
    instance: str
    #: the element whose event, task or join is waited for
    element: str
    #: "task", "message", "signal", "timer", "conditional" or "join"
    kind: str
    since: datetime
    #: a timer's instant, aware UTC
    until: datetime | None = None
    #: name of the message or signal; id of the task
    name: str | None = None
    #: incoming flows a join still lacks
    lacking: tuple[str, ...] = ()


def told(run: Instance) -> Iterator[Waiting]:
    """Everything the instance waits for, oldest first."""
    for n in sorted(run.tasks):
        yield from _of(run.tasks[n])


def _of(token: Token) -> Iterator[Waiting]:
    node, run = token.task_spec, token.workflow
    since = datetime.fromisoformat(token.since)
    if token.state == WAITING:
        there = token.internal_data["in"]
        lacking = tuple(flow.id for flow in node.incoming if flow.id not in there and node.join)
        yield Waiting(run.id, node.name, "join", since, lacking=lacking)
    elif is_open_task(token):
        yield Waiting(run.id, node.name, "task", since, name=token.key)
    for wait in waits(token):
        kind = wait.trigger.kind
        if kind in ("message", "signal", "conditional"):
            yield Waiting(run.id, wait.node.name, kind, since, name=wait.trigger.name)
    for timer in token.internal_data.get("timers", ()):
        until = datetime.fromisoformat(timer["due"])
        yield Waiting(run.id, timer["e"], "timer", since, until)


def next_due(runs: Iterable[Instance]) -> datetime | None:
    """The earliest instant at which a timer is due, in UTC."""
    return min((due for run in runs for due in timers.dues(run)), default=None)


@dataclass(frozen=True, slots=True)
class Due:
    """A timer that fires next."""

    #: unique within the case
    id: str
    #: how often it was tried in vain
    tries: int


def earliest(runs: Iterable[Instance], at: datetime) -> Due | None:
    """What fires first of what is due at `at`."""
    due = timers.earliest(runs, at)
    if due is None:
        return None
    token, timer = due
    return Due(timers.id_of(token, timer), timer.get("tries", 0))


def timer_of(run: Instance, id: str) -> tuple[Token, dict[str, Any]]:
    """The token that it belongs to, and its facts. NotOpen."""
    for token in run.tasks.values():
        for timer in token.internal_data.get("timers", ()):
            if timers.id_of(token, timer) == id:
                return token, timer
    raise NotOpen("There is no such timer any more.")


def held_timer(run: Instance, id: str) -> tuple[Token, dict[str, Any]]:
    """The same of one that is held. NotOpen."""
    token, timer = timer_of(run, id)
    if "tries" not in timer:
        raise NotOpen("This timer is not held any more.")
    return token, timer


def hears(run: Instance, message: str) -> bool:
    """Whether something in the instance waits for a message of that name."""
    return any(True for _ in all_waits(run, "message", message))


def keys_of(run: Instance, message: str) -> Iterator[list[str]]:
    """The keys by which steps wait for a message of that name, those who wait longest first."""
    for wait in all_waits(run, "message", message):
        key = correlation.key_of(wait)
        if key:
            yield key


def is_open_task(token: Token | None) -> bool:
    """A user task that a person can complete now."""
    if token is None or token.state != STARTED:
        return False
    node = token.task_spec
    return isinstance(node, UserTask) and (node.repeat is None or token.inner)


def begun(run: Instance, key: str) -> Token:
    """The token of an open task or activity, by its id. NotOpen."""
    number = key.rpartition("-")[2]
    token = run.tasks.get(int(number)) if number.isdecimal() else None
    if token is None:
        raise NotOpen()
    return token


def open_task(run: Instance, key: str) -> Token:
    """The token of a user task that can be completed now. NotOpen."""
    token = begun(run, key)
    if not is_open_task(token):
        raise NotOpen(element_id=token.task_spec.name)
    return token


def undated(token: Token) -> int | None:
    """The year of unknown bank holidays beyond which the activity's deadline lies; None: it has a
    deadline, or none is drawn."""
    kept = token.internal_data.get("undated")
    return None if kept is None else int(kept["year"])


def undecided(run: Instance) -> Iterator[tuple[str, int]]:
    """Decisions that wait for bank holidays, oldest first: id, the first year that is not known."""
    for n in sorted(run.tasks):
        kept = run.tasks[n].internal_data.get("undecided")
        if kept is not None:
            yield kept["decision"], int(kept["year"])


def seen_by(token: Token) -> dict[str, Any]:
    """The workflow variables as `token` sees them."""
    variables = visible(token)
    del variables["settings"]
    return variables


def on_clocks(run: Instance) -> Iterator[Clocked]:
    """Running activities whose drawing says which of its days it is, oldest first."""
    for n in sorted(run.tasks):
        token = run.tasks[n]
        if token.state == STARTED and token.task_spec.element.rules.clock:
            yield token.task_spec.element, visible(token)


def declared(run: Instance) -> Iterator[dict[str, Any]]:
    """What the process and those it has called hold: {"process": id, "variables": name → value}."""
    for n in sorted(run.tasks):
        token = run.tasks[n]
        if token.task_spec.border:
            yield {"process": token.task_spec._wf_spec.process.id, "variables": dict(token.data)}
