"""Owns compensation: what was completed and could be undone, and undoing it (BPMN 2.0.2 10.7).

A scope remembers its completed activities that have a handler, or that hold such activities. A
throwing event runs their handlers inside itself, newest first begun, and goes on when all are done.
Upstream reads compensation events as plain ones and does nothing.
"""

from __future__ import annotations

from typing import Any

from app.engine.feel import codec
from app.engine.run.overrides import Node
from app.engine.run.overrides_tokens import Token

Entry = dict[str, Any]


def remember(token: Token) -> None:
    """`token` has completed; keep what undoing it needs, if it can be undone."""
    node = token.task_spec
    if not node.undoable:
        return
    entry: Entry = {"e": node.name}
    if token.data:
        entry["data"] = {name: codec.encode(value) for name, value in token.data.items()}
    inside = token.internal_data.get("undo")
    if inside:
        entry["in"] = inside
    token.parent.internal_data.setdefault("undo", []).append(entry)


def hand_up(inner: Token, body: Token) -> None:
    """What one instance of a repeated activity remembers belongs to the whole."""
    inside = inner.internal_data.get("undo")
    if inside:
        body.internal_data.setdefault("undo", []).extend(inside)


def undo(token: Token, activity: str | None) -> bool:
    """Begin undoing inside the throwing `token`: one activity, or all of its scope.

    False when there is nothing to undo.
    """
    scope = _scope_of(token)
    kept: list[Entry] = scope.internal_data.pop("undo", [])
    chosen = [one for one in kept if activity in (None, one["e"])]
    rest = [one for one in kept if one not in chosen]
    if rest:
        scope.internal_data["undo"] = rest
    return sum([_begin(token, one) for one in reversed(chosen)]) > 0


def _scope_of(token: Token) -> Token:
    """The scope whose activities are meant: that of an event sub-process is the one around it."""
    scope: Token = token.parent
    while scope.task_spec.by_event and "undo" not in scope.internal_data:
        scope = scope.parent
    return scope


def _begin(token: Token, entry: Entry) -> int:
    """Start the handlers of one entry; gives how many."""
    run = token.workflow
    specs: dict[str, Node] = token.task_spec._wf_spec.task_specs
    node = specs[entry["e"]]
    data = {name: codec.decode(value) for name, value in entry.get("data", {}).items()}
    for handler in node.handlers:
        run.ready(handler, token).data = dict(data)
    if node.handlers:
        return len(node.handlers)
    for handler, start in node.event_starts:
        if any(t.kind == "compensate" for t in start.triggers):
            inside = run.ready(handler, token)
            inside.data = dict(data)
            inside.internal_data |= {"start": start.name, "undo": entry.get("in", [])}
            return 1
    return sum(_begin(token, one) for one in reversed(entry.get("in", [])))
