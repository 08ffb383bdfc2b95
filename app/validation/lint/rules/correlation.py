"""Rules on correlation keys (BPMN 2.0.2, 8.4.2): what is drawn of them is carried out, or told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from app.engine import ExpressionFault
from app.engine.bpmn import (
    SENDS,
    Element,
    KeyPart,
    b,
    bindings,
    drawn_key,
    local,
    reference,
    retrievals,
    starts_process,
    subscriptions,
)
from app.engine.feel import compile_expression
from app.validation.lint.registry import rule
from app.validation.lint.view import Said, View

#: under this name a message may say its key outright (`run.correlation`)
CARRIED = "correlation_key"


def _root(view: View) -> etree._Element:
    return view.drawn.node.getroottree().getroot()


def _messages(view: View, element: Element) -> Iterator[etree._Element]:
    """The declared messages that an element speaks of."""
    known = {str(node.get("id")): node for node in _root(view).iterfind(b("message"))}
    refs = [view.node(element.id).get("messageRef")]
    refs += [node.get("messageRef") for node in view.definitions(element.id)]
    for ref in refs:
        held = known.get(reference(ref) or "")
        if held is not None:
            yield held


@rule("correlation-key")
def key_is_no_expression(view: View) -> Iterator[Said]:
    """A correlation key tells which of several that wait a message is for. A fixed text is the same
    for all of them, so it would tell nothing apart."""
    for element in view.elements.values():
        for message in _messages(view, element):
            text = drawn_key(message)
            if text and not text.startswith("="):
                yield Said(
                    element.id,
                    f"The correlation key “{text[:60]}” of the message "
                    f"“{message.get('name') or message.get('id')}” is a fixed text, so it tells "
                    "nothing apart. Write “=” in front, and the name of a variable.",
                )


@rule("correlation-key")
def key_of_one_item(view: View) -> Iterator[Said]:
    """An event on the edge of a repeated step waits once for the whole of it, which has no single
    item that the key could speak of."""
    for event in view.of("boundaryEvent"):
        host = view.elements.get(event.attached_to or "")
        item = host.loop.element if host is not None and host.loop is not None else None
        for part in (part for trigger in event.triggers for part in trigger.key):
            if item and item in names(part.waiting):
                yield Said(
                    event.id,
                    f"{view.the(event.id)} waits once for all that the {view.a(event.attached_to)} "
                    f"is repeated for, so its key cannot speak of “{item}”. Draw a sub-process "
                    "that is repeated, and the event inside it.",
                )


@rule("correlation-unused", "warning")
def key_at_a_start(view: View) -> Iterator[Said]:
    """A message that starts a process begins something new. Nothing runs yet that has a key, so the
    key is not looked at."""
    for element in view.elements.values():
        if element.kind in SENDS or not starts_process(view.node(element.id)):
            continue
        for message in _messages(view, element):
            if drawn_key(message) or _subscribed(view, message):
                yield Said(
                    element.id,
                    f"{view.the(element.id)} starts the process with each message of its name: the "
                    "correlation key is not looked at, as nothing runs yet that has one.",
                )


def _subscribed(view: View, message: etree._Element) -> bool:
    paths = retrievals(_root(view))
    return any(message.get("id") in paths.get(name, {}) for name, _ in bindings(view.drawn.node))


@rule("correlation-not-carried", "warning")
def key_is_not_sent(view: View) -> Iterator[Said]:
    """Who waits with a key hears only messages that carry it. One that is sent without it is for
    nobody, so the case goes on waiting."""
    for sender in view.within(SENDS):
        targets = {mapped.target.split(".")[0] for mapped in sender.inputs}
        for part in _waited_for(view, sender.message):
            source = part.waiting if part.carried is None else part.carried
            wanted = names(source)
            last = source.rpartition(".")[2]
            if part.carried is None and targets & {CARRIED, last}:
                continue
            if wanted and not wanted <= targets:
                yield Said(
                    sender.id,
                    f"{view.the(sender.id)} sends the message “{sender.message}”, which is waited "
                    f"for with the key “{source[:60]}”, but does not carry it, so nobody would be "
                    f"meant. Map “{min(wanted - targets)}”"
                    + (f" or “{CARRIED}”" if part.carried is None else "")
                    + " as an input of it.",
                )
                break


def _waited_for(view: View, message: str | None) -> Iterator[KeyPart]:
    """The keys of that message anywhere in the set."""
    for process in view.known.processes.values():
        for element in process.elements.values():
            for trigger in element.triggers:
                if trigger.kind == "message" and trigger.name == message:
                    yield from trigger.key


def names(source: str) -> frozenset[str]:
    """Names that an expression speaks of; none where it cannot be read (`expression` tells)."""
    try:
        return frozenset(compile_expression(source).names) - {"settings"}
    except ExpressionFault:
        return frozenset()


@rule("correlation-unused", "warning")
def standard_without_effect(view: View) -> Iterator[Said]:
    """A correlation property counts where a subscription says which variable it is compared with
    (BPMN 2.0.2, 8.4.2). Half of the pair has no effect: the message goes by its name alone."""
    root, bound = _root(view), {name for name, _ in bindings(view.drawn.node)}
    paths = retrievals(root)
    used = {id for element in view.elements.values() for id in _ids(view, element)}
    for name, messages in paths.items():
        if name not in bound and used & set(messages):
            yield Said(
                view.process.id,
                f"The correlation property “{name}” is not carried out in the process: no "
                "correlation subscription says which of its variables is compared. Draw one, or "
                "write the key at the message.",
            )
    for name in sorted(bound - set(paths)):
        yield Said(
            view.process.id,
            f"The correlation subscription speaks of the property “{name}”, which no message "
            "says how to find. It has no effect.",
        )


def _ids(view: View, element: Element) -> Iterator[str]:
    if element.kind not in SENDS and not starts_process(view.node(element.id)):
        yield from (str(message.get("id")) for message in _messages(view, element))


@rule("correlation-key")
def several_subscriptions(view: View) -> Iterator[Said]:
    """Several keys for one message are alternatives in the standard (BPMN 2.0.2, 8.4.2); here all
    must be the same. So the case would do something else than the drawing says."""
    paths = retrievals(_root(view))
    met: Counter[str] = Counter()
    for subscription in subscriptions(view.drawn.node):
        refs = (
            reference(node.get("correlationPropertyRef")) or ""
            for node in subscription
            if local(node) == "correlationPropertyBinding"
        )
        met.update({message for name in refs for message in paths.get(name, {})})
    for message, count in met.items():
        if count > 1:
            yield Said(
                view.process.id,
                f"{count} correlation subscriptions speak of the message “{message}”. Put what "
                "must be the same into one of them.",
            )
