"""Owns what tells messages of one name apart: keys, as Camunda and as the standard draw them.

Camunda 8 writes an expression at the message, BPMN 2.0.2 (8.4.2) properties, keys and
subscriptions. Comparing keys is `run.correlation`; judging them is `lint.rules.correlation`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from app.engine.bpmn.model import KeyPart
from app.engine.bpmn.names import b, local, reference
from app.engine.bpmn.reading import dialect


@dataclass(frozen=True, slots=True)
class Correlation:
    """What a definitions document and one of its processes say about keys."""

    #: id of a message → its parts as Camunda draws them
    by_message: Mapping[str, tuple[KeyPart, ...]]
    #: id of a message → its parts by the process's subscriptions
    subscribed: Mapping[str, tuple[KeyPart, ...]]

    @classmethod
    def of(cls, root: etree._Element, process: etree._Element) -> Correlation:
        by_message = {}
        for message in root.iterfind(b("message")):
            text = drawn_key(message)
            if text and message.get("id"):
                by_message[str(message.get("id"))] = (KeyPart(_bare(text)),)
        subscribed: dict[str, tuple[KeyPart, ...]] = {}
        for message_id, part in _subscribed(root, process):
            subscribed[message_id] = (*subscribed.get(message_id, ()), part)
        return cls(by_message, subscribed)

    def keys(
        self, node: etree._Element, events: list[etree._Element]
    ) -> dict[str, tuple[KeyPart, ...]]:
        """Message id → parts, for what a flow node waits for."""
        refs = [node.get("messageRef"), *(event.get("messageRef") for event in events)]
        keys = {}
        for id in filter(None, map(reference, refs)):
            parts = (*self.by_message.get(id, ()), *self.subscribed.get(id, ()))
            if parts:
                keys[id] = parts
        return keys


def drawn_key(message: etree._Element) -> str:
    """Camunda's correlation key of a message, as drawn."""
    held = dialect.extension(message, "subscription")
    return (held.get("correlationKey") or "").strip() if held is not None else ""


def subscriptions(process: etree._Element) -> list[etree._Element]:
    return list(process.iterfind(b("correlationSubscription")))


def retrievals(root: etree._Element) -> dict[str, dict[str, str]]:
    """Correlation property → message → the expression that takes it out of the message."""
    expressions: dict[str, dict[str, str]] = {}
    for each in root.iterfind(b("correlationProperty")):
        paths = expressions.setdefault(str(each.get("id")), {})
        for retrieval in each.iterfind(b("correlationPropertyRetrievalExpression")):
            text = (retrieval.findtext(b("messagePath")) or "").strip()
            message = reference(retrieval.get("messageRef"))
            if text and message:
                paths[message] = _bare(text)
    return expressions


def bindings(process: etree._Element) -> Iterator[tuple[str, str]]:
    """(correlation property, the expression over the process's variables)."""
    for subscription in subscriptions(process):
        for binding in subscription.iterfind(b("correlationPropertyBinding")):
            text = (binding.findtext(b("dataPath")) or "").strip()
            yield reference(binding.get("correlationPropertyRef")) or "", _bare(text)


def _subscribed(root: etree._Element, process: etree._Element) -> Iterator[tuple[str, KeyPart]]:
    paths = retrievals(root)
    for name, waiting in bindings(process):
        for message, carried in paths.get(name, {}).items():
            if waiting:
                yield message, KeyPart(waiting, carried)


def _bare(text: str) -> str:
    return text.removeprefix("=").strip()


def starts_process(node: etree._Element) -> bool:
    """Its message begins an instance, so there is nothing yet that a key could be compared with."""
    scope = node.getparent()
    outside = scope is not None and local(scope) == "process"
    return (outside and local(node) == "startEvent") or node.get("instantiate") in ("true", "1")
