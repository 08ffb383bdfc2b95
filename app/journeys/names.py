"""What a journey may speak of: ids and names in the diagrams, with the nearest one for a slip.

Element ids come first, names as drawn second, whatever their case.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.engine.drawing.program import Element, Program
from app.engine.feel import nearest
from app.journeys.lines import JourneyFault

#: activities that can be open or have a deadline
_TIMED = ("Task", "subProcess", "callActivity", "transaction", "task")


class Names:
    def __init__(self, program: Program) -> None:
        self._processes = {key: one.name for key, one in program.processes.items()}
        # Of one id in several processes a user task comes last, so that it can be done.
        drawn = [
            one for key in program.processes for one in program.processes[key].elements.values()
        ]
        drawn.sort(key=lambda one: one.kind == "userTask")
        self._elements = {one.id: one for one in drawn}
        self._messages = set(_messages(program))

    def process(self, said: str, line: int) -> str:
        return _found(said, self._processes, "process", line)

    def task(self, said: str, line: int) -> str:
        """Element id of a user task, by id or name."""
        tasks = {key: one.name for key, one in self._elements.items() if one.kind == "userTask"}
        return _found(said, tasks, "task", line)

    def step(self, said: str, line: int) -> tuple[str | None, str]:
        """(process, element id) of a user task; the process where it is said: “process/step”."""
        process, slash, step = said.partition("/")
        if slash and process in self._processes:
            return process, self.task(step, line)
        return None, self.task(said, line)

    def element(self, said: str, line: int) -> str:
        """Element id of anything that can be open or due."""
        timed = {key: one.name for key, one in self._elements.items() if _is_timed(one)}
        return _found(said, timed, "element", line)

    def message(self, said: str, line: int) -> str:
        return _found(said, dict.fromkeys(self._messages), "message", line)


def _is_timed(element: Element) -> bool:
    return element.kind.endswith(_TIMED)


def _messages(program: Program) -> Iterator[str]:
    for process in program.processes.values():
        yield from process.message_starts
        yield from (one.message for one in process.elements.values() if one.message)


def _found(said: str, known: Mapping[str, str | None], what: str, line: int) -> str:
    if said in known:
        return said
    wanted = " ".join(said.split()).casefold()
    for key, name in known.items():
        if name and " ".join(name.split()).casefold() == wanted:
            return key
    near = nearest(said, known) or nearest(said, [name for name in known.values() if name])
    hint = f" Did you mean “{near}”?" if near else ""
    raise JourneyFault(f"No diagram has the {what} “{said}”.{hint}", line=line)
