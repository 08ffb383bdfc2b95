"""Owns what a file declares beside its processes: messages, signals, errors, escalations, and
what the events of a process make of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from app.engine.bpmn.model import Timer
from app.engine.bpmn.names import b, local, reference

#: tag of an event definition → attribute that names what it speaks of
REFERENCES = {
    "message": "messageRef",
    "signal": "signalRef",
    "error": "errorRef",
    "escalation": "escalationRef",
}


@dataclass(frozen=True, slots=True)
class Declared:
    #: id → name
    messages: Mapping[str, str]
    signals: Mapping[str, str]
    #: id → code, or name where it has no code
    errors: Mapping[str, str]
    escalations: Mapping[str, str]
    #: id → event definition standing by itself, for eventDefinitionRef
    definitions: Mapping[str, etree._Element]
    #: ids of messages that have no name
    nameless: frozenset[str] = frozenset()

    @classmethod
    def of(cls, root: etree._Element) -> Declared:
        """What the definitions document declares at its top."""
        return cls(
            messages=_named(root, "message", "name"),
            signals=_named(root, "signal", "name"),
            errors=_named(root, "error", "errorCode"),
            escalations=_named(root, "escalation", "escalationCode"),
            definitions={
                str(node.get("id")): node
                for node in root
                if local(node).endswith("EventDefinition") and node.get("id")
            },
            nameless=frozenset(
                str(node.get("id"))
                for node in root.iterfind(b("message"))
                if node.get("id") and not node.get("name")
            ),
        )

    def of_kind(self, kind: str) -> Mapping[str, str]:
        kinds = {
            "message": self.messages,
            "signal": self.signals,
            "error": self.errors,
            "escalation": self.escalations,
        }
        return kinds[kind]

    def name_of(self, kind: str, definition: etree._Element) -> str | None:
        """Name or code of what an event definition refers to; None without (known) reference."""
        return self.of_kind(kind).get(reference(definition.get(REFERENCES[kind])) or "")


def _named(root: etree._Element, tag: str, attribute: str) -> dict[str, str]:
    return {
        str(node.get("id")): node.get(attribute) or node.get("name") or str(node.get("id"))
        for node in root.iterfind(b(tag))
        if node.get("id")
    }


def definitions(event: etree._Element, declared: Declared) -> list[etree._Element]:
    """The event definitions of an event, those by reference included, in document order."""
    nodes = []
    for child in event:
        if local(child) == "eventDefinitionRef":
            known = declared.definitions.get(reference(child.text) or "")
            if known is not None:
                nodes.append(known)
        elif local(child).endswith("EventDefinition"):
            nodes.append(child)
    return nodes


def timer(definition: etree._Element) -> Timer | None:
    """When a timer is due, as drawn; None when it says nothing."""
    for tag, kind in (("timeDate", "date"), ("timeDuration", "duration"), ("timeCycle", "cycle")):
        text = (definition.findtext(b(tag)) or "").strip()
        if text:
            return Timer(kind, text)
    return None


def condition(definition: etree._Element) -> str | None:
    return (definition.findtext(b("condition")) or "").strip() or None
