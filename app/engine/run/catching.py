"""Owns catching: what each token waits for, and what happens when it comes.

One mechanism for messages, signals, timers and conditions on catch events, receive tasks, event
gateways, boundary events and event sub-processes; errors and escalations climb the scopes
(BPMN 2.0.2 sections 10.5 and 13.5). Upstream each of these has its own machinery, which fires
non-interrupting events once, ignores isInterrupting, and changes shared specs while running.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.engine.bpmn import Trigger
from app.engine.run import correlation, timers
from app.engine.run.deadlines import known_dates, rule_of
from app.engine.run.tokens import STARTED, Instance, Node, Token, evaluate


@dataclass(frozen=True, slots=True)
class Wait:
    """`token` is open for `trigger` of the catching event `node`."""

    token: Token
    #: "event" (the token's own node), "gateway", "boundary" or "scope" (event sub-process)
    role: str
    node: Node
    index: int
    #: the event sub-process, for role "scope"
    handler: Node | None = None

    @property
    def trigger(self) -> Trigger:
        return self.node.triggers[self.index]


def waits(token: Token, at: str | None = None) -> Iterator[Wait]:
    """Everything a begun token can catch now; `at`: only at the catching event of this name.

    A drawing may hang thousands of events on one activity, so those not meant are passed by first.
    """
    if token.state != STARTED:
        return
    node = token.task_spec
    for event in node.awaited(token):
        if at in (None, event.name):
            role = "event" if event is node else "gateway"
            yield from (Wait(token, role, event, i) for i in range(len(event.triggers)))
    if not token.inner:
        for event in node.boundaries:
            if at in (None, event.name):
                yield from (Wait(token, "boundary", event, i) for i in range(len(event.triggers)))
    if runs_a_flow(token) and "closed" not in token.internal_data:
        for handler, start in node.event_starts:
            if at in (None, start.name):
                indices = range(len(start.triggers))
                yield from (Wait(token, "scope", start, i, handler) for i in indices)


def runs_a_flow(token: Token) -> bool:
    """Its node's own flow runs directly inside this token (not in loop instances of it)."""
    return token.task_spec.scope and (token.task_spec.repeat is None or token.inner)


def all_waits(run: Instance, kind: str, name: str | None = None) -> Iterator[Wait]:
    """Waits of one kind (and name) in the order in which the tokens were created.

    Fire none before the last is read, or stop reading then.
    """
    run.turn.step(run.spec.name, run.spec.name, among=len(run.tasks))
    for token in run.tasks.values():
        if kind in token.task_spec.listens:
            for wait in waits(token):
                if wait.trigger.kind == kind and (name is None or wait.trigger.name == name):
                    yield wait


def arm(token: Token) -> None:
    """Set the timers and keys of everything `token` waits for, once it has begun."""
    node = token.task_spec
    timers.arm(token, node.awaited(token), {})
    correlation.begin(token, node.awaited(token), needed=True)
    if node.boundaries and not token.inner:
        timers.arm(token, node.boundaries, known_dates(token))
        correlation.begin(token, node.boundaries)
    if node.boundaries or node.triggers:
        token.workflow.unchecked = True


def open_scope(token: Token) -> None:
    """Set the timers and keys of the event sub-processes in a scope that has just begun."""
    starts = [start for _, start in token.task_spec.event_starts]
    timers.arm(token, starts, known_dates(token))
    correlation.begin(token, starts)
    token.workflow.unchecked = True


def fire(wait: Wait, payload: Mapping[str, Any] | None = None) -> None:
    """The event happened: interrupt what it interrupts and send its token on its way."""
    token, node = wait.token, wait.node
    if node.element.parallel_multiple and not _complete_set(wait):
        return
    came = dict(payload or {})
    if wait.role == "event":
        token.outcome = came
        token.complete()
    elif wait.role == "gateway":
        _through_gateway(wait, came)
    elif wait.role == "boundary":
        _at_boundary(wait, came)
    else:
        _handle_in_scope(wait, came)


def _complete_set(wait: Wait) -> bool:
    """Parallel multiple: all triggers of the event must have happened (section 10.5.1)."""
    seen = wait.token.internal_data.setdefault("seen", {}).setdefault(wait.node.name, [])
    if wait.index not in seen:
        seen.append(wait.index)
    if len(seen) < len(wait.node.triggers):
        return False
    del wait.token.internal_data["seen"][wait.node.name]
    return True


def _through_gateway(wait: Wait, came: dict[str, Any]) -> None:
    gateway = wait.token
    run, scope = gateway.workflow, gateway.parent
    timers.drop(gateway)
    flow = next(f for f in gateway.task_spec.outgoing if f.target == wait.node.name)
    gateway.task_spec.passed(gateway)
    run.take(scope, [flow])
    caught = run.tasks[run.counter]
    caught.internal_data["caught"] = True
    caught.outcome = came
    run.remove(gateway)


def _at_boundary(wait: Wait, came: dict[str, Any]) -> None:
    host = wait.token
    run, scope = host.workflow, host.parent
    timed = wait.trigger.kind in ("timer", "conditional") and rule_of(host.task_spec) is not None
    if timed and wait.node.element.outputs:
        # What it sets may say by when the activity is due: now, so also where that was moved.
        came = {"due": None, "backstop": None, **known_dates(host), **came}
    if wait.node.element.interrupting:
        host.cancel(wait.node.name)
    token = run.ready(wait.node, scope, urgent=True)
    token.outcome = came


def _handle_in_scope(wait: Wait, came: dict[str, Any]) -> None:
    scope = wait.token
    if wait.node.element.interrupting:
        scope.internal_data["closed"] = True
        timers.drop(scope, {start.name for _, start in scope.task_spec.event_starts})
        for child in scope.children:
            child.cancel(wait.node.name)
    assert wait.handler is not None
    token = scope.workflow.ready(wait.handler, scope, urgent=True)
    token.internal_data["start"] = wait.node.name
    token.outcome = came


def fire_timer(token: Token, timer: dict[str, Any]) -> None:
    """One timer is due; TimerFired has been told by the caller."""
    wait = next((w for w in waits(token, at=timer["e"]) if w.index == timer["k"]), None)
    if wait is None:
        node = token.task_spec._wf_spec.task_specs[timer["e"]]
        raise node.incident("Nothing waits for this timer any more.")
    token.internal_data["timers"].remove(timer)
    if not token.internal_data["timers"]:
        del token.internal_data["timers"]
    if wait.role in ("boundary", "scope") and not wait.node.element.interrupting:
        timers.repeat(token, wait.node, timer, known_dates(token))
    fire(wait)


def throw_up(token: Token, kind: str, code: str | None) -> bool:
    """Errors, escalations and cancels climb to the nearest catcher; True when one was found."""
    at: Token | None = token.parent
    while at is not None:
        wait = _catcher(at, kind, code)
        if wait is not None:
            fire(wait, {})
            return True
        at = at.parent
    return False


def _catcher(token: Token, kind: str, code: str | None) -> Wait | None:
    """In the scope itself first, then at its boundary; the exact code before a catch-all."""
    open_ = [w for w in waits(token) if w.trigger.kind == kind]
    for role in ("scope", "boundary"):
        for name in (code, None):
            for wait in open_:
                if wait.role == role and wait.trigger.name == name:
                    return wait
    return None


def check_conditions(run: Instance) -> bool:
    """Fire one conditional event whose condition has become true; False when there is none."""
    for wait in all_waits(run, "conditional"):
        token = wait.token
        held = token.internal_data.setdefault("true", [])
        mark = f"{wait.node.name}/{wait.index}"
        # A condition that cannot be worked out yet is not yet true.
        now = evaluate(token, wait.trigger.condition or "", strict=False) is True
        if not now and mark in held:
            held.remove(mark)
        if not held:
            del token.internal_data["true"]
        if now and mark not in held:
            token.internal_data["true"] = [*held, mark]
            fire(wait)
            return True
    return False
