"""In which process an element or flow lies, for facts and rows that were kept before they told it.

They name the instance only, and a called process runs inside the instance of its caller. Where
ids are shared this is a guess: what is told today names its process (`events.Placed`).
"""

from __future__ import annotations

from collections import deque

from app.engine.bpmn import Process
from app.engine.program import Program


class Holders:
    def __init__(self, program: Program) -> None:
        self._program = program
        self._known: dict[tuple[str | None, str], str | None] = {}

    def of(self, process: str | None, key: str) -> str | None:
        """The process that holds it: the instance's own, else one it calls, else any."""
        where = (process, key)
        if where not in self._known:
            self._known[where] = self._find(process, key)
        return self._known[where]

    def _find(self, process: str | None, key: str) -> str | None:
        if key == process:  # what it began with is told of the process itself
            return process
        waiting = deque([process or ""])
        seen: set[str] = set()
        while waiting:
            name = waiting.popleft()
            held = self._program.processes.get(name)
            if held is None or name in seen:
                continue
            seen.add(name)
            if _holds(held, key):
                return name
            waiting.extend(_called(held))
        return next(
            (held.id for held in self._program.processes.values() if _holds(held, key)), None
        )


def _holds(process: Process, key: str) -> bool:
    return key in process.elements or key in process.flows


def _called(process: Process) -> list[str]:
    return [
        element.called_process for element in process.elements.values() if element.called_process
    ]
