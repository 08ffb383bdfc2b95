"""Owns the small frozen facts of a drawn process that tokens are moved by.

Reading them from XML is `parser`; what they mean is in the `overrides` family.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.engine.bpmn.model import KeyPart


@dataclass(frozen=True, slots=True)
class Arc:
    """A sequence flow."""

    id: str
    source: str
    target: str
    #: FEEL source without the leading "="
    condition: str | None = None
    default: bool = False
    #: False for flows that the compile step put in
    drawn: bool = True


@dataclass(frozen=True, slots=True)
class Trigger:
    """One event definition of an event (BPMN 2.0.2 section 10.5)."""

    #: "message", "signal", "timer", "conditional", "error", "escalation", "cancel", "terminate"
    kind: str
    #: name of the message or signal, code of the error or escalation; None catches every one
    name: str | None = None
    #: raw timer text, or the FEEL source of a condition
    text: str | None = None
    #: "date", "duration" or "cycle"
    timer: str | None = None
    #: what a message must carry besides its name
    key: tuple[KeyPart, ...] = ()


@dataclass(frozen=True, slots=True)
class Loop:
    """Multi-instance (with `items`) or standard loop (without)."""

    sequential: bool
    #: FEEL source of the collection, with or without the leading "="
    items: str | None = None
    item: str | None = None
    output: str | None = None
    output_element: str | None = None
    completion: str | None = None
    #: standard loop only
    test_before: bool = False
    condition: str | None = None
    maximum: int | None = None
