"""Owns comparing correlation keys: which of those who wait for a message it is meant for.

Keys lie within a case (BPMN 2.0.2, 8.4.2; Camunda 8's `correlationKey`). What is drawn about them
is read by `bpmn.reading`; who is asked in which order is `mailbox`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from app.engine.bpmn import KeyPart
from app.engine.errors import ExpressionFault
from app.engine.feel import compile_expression
from app.engine.run.tokens import evaluate

if TYPE_CHECKING:
    from app.engine.run.catching import Wait
    from app.engine.run.tokens import Node, Token

#: under this name a message may say its key outright
CARRIED = "correlation_key"
_PATH = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
_AS_TEXT = compile_expression("string(value)")


def begin(token: Token, nodes: Iterable[Node], *, needed: bool = False) -> None:
    """Work out the keys of what `token` begins to wait for; what changes later does not count.

    One that gives null is worked out again when a message comes; where it is `needed`, an
    Incident: what the flow stands at can no longer be given another.
    """
    if token.workflow.turn.meaning < 2:
        return
    for node in nodes:
        for index, trigger in enumerate(node.triggers):
            if not trigger.key:
                continue
            key = _waited_for(token, trigger.key)
            if key is not None:
                token.internal_data.setdefault("keys", {})[f"{node.name}/{index}"] = key
            elif needed:
                sentence = (
                    f"The key “{trigger.key[0].waiting}” of the message “{trigger.name}” gave "
                    "null, so no message could ever be meant."
                )
                raise node.incident(sentence)


def fits(wait: Wait, payload: Mapping[str, Any]) -> bool:
    """Whether a message that carries `payload` is meant for this one that waits for its name."""
    parts, token = wait.trigger.key, wait.token
    if not parts or token.workflow.turn.meaning < 2:
        return True
    key = key_of(wait)
    return key is not None and key == [_carried(token, part, payload) for part in parts]


def key_of(wait: Wait) -> list[str] | None:
    """The key by which it waits; None where it has none, or gives none yet."""
    parts, token = wait.trigger.key, wait.token
    if not parts:
        return None
    kept: list[str] | None = token.internal_data.get("keys", {}).get(
        f"{wait.node.name}/{wait.index}"
    )
    return kept or _waited_for(token, parts)


def _waited_for(token: Token, parts: Iterable[KeyPart]) -> list[str] | None:
    key = [_text(evaluate(token, part.waiting, strict=False)) for part in parts]
    return None if None in key else [text for text in key if text is not None]


def _carried(token: Token, part: KeyPart, payload: Mapping[str, Any]) -> str | None:
    """What the message says in the place of the key: as drawn, under `correlation_key`, or as the
    key's own expression (`=child.id`) or its last name (`id`) finds it in what it carries."""
    if part.carried is not None:
        return _text(_read(token, part.carried, payload))
    if payload.get(CARRIED) is not None:
        return _text(payload[CARRIED])
    value = _read(token, part.waiting, payload)
    if value is None and _PATH.fullmatch(part.waiting):
        value = payload.get(part.waiting.rpartition(".")[2])
    return _text(value)


def _read(token: Token, source: str, payload: Mapping[str, Any]) -> Any:
    turn = token.workflow.turn
    scope = {"settings": turn.program.settings, **payload}
    try:
        return compile_expression(source).evaluate(scope, turn.world(strict=False))
    except ExpressionFault:
        return None  # it carries something else; so it is meant for somebody else


def _text(value: Any) -> str | None:
    """Keys are compared as texts, as in Camunda 8: 7 from a drawing is "7" from a page."""
    return None if value is None else str(_AS_TEXT.evaluate({"value": value}))
