"""Owns stepping: one token at a time, until the case comes to rest.

Boundary events and outer scopes go first, so what they interrupt does not run on; upstream drains
inner flows first (test_interrupting_boundary_stops_the_sub_process_before_it_runs_on).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from app.engine.run.catching import check_conditions
from app.engine.run.elements.base import Instance
from app.engine.run.elements.gateways import settle_one
from app.engine.run.elements.tokens import STARTED, Token
from app.engine.run.turn import about


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
        if run.conditional and check_conditions(run):
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
