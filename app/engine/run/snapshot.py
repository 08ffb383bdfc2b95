"""Owns the stored form of a running instance: only its open work, canonical, named by its hash.

Holds no part of the drawing: a token names its element, the deployment has the rest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson

from app.engine import feel
from app.engine.errors import NotExecutable
from app.engine.run.tokens import STARTED, WAITING, Instance, Node, Post, ProcessSpec, Token, Turn

#: of what is written now; every state says its own. The state hashes of old entries are of form 1:
#: what is new is better added as a fact that is only there when it is used
FORM = 1
#: form → what makes the next form of it, so that running cases survive an upgrade
UPGRADES: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}


@dataclass(frozen=True, slots=True)
class Snapshot:
    state: bytes
    sha256: str
    #: nothing runs in it any more
    ended: bool = False


def seal(facts: dict[str, Any], *, ended: bool = False) -> Snapshot:
    state = orjson.dumps(facts, option=orjson.OPT_SORT_KEYS)
    return Snapshot(state, hashlib.sha256(state).hexdigest(), ended)


def dump(run: Instance) -> Snapshot:
    """The instance at rest."""
    facts: dict[str, Any] = {"form": FORM, "process": run.spec.process.id, "n": run.counter}
    if run.how is not None:
        return seal({**facts, "how": run.how}, ended=True)
    return seal({**facts, "tokens": [_row(run.tasks[n]) for n in sorted(run.tasks)]})


def _row(token: Token) -> list[Any]:
    return [
        token.n,
        token._parent,
        token.task_spec.name,
        "w" if token.state == WAITING else "s",
        token.since,
        {name: feel.codec.encode(value) for name, value in token.data.items()},
        token.internal_data,
    ]


def unseal(state: bytes) -> dict[str, Any]:
    """The facts of a stored state in today's form. NotExecutable for one that we never wrote."""
    try:
        stored = orjson.loads(state)
    except ValueError:
        raise NotExecutable("This stored state is not readable.") from None
    form = stored.get("form") if isinstance(stored, dict) else None
    if type(form) is not int or form > FORM:
        raise NotExecutable("This stored state was written by a newer version of the engine.")
    for older in range(form, FORM):
        if older not in UPGRADES:
            raise NotExecutable("This stored state is of a form that no release has written.")
        stored = {**UPGRADES[older](stored), "form": older + 1}
    facts: dict[str, Any] = stored
    return facts


def load(
    id: str, facts: dict[str, Any], spec: ProcessSpec, turn: Turn, post: Post, spec_of: Any
) -> Instance:
    """The instance as it was dumped; `spec_of(process id)` gives graphs of called processes."""
    run = Instance(id, spec, turn, post)
    for row in facts["tokens"]:
        _restore(run, row, spec_of)
    run.counter = facts["n"]
    run.task_tree = next(iter(run.tasks.values()))
    return run


def _restore(run: Instance, row: list[Any], spec_of: Any) -> None:
    n, above, name, state, since, data, internal = row
    parent = None if above is None else run.tasks[above]
    node = _node(run, parent, name, spec_of, internal.get("p"))
    token = Token(run, node, parent, WAITING if state == "w" else STARTED, n)
    token.since = since
    token.data = {key: feel.codec.decode(value) for key, value in data.items()}
    token.internal_data = internal
    if state == "w" and parent is not None:
        run.gathering[parent.n, name] = n
    if node.border:
        run.conditional |= node._wf_spec.has_conditions


def _node(
    run: Instance, parent: Token | None, name: str, spec_of: Any, foreign: str | None
) -> Node:
    """`foreign`: the called process of a compensation handler, which runs outside of it."""
    if parent is None:
        root: Node = run.spec.root
        return root
    holder: Any = parent.task_spec
    spec = holder._wf_spec
    if name == spec.root.name:
        spec = spec_of(holder.element.called_process)
    elif foreign is not None:
        spec = spec_of(foreign)
    node: Node = spec.task_specs[name]
    return node
