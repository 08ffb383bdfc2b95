"""Which names `records` has, and what each stands for: the answers to a step, to a start form, or
to the form of an event that people record.

BPMN's key is (process, element), so a copied file may share the ids of its steps with another. A
name means the step of the process that speaks; where that has none, the only process that has one.
Where several have it, it is said `<process>_<step>`. What a start form asked has one documented
name, the id of its process; the start event's own id is known too. Opening answers is casework's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from app.engine.bpmn.model import Element, Process
from app.engine.errors import nearest

#: behind a name: everybody's answers, in order
ALL = "_all"


@dataclass(frozen=True, slots=True)
class Record:
    """What one name stands for."""

    process: str
    #: the step; the process's own id for what its start form asked
    element: str
    #: form id
    form: str | None

    @property
    def of_start(self) -> bool:
        return self.element == self.process


class RecordNames:
    """The names of one set of processes."""

    def __init__(self, processes: Iterable[Process]) -> None:
        drawn = list(processes)
        runs = {process.id for process in drawn if process.executable}
        self._meanings: dict[str, list[Record]] = {}
        #: id of a start event → the processes whose start form it asks
        self._starts: dict[str, list[str]] = {}
        for process in drawn:
            self._take(process)
        for process in drawn:  # started by hand without a question: known while nothing else is
            if process.start_groups is not None and process.start_form is None:
                self._meanings.setdefault(process.id, [Record(process.id, process.id, None)])
        for name, known in self._meanings.items():
            running = [record for record in known if record.process in runs]
            self._meanings[name] = running or known
        self._full = {
            full: record
            for name, several in self._meanings.items()
            for record in several
            if len(several) > 1 and not record.of_start
            for full in [f"{record.process}_{name}"]
            if full not in self._meanings
        }

    def _take(self, process: Process) -> None:
        started = Record(process.id, process.id, process.start_form)
        if process.start_form is not None:
            self._meanings.setdefault(process.id, []).append(started)
        for element in process.elements.values():
            if element.kind == "userTask":
                step = Record(process.id, element.id, element.form)
                self._meanings.setdefault(element.id, []).append(step)
            elif element.rules.form is not None and element.message:
                told = Record(process.id, element.id, element.rules.form)
                self._meanings.setdefault(element.id, []).append(told)
            elif _asks_first(process, element):
                self._meanings.setdefault(element.id, []).append(started)
                self._starts.setdefault(element.id, []).append(process.id)

    def __iter__(self) -> Iterator[str]:
        """Every name that can be said, without those of lists (`…_all`)."""
        yield from self._meanings
        yield from self._full

    def meant(self, name: str, own: str | None = None) -> Record | None:
        """What the name stands for in a text of process `own` (None: of none, as in a document).

        None where there is no such name, and where several processes have it and `own` has not.
        """
        if name in self._full:
            return self._full[name]
        several = self._meanings.get(name, [])
        mine = [record for record in several if record.process == own]
        meanings = mine or several
        return meanings[0] if len(meanings) == 1 else None

    def clear(self, own: str | None = None) -> Mapping[str, Record]:
        """Each name that has one meaning in a text of process `own`."""
        meanings = ((name, self.meant(name, own)) for name in self)
        return {name: record for name, record in meanings if record is not None}

    def instead(self, name: str, own: str | None = None) -> tuple[str, ...]:
        """For a name that several processes have, and `own` has not: how each of them is named.

        One whose full name is taken by another id is not among them: it has to get another id. ()
        for a name with one meaning or none.
        """
        several = self._meanings.get(name, [])
        if len(several) < 2 or self.meant(name, own) is not None:
            return ()
        names = (
            record.process if record.of_start else f"{record.process}_{name}" for record in several
        )
        return tuple(full for full in names if self.meant(full) in several)

    def ambiguous(self, name: str, own: str | None = None) -> bool:
        return len(self._meanings.get(name, [])) > 1 and self.meant(name, own) is None

    def documented(self, name: str, own: str | None = None) -> str:
        """The name to say: the process's id for that of a start event, else the name itself."""
        meant = self.meant(name, own)
        if name in self._starts and meant is not None and meant.of_start:
            return meant.element
        return name

    def near(self, name: str, among: Iterable[str] | None = None) -> str | None:
        """The documented form of the nearest known name."""
        near = nearest(name, sorted(self if among is None else among))
        return None if near is None else self.documented(near)

    def bare(self, name: str) -> str:
        """The name without the ending of a list, where it has one."""
        known = name in self._meanings or name in self._full
        return name if known else name.removesuffix(ALL)


def _asks_first(process: Process, element: Element) -> bool:
    """It is the start event whose form starts the process by hand."""
    begins = element.kind == "startEvent" and element.scope is None and element.form is not None
    if not begins or element.form != process.start_form:
        return False
    return not (element.message or element.signal or element.timer or element.condition)


def which(names: RecordNames, name: str, own: str | None = None, before: str = "") -> str:
    """How to say which step is meant, where several processes have it; “” where it is clear.

    `own`: the process in which it is said. `before`: what stands before the name, “records.”
    """
    if not names.ambiguous(name, own):
        return ""
    said = [f"“{before}{full}”" for full in names.instead(name, own)]
    if len(said) < 2:
        return "Several processes have such a step. Give it another id in all but one of them."
    return f"Several processes have such a step. Say which: {', '.join(said[:-1])} or {said[-1]}."
