"""Rules on correlation keys: each with a drawing that is wrong and the same drawing put right."""

from __future__ import annotations

import pytest

from tests.engine.tiny import (
    document,
    escaped,
    extension,
    flow,
    mapping,
    node,
    process,
    properties,
    said,
    task,
)

WAIT = '<messageEventDefinition messageRef="m"/>'
LOOP = (
    "<multiInstanceLoopCharacteristics>"
    + extension('<zeebe:loopCharacteristics inputCollection="=kids" inputElement="kid"/>')
    + "</multiInstanceLoopCharacteristics>"
)
NAMES = extension(properties({"var:kids": "[1]", "var:who": "1"}))


def message(key: str = "") -> str:
    held = f'<zeebe:subscription correlationKey="{escaped(key)}"/>'
    return f'<message id="m" name="note">{extension(held) if key else ""}</message>'


def drawn(root: str, *nodes: str, flows: str, more: str = "") -> bytes:
    """`more`: what stands at the end of the process."""
    start, end = node("startEvent", "start"), node("endEvent", "end")
    body = (NAMES, *([] if "start" in "".join(nodes) else [start]), *nodes, end)
    inside = process(*body, *(flow(one) for one in flows.split()), more)
    return document(root, inside)


def waiting(root: str, more: str = "") -> bytes:
    return drawn(root, node("intermediateCatchEvent", "c", WAIT), flows="start>c c>end", more=more)


def at_border(host: str, key: str) -> bytes:
    event = node("boundaryEvent", "b", WAIT, attachedToRef="w")
    return drawn(message(key), task("w", host), event, task("x"), flows="start>w w>end b>x x>end")


def starting(key: str) -> bytes:
    return drawn(message(key), node("startEvent", "start", WAIT), flows="start>end")


def sending(inputs: str) -> bytes:
    catch = node("intermediateCatchEvent", "c", WAIT)
    throw = node("intermediateThrowEvent", "t", inputs + WAIT)
    return drawn(message("=who"), throw, catch, flows="start>t t>c c>end")


PROPERTY = (
    '<correlationProperty id="cp"><correlationPropertyRetrievalExpression messageRef="m">'
    "<messagePath>=who</messagePath></correlationPropertyRetrievalExpression>"
    "</correlationProperty>"
)
TALK = (
    '<collaboration id="co"><participant id="pa" processRef="p"/><correlationKey id="ck">'
    "<correlationPropertyRef>cp</correlationPropertyRef></correlationKey></collaboration>"
)
STANDARD = message() + PROPERTY + TALK


def subscribed(name: str = "cp") -> str:
    return (
        '<correlationSubscription correlationKeyRef="ck"><correlationPropertyBinding '
        f'correlationPropertyRef="{name}"><dataPath>=who</dataPath></correlationPropertyBinding>'
        "</correlationSubscription>"
    )


CARRIES = {
    name: extension(mapping(**{f"in_{name}": "=who"})) for name in ("who", "correlation_key")
}
ROWS = {
    "a fixed text": (
        "correlation-key", "error", "c", waiting(message("who")), waiting(message("=who")),
    ),
    "an item at the border of the whole": (
        "correlation-key", "error", "b", at_border(LOOP, "=kid"), at_border(LOOP, "=who"),
    ),
    "two subscriptions for one message": (
        "correlation-key", "error", "p",
        waiting(STANDARD, subscribed() * 2), waiting(STANDARD, subscribed()),
    ),
    "at a start event": (
        "correlation-unused", "warning", "start", starting("=who"), starting(""),
    ),
    "the standard's way without a subscription": (
        "correlation-unused", "warning", "p", waiting(STANDARD), waiting(STANDARD, subscribed()),
    ),
    "a subscription to what no message has": (
        "correlation-unused", "warning", "p",
        waiting(STANDARD, subscribed("nowhere")), waiting(STANDARD, subscribed()),
    ),
    "not carried by who sends it": (
        "correlation-not-carried", "warning", "t", sending(""), sending(CARRIES["who"]),
    ),
    "carried outright": (
        "correlation-not-carried", "warning", "t", sending(""),
        sending(CARRIES["correlation_key"]),
    ),
    "a key that cannot be read": (
        "expression", "error", "c", waiting(message("=who +")), waiting(message("=who")),
    ),
    "a name nobody knows": (
        "unknown-name", "error", "c", waiting(message("=child")), waiting(message("=who")),
    ),
    "a message path that cannot be read": (
        "expression", "error", "c",
        waiting(STANDARD.replace("=who", "/kid[1"), subscribed()), waiting(STANDARD, subscribed()),
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    ("rule", "severity", "element", "wrong", "right"), ROWS.values(), ids=ROWS.keys()
)
def test_the_wrong_drawing_is_told_and_the_right_one_is_not(
    rule: str, severity: str, element: str, wrong: bytes, right: bytes
) -> None:
    found = said(wrong, rule)
    assert {(one.severity, one.element_id) for one in found} == {(severity, element)}, found
    assert not said(right, rule)
    assert not said(right, "schema"), said(right, "schema")
