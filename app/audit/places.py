"""In which process an element or flow lies, when a fact names only the instance it happened in.

Ids are unique within a process; a called process runs inside the instance of its caller.
"""

from __future__ import annotations

from collections import deque

from app.engine.drawing.program import Process, Program


class Places:
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
        waiting = deque([process or ""])
        seen: set[str] = set()
        while waiting:
            name = waiting.popleft()
            found = self._program.processes.get(name)
            if found is None or name in seen:
                continue
            seen.add(name)
            if _holds(found, key):
                return name
            waiting.extend(_called(found))
        return next((one.id for one in self._program.processes.values() if _holds(one, key)), None)


def _holds(process: Process, key: str) -> bool:
    return key in process.elements or key in process.flows


def _called(process: Process) -> list[str]:
    return [one.called_process for one in process.elements.values() if one.called_process]
