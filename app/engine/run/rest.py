"""Owns stepping: one token at a time, until the case comes to rest.

Boundary events and outer scopes go first, so what they interrupt does not run on; upstream drains
inner flows first (test_interrupting_boundary_stops_the_sub_process_before_it_runs_on).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from app.engine.run.catching import check_conditions
from app.engine.run.overrides import Instance
from app.engine.run.overrides_gateways import settle_one
from app.engine.run.overrides_tokens import STARTED, Token
from app.engine.run.turn import about


def come_to_rest(runs: Callable[[], Iterable[Instance]], offer: Callable[[], bool]) -> None:
    """Step every instance until nothing can move; `offer` delivers one kept message."""
    moving = True
    while moving:
        moving = False
        for run in runs():
            moving |= _settle(run)
        if not moving:
            moving = offer()


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
    token.workflow.turn.step(node.name)
    with about(node.name):
        token.run()
        if token.live and token.state == STARTED:
            node.started(token)
