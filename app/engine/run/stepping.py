"""Owns moving a case on: one token at a time until it comes to rest; its next timer, or holding it.

Boundary events and outer scopes go first, so what they interrupt does not run on; upstream drains
inner flows first (test_interrupting_boundary_stops_the_sub_process_before_it_runs_on). What a node
does with its token is `elements`, what a fired event does `catching`, setting timers `timers`. A
timer is held when what came of it failed; whether and when it is tried again, the caller says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.engine.events import IncidentRaised, IncidentRetried, TimerFired, VariablesSet
from app.engine.run import catching, deadlines, offers, timers, waiting
from app.engine.run.elements import decide_later, settle_one
from app.engine.run.tokens import (
    STARTED,
    Instance,
    Token,
    Turn,
    about,
    normal,
    visible,
    work_out_undated,
)


@dataclass(frozen=True, slots=True)
class Failed:
    """Why it could not go on, and where; "" and None: that cannot be told."""

    sentence: str
    element: str | None
    process: str


def come_to_rest(runs: Callable[[], Iterable[Instance]], offer: Callable[[], bool]) -> None:
    """Step the instances in turns until nothing can move; `offer` delivers one kept message.

    An instance that is not loaded is at rest. So the next one is looked for behind the last one
    that moved, and the order does not depend on which happen to be loaded: a history re-executes
    (test_the_order_of_instances_does_not_depend_on_which_are_loaded).
    """
    last = 0
    while True:
        moved = next((run for run in _in_turn(runs(), last) if _settle(run)), None)
        if moved is not None:
            last = int(moved.id)
        elif not offer():
            return


def _in_turn(runs: Iterable[Instance], last: int) -> list[Instance]:
    """Those behind the number `last` first, then the others; each oldest first, as they come."""
    return sorted(runs, key=lambda run: int(run.id) <= last)


def _settle(run: Instance) -> bool:
    """One step of one instance; False when it is at rest."""
    if run.how is not None:
        return False
    if run.unchecked:
        run.unchecked = False
        if run.conditional and catching.check_conditions(run):
            run.unchecked = True
            return True
    token = run.next_ready()
    if token is None:
        return settle_one(run)
    step(token)
    return True


def step(token: Token) -> None:
    """Run one token; then set the timers of what it now waits for."""
    node = token.task_spec
    token.workflow.turn.step(node.name, node.element.process)
    with about(node):
        token.run()
        if token.live and token.state == STARTED:
            node.started(token)


def complete(token: Token) -> None:
    """Complete what a person did; what is wrong there names the task."""
    with about(token.task_spec):
        token.complete()


def follow(runs: Iterable[Instance], turn: Turn) -> None:
    """Works out again what runs in the case, for all steps that told so; oldest instance first.

    What the property `replan` does: told when the step is passed (`Node.leave`), done when the
    case has come to rest. All of the step's values stand then, and the outcome does not hang on
    the order of tokens. Open tasks that are for others by what was set are offered to these.
    """
    reason = "; ".join(dict.fromkeys(turn.replans))
    turn.replans.clear()
    for run in runs:
        _lend_anew(run)
        deadlines.replan_all(run, reason)
        if turn.meaning >= 3:
            _offer_anew(run)


def _offer_anew(run: Instance) -> None:
    set_ = [event.values for event in run.turn.events if isinstance(event, VariablesSet)]
    changed = {name for values in set_ for name in values}
    for n in sorted(run.tasks):
        token = run.tasks[n]
        if waiting.is_open_task(token) and offers.hangs_on(token, changed):
            run.turn.emit(offers.anew(token))


def follow_calendar(runs: Iterable[Instance]) -> None:
    """Works out again what runs, after a change of the calendar; first what had no day so far."""
    for run in runs:
        if work_out_undated(run):
            _lend_anew(run)
        deadlines.replan_all(run, "calendar")
        for n in sorted(run.tasks):
            if "undecided" in run.tasks[n].internal_data:
                decide_later(run.tasks[n])


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


def fire_next(runs: Iterable[Instance], at: datetime) -> None:
    """Fire the earliest timer due at or before `at`; of equal ones the one set first."""
    earliest = timers.earliest(runs, at)
    if earliest is not None:
        _fire(*earliest)


def _fire(token: Token, timer: dict[str, Any]) -> None:
    run = token.workflow
    node = token.task_spec._wf_spec.task_specs[timer["e"]]
    due = datetime.fromisoformat(timer["due"])
    run.turn.emit(TimerFired(**node.place(run), timer=timers.id_of(token, timer), due=due))
    timers.held_no_more(token, timer, "fired")
    catching.fire_timer(token, timer)


def hold(run: Instance, id: str, failed: Failed, until: datetime | None) -> None:
    """Hold it. NotOpen when there is none with this id."""
    _, timer = waiting.timer_of(run, id)
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
    token, timer = waiting.held_timer(run, id)
    timer["next"] = run.turn.at.isoformat()
    node = token.task_spec._wf_spec.task_specs[timer["e"]]
    run.turn.emit(IncidentRetried(**node.place(run), timer=id))
