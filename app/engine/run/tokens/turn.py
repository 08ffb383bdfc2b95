"""Owns one command's surroundings: its instant, its program and calendar, the events it leaves.

Everything here is made for one command and thrown away with it; nothing is shared by threads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from app.engine.errors import Fault, Incident
from app.engine.events import Event
from app.engine.feel import Calendar, Sum, World
from app.engine.limits import take
from app.engine.meaning import TODAY
from app.engine.program import Program

if TYPE_CHECKING:
    from app.engine.run.tokens.tree import Node, ProcessSpec

#: tokens run in one command; more is taken for a loop without an end
MOST_STEPS = 10_000


class Post(Protocol):
    """Carries messages and signals between the instances of a case."""

    def message(self, name: str, payload: Mapping[str, Any]) -> None: ...

    def signal(self, name: str, payload: Mapping[str, Any]) -> None: ...


@dataclass(slots=True)
class Turn:
    program: Program
    calendar: Calendar
    #: id of a process → its graph
    spec_of: Callable[[str | None], ProcessSpec]
    #: the command's instant, aware UTC
    at: datetime
    events: list[Event] = field(default_factory=list)
    #: names of the steps passed that have all deadlines worked out again (see `stepping`)
    replans: list[str] = field(default_factory=list)
    steps: int = 0
    #: whose meaning is followed (`engine.meaning`)
    meaning: int = TODAY

    def emit(self, event: Event) -> None:
        self.events.append(event)

    def step(self, element: str, process: str = "", among: int = 0) -> None:
        """Count one step of an element; Incident when a command does not come to rest.

        `among`: how many tokens had to be looked through for it; very many count as more steps.
        """
        self.steps += 1 + among // 100
        take()
        if self.steps > MOST_STEPS:
            sentence = f"The process took {MOST_STEPS} steps without coming to rest: it loops."
            raise Incident(sentence, element_id=element, process=process)

    def world(
        self, *, at: datetime | None = None, strict: bool = True, sums: list[Sum] | None = None
    ) -> World:
        """What expressions may know; `at` is the instant that now() gives."""
        return World(
            now=at or self.at,
            calendar=self.calendar,
            known=self.at,
            strict=strict,
            sums=sums,
            meaning=self.meaning,
        )


@contextmanager
def about(node: Node) -> Iterator[None]:
    """Name the element, and its process, in every fault that does not yet name one."""
    try:
        yield
    except Fault as fault:
        if fault.element_id is None:
            fault.element_id, fault.process = node.name, node.element.process
        raise
