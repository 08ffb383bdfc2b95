"""What a step's order comes to, found out before it is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.casework import Command


@dataclass(frozen=True, slots=True)
class Target:
    command: Command
    #: what is done, in words
    words: str
    #: the groups and people it is offered to; None where nothing is offered
    offered: tuple[str, ...] | None = None
    #: path of a question → the sample that stands in for an answer
    made_up: Mapping[str, Any] = field(default_factory=dict)
