"""Owns the first moment of an instance: its variables, its first token.

Who asks for it (a person, a message, a signal) is `case` and `mailbox`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.engine.events import InstanceStarted, VariablesSet
from app.engine.run import catching, offers
from app.engine.run.elements import open_flow
from app.engine.run.tokens import STARTED, Instance, Node, Token, about, assign, only_declared


def by_hand(run: Instance, answers: Mapping[str, Any]) -> None:
    """Start at the none start event; without one, wait at all the others."""
    root = _root(run, None)
    node = root.task_spec
    with about(node):
        before = run.counter
        open_flow(root)
        plain = [t for n, t in run.tasks.items() if n > before and not t.task_spec.triggers]
        if plain:
            plain[0].outcome = dict(answers)
            offers.fill_up(plain[0], run.spec.process.start_form)
        else:
            assign(root, only_declared(root, answers))


def at_event(
    run: Instance, node: Node, payload: Mapping[str, Any], message: str | None, trigger: int = 0
) -> None:
    """Start at the event that has just happened; one that needs several waits there for the rest
    (parallel multiple, BPMN 2.0.2 section 10.5.2)."""
    root = _root(run, message)
    with about(node):
        catching.open_scope(root)
        if node.element.parallel_multiple and len(node.triggers) > 1:
            token = run.token(node, root, STARTED)
            token.internal_data["seen"] = {node.name: [trigger]}
            node.started(token)
        else:
            token = run.ready(node, root)
            token.internal_data["caught"] = True
        token.outcome = dict(payload)


def _root(run: Instance, message: str | None) -> Token:
    process = run.spec.process.id
    run.turn.emit(InstanceStarted(instance=run.id, process=process, message=message))
    root: Token = run.task_tree
    first = root.task_spec.begin(root, {})
    if first:
        place = {"instance": run.id, "process": process, "element": process}
        run.turn.emit(VariablesSet(**place, values=first))
    return root
