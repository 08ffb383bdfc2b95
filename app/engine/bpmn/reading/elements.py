"""Owns reading one flow node: its XML in, an `Element` out, with all that runs or is told of it.

What a modeler writes beside the standard is `dialect`, what a file declares `declarations`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeVar

from lxml import etree

from app.engine.bpmn.model import AdHoc, Element, KeyPart, StandardLoop, Trigger
from app.engine.bpmn.names import b, flag, interrupting, line, local, reference
from app.engine.bpmn.properties import rules_of
from app.engine.bpmn.reading import dialect
from app.engine.bpmn.reading.declarations import REFERENCES, Declared, condition, definitions, timer
from app.engine.errors import NotExecutable

N = TypeVar("N", int, None)
Keys = Mapping[str, tuple[KeyPart, ...]]


def read_element(
    node: etree._Element,
    process: str,
    scope: str | None,
    lane: str | None,
    declared: Declared,
    keys: Keys,
) -> Element:
    """`keys`: id of a message that it waits for → its correlation key.

    Raises `NotExecutable` for a number that is none.
    """
    kind = local(node)
    return Element(
        id=str(node.get("id")),
        kind=kind,
        process=process,
        name=node.get("name") or None,
        scope=scope,
        lane=lane,
        documentation=documentation(node),
        form=dialect.form(node),
        rules=rules_of(dialect.properties(node)),
        inputs=dialect.mappings(node, "input"),
        outputs=dialect.mappings(node, "output"),
        effect=dialect.effect(node),
        headers=dialect.headers(node),
        called_process=dialect.called_process(node) if kind == "callActivity" else None,
        all_in=dialect.carries(node, "propagateAllParentVariables"),
        all_out=dialect.carries(node, "propagateAllChildVariables"),
        decision=dialect.decision(node),
        result_variable=dialect.result_variable(node),
        triggers=tuple(_triggers(node, declared, keys)),
        parallel_multiple=flag(node, "parallelMultiple"),
        loop=dialect.loop(node),
        standard_loop=_standard_loop(node),
        ad_hoc=_ad_hoc(node) if kind == "adHocSubProcess" else None,
        start_quantity=_number(node, "startQuantity", 1),
        completion_quantity=_number(node, "completionQuantity", 1),
        activation=_text(node, "activationCondition"),
        for_compensation=flag(node, "isForCompensation"),
        instantiate=flag(node, "instantiate"),
        attached_to=reference(node.get("attachedToRef")),
        interrupting=interrupting(node),
        triggered=flag(node, "triggeredByEvent"),
        **dialect.assignment(node),
    )


def _triggers(node: etree._Element, declared: Declared, keys: Keys) -> Iterator[Trigger]:
    message = reference(node.get("messageRef"))
    if message is not None:
        yield Trigger("message", declared.messages.get(message), key=keys.get(message, ()))
    for definition in definitions(node, declared):
        yield _trigger(definition, declared, keys)


def _trigger(definition: etree._Element, declared: Declared, keys: Keys) -> Trigger:
    kind = local(definition).removesuffix("EventDefinition")
    if kind == "message":
        message = reference(definition.get(REFERENCES[kind])) or ""
        return Trigger(kind, declared.messages.get(message), key=keys.get(message, ()))
    if kind in REFERENCES:
        return Trigger(kind, declared.name_of(kind, definition))
    if kind == "timer":
        return Trigger(kind, timer=timer(definition))
    if kind == "conditional":
        return Trigger(kind, condition=condition(definition))
    if kind == "compensate":
        return Trigger(kind, activity=reference(definition.get("activityRef")))
    return Trigger(kind, (definition.get("name") or None) if kind == "link" else None)


def _standard_loop(node: etree._Element) -> StandardLoop | None:
    drawn = node.find(b("standardLoopCharacteristics"))
    if drawn is None:
        return None
    return StandardLoop(
        condition=_text(drawn, "loopCondition"),
        test_before=flag(drawn, "testBefore"),
        maximum=_number(drawn, "loopMaximum", None),
    )


def _ad_hoc(node: etree._Element) -> AdHoc:
    return AdHoc(
        completion=_text(node, "completionCondition"),
        sequential=node.get("ordering") == "Sequential",
        cancel_remaining=flag(node, "cancelRemainingInstances", default=True),
    )


def _number(node: etree._Element, attribute: str, default: N) -> int | N:
    text = (node.get(attribute) or "").strip()
    try:
        return int(text) if text else default
    except ValueError:  # the schema lets through more digits than Python reads
        holder = node if node.get("id") or node.getparent() is None else node.getparent()
        id = None if holder is None else holder.get("id")
        sentence = f"“{text[:20]}…” is no number that can be counted to ({attribute})."
        raise NotExecutable(sentence, element_id=id, line=line(node)) from None


def _text(node: etree._Element, tag: str) -> str | None:
    return (node.findtext(b(tag)) or "").strip() or None


def documentation(node: etree._Element) -> str | None:
    """What a process or an element is documented as; None where it is not."""
    held = node.find(b("documentation"))
    return "".join(map(str, held.itertext())).strip() or None if held is not None else None
