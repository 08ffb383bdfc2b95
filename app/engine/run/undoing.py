"""Owns compensation: what was completed and could be undone, and undoing it (BPMN 2.0.2 10.7).

A scope remembers its completed activities that have a handler, or that hold such activities. A
throwing event runs their handlers inside itself, one after the other, the newest first (13.5.5),
and goes on when all are done. Those inside sub-processes and called processes are among them.
Upstream reads compensation events as plain ones and does nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.engine import feel
from app.engine.run.tokens import Node, ProcessSpec, Token

Entry = dict[str, Any]


def remember(token: Token) -> None:
    """`token` has completed; keep what undoing it needs, if it can be undone."""
    node, inside = token.task_spec, token.internal_data.get("undo")
    if not node.undoable and not inside:
        return
    entry: Entry = {"e": node.name}
    if token.data:
        entry["data"] = _encoded(token)
    if inside:
        entry["in"] = inside
    token.parent.internal_data.setdefault("undo", []).append(entry)


def _encoded(token: Token) -> dict[str, Any]:
    return {name: feel.codec.encode(value) for name, value in token.data.items()}


def hand_out(call: Token, root: Token) -> None:
    """What a called process remembers, with its variables, belongs to the call."""
    inside = root.internal_data.get("undo")
    if inside and call.workflow.turn.meaning >= 2:
        process = root.task_spec._wf_spec.process.id
        entry = {"p": process, "data": _encoded(root), "in": inside}
        call.internal_data["undo"] = [entry]


def hand_up(inner: Token, body: Token) -> None:
    """What one instance of a repeated activity remembers, with its item, belongs to the whole."""
    inside = inner.internal_data.get("undo")
    if inside and inner.workflow.turn.meaning >= 2:
        inside = [{"data": _encoded(inner), "in": inside}]
    if inside:
        body.internal_data.setdefault("undo", []).extend(inside)


def undo(token: Token, activity: str | None) -> bool:
    """Begin undoing inside the throwing `token`: one activity, or all of its scope.

    False when there is nothing to undo.
    """
    scope = _scope_of(token)
    kept: list[Entry] = scope.internal_data.pop("undo", [])
    chosen = [entry for entry in kept if activity in (None, entry.get("e"))]
    rest = [entry for entry in kept if entry not in chosen]
    if rest:
        scope.internal_data["undo"] = rest
    spec: ProcessSpec = token.task_spec._wf_spec
    steps = [step for entry in reversed(chosen) for step in _steps(token, spec, entry, {})]
    if token.workflow.turn.meaning < 2:  # they were all begun at once
        for step in steps:
            _begin(token, step)
    elif steps:
        token.internal_data["undoing"] = list(steps)
        go_on(token)
    return bool(steps)


def go_on(token: Token) -> bool:
    """Begin the next handler inside the throwing `token`; False when all are done."""
    steps: list[Entry] = token.internal_data.get("undoing", [])
    if not steps:
        return False
    _begin(token, steps.pop(0))
    if not steps:
        del token.internal_data["undoing"]
    return True


def _scope_of(token: Token) -> Token:
    """The scope whose activities are meant: that of an event sub-process is the one around it."""
    scope: Token = token.parent
    while scope.task_spec.element.triggered and "undo" not in scope.internal_data:
        scope = scope.parent
    return scope


def _steps(
    token: Token, spec: ProcessSpec, entry: Entry, around: dict[str, Any]
) -> Iterator[Entry]:
    """The handlers of one entry in the order in which they run, with what they see.

    `around`: the variables of the completed scopes it lay in, which are gone since.
    """
    data = {**around, **entry.get("data", {})}
    if "p" in entry:
        spec = token.workflow.turn.spec_of(entry["p"])
    elif "e" in entry:
        own = list(_handlers(spec, spec.task_specs[entry["e"]], entry))
        if own:
            yield from ({**step, "data": data} for step in own)
            return
    for inner in reversed(entry.get("in", [])):
        yield from _steps(token, spec, inner, data)


def _handlers(spec: ProcessSpec, node: Node, entry: Entry) -> Iterator[Entry]:
    """Those at its border, else its own event sub-process, which may undo what lies inside."""
    place = {"p": spec.process.id}
    yield from ({**place, "h": handler.name} for handler in node.handlers)
    if node.handlers:
        return
    for handler, start in node.event_starts:
        if start.element.first("compensate") is not None:
            yield {**place, "h": handler.name, "start": start.name, "in": entry.get("in", [])}
            return


def _begin(token: Token, step: Entry) -> None:
    run, spec = token.workflow, token.task_spec._wf_spec
    foreign = step["p"] != spec.process.id
    if foreign:
        spec = run.turn.spec_of(step["p"])
    handler = run.ready(spec.task_specs[step["h"]], token)
    handler.data = {name: feel.codec.decode(value) for name, value in step["data"].items()}
    if "start" in step:
        handler.internal_data |= {"start": step["start"], "undo": step["in"]}
    if foreign:
        handler.internal_data["p"] = step["p"]
