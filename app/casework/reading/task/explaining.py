"""What a task says of itself: why it is offered, what comes next as drawn, and what that waits for.

The walk over the drawing is the engine's and kept by deployment; here its steps get names. What
else is open in the case is told only to those who see the whole of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from app import store
from app.casework.access import as_person
from app.casework.reading.look import Look
from app.engine import saying
from app.engine.ahead import waited_for
from app.engine.ahead_steps import Ahead, Choice, Gate, Instead, Step
from app.engine.bpmn import Element, Process, listed
from app.engine.run import Beside, Level
from app.store import TaskRow

#: lines of what comes next; more would not be read
MOST_LINES = 5
#: other open tasks that are named
MOST_NAMED = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class NextLine:
    """A task, a wait or an end that the drawing leads to."""

    #: "task", "wait", "process" or "end"
    kind: str
    name: str
    #: who does it, in words; None where only the case will know
    who: str | None = None
    #: the drawing's questions with the answers that lead here
    when: str | None = None
    #: what has to happen first, in words
    after: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Border:
    """An event that may come while the task is open."""

    name: str
    #: when it comes, where that is known
    at: datetime | None
    #: the task is withdrawn by it
    withdraws: bool
    next: tuple[NextLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    #: why it is offered to the person who looks
    why: str | None
    next: tuple[NextLine, ...]
    #: there are more ways than these
    more: bool
    borders: tuple[Border, ...]
    #: open tasks and events that what comes next waits for
    waits: tuple[str, ...]
    #: a deadline is drawn and has no date yet: why, in words
    undated: str | None


def explained(seen: Look, row: TaskRow, offers: Iterable[str]) -> Explained:
    """Of an open task."""
    levels = seen.locked.engine.around(row.task)
    ahead = seen.locked.loaded.ahead(tuple((level.process, level.element) for level in levels))
    teller = _Teller(seen, levels)
    lines = teller.lines(ahead.steps)
    year = seen.locked.engine.undated(row.task)
    return Explained(
        why=_why(seen, row, set(offers)),
        next=lines[:MOST_LINES],
        more=ahead.more or len(lines) > MOST_LINES,
        borders=tuple(teller.borders(ahead)),
        waits=teller.waits(ahead.steps),
        undated=None if year is None else saying.undated(year),
    )


def _why(seen: Look, row: TaskRow, offers: set[str]) -> str | None:
    if row.signed_by == seen.person.id:
        return None  # their part is done
    roles, members = seen.locked.installation.roles, seen.locked.members
    mine = [hand for hand in roles.hands_in(seen.person, members) if hand in offers]
    if as_person(seen.person.id) in mine:
        return "It is offered to you by name."
    if mine:
        names = _or([roles.name(hand[2:]) for hand in mine], "and")
        if roles.unplaced(seen.person, members, offers):
            return (
                f"It is for {names}. Others have taken their place, and nobody has recorded to "
                "which of them this case falls: until then it is offered to you, and to none of "
                "them."
            )
        return f"It is offered to you because you have the role {names}."
    if row.assignee == seen.person.id:
        return "It was given to you."
    for cover in seen.person.covers:
        theirs = roles.hands_in(cover.person, members)
        if row.assignee == cover.person.id or not offers.isdisjoint(theirs):
            return f"It is offered to {cover.person.name}, for whom you are covering."
    return None


class _Teller:
    """Names for the steps of one task's walk."""

    def __init__(self, seen: Look, levels: tuple[Level, ...]) -> None:
        self._seen, self._levels = seen, levels
        self._loaded = seen.locked.loaded
        self._roles = seen.locked.installation.roles

    def lines(self, steps: Iterable[Step]) -> tuple[NextLine, ...]:
        return tuple(dict.fromkeys(self._line(step) for step in steps))

    def _line(self, step: Step) -> NextLine:
        return NextLine(
            kind=step.kind,
            name=self._name(step),
            who=self._who(step.element) if step.kind == "task" else None,
            when=_when(step),
            after=self._after(step.gates),
        )

    def _name(self, step: Step) -> str:
        element = step.element
        if step.kind != "end" or element is None:
            return _called(element)
        outermost = self._loaded.process(
            self._levels[-1].process if self._levels else element.process
        )
        name = (outermost.name if outermost else None) or element.process
        return f"{name}: {_flat(element.name)}" if element.name else name

    def _who(self, element: Element | None) -> str | None:
        if element is None:
            return None
        raw = element.groups or ""
        if raw and not raw.startswith("="):
            return _or([self._roles.name(group) for group in listed(raw)], "or")
        return _flat(element.lane) if element.lane else None

    def _after(self, gates: tuple[Gate, ...]) -> str | None:
        """Only what really holds it up; who sees their own part only is told what is drawn."""
        if self._seen.whole:
            return "when what is named below is done too" if self._held_up(gates) else None
        words = (self._drawn(gate) for gate in gates)
        return next((phrase for phrase in words if phrase is not None), None)

    def _drawn(self, gate: Gate) -> str | None:
        if gate.kind == "join":
            return "when other steps are done too"
        process = self._loaded.process(self._levels[gate.level].process)
        loop = process.elements[gate.element].loop if process and gate.kind == "all" else None
        if loop is None:
            return None
        if loop.completion:
            return "when enough of those asked have done theirs"
        if loop.sequential:
            return "when it has been done for each in turn"
        return "when everybody who was asked has done theirs"

    def _held_up(self, gates: Iterable[Gate]) -> list[Beside]:
        return [beside for gate in gates for beside in self._at(gate)]

    def _at(self, gate: Gate) -> Iterator[Beside]:
        if gate.level >= len(self._levels):
            return
        level = self._levels[gate.level]
        process = self._loaded.process(level.process)
        for beside in level.beside:
            if gate.kind == "rest" or _needed(process, gate, beside):
                yield beside

    def waits(self, steps: Iterable[Step]) -> tuple[str, ...]:
        """Each once, in the order of opening; only for those who see the whole case."""
        if not self._seen.whole:
            return ()
        needed = self._held_up(gate for step in steps for gate in step.gates)
        if not needed:
            return ()
        rows = {
            row.task: row for row in store.work.tasks.of_case(self._seen.unit, self._seen.row.id)
        }
        names = list(dict.fromkeys(self._open(beside, rows) for beside in needed))
        left = len(names) - MOST_NAMED
        return (*names[:MOST_NAMED], *([f"and {left} more"] if left > 0 else []))

    def _open(self, beside: Beside, rows: Mapping[str, TaskRow]) -> str:
        row = rows.get(beside.task or "")
        if row is not None:
            return f"{row.name} ({row.label})" if row.label else row.name
        return _called(self._loaded.element(beside.process, beside.element))

    def borders(self, ahead: Ahead) -> Iterator[Border]:
        """What withdraws the task, and what opens other tasks beside it."""
        timers = self._levels[0].timers if self._levels else {}
        for instead in ahead.instead:
            if instead.event.interrupting or _opens(instead):
                yield Border(
                    name=_called(instead.event),
                    at=timers.get(instead.event.id),
                    withdraws=instead.event.interrupting,
                    next=self.lines(_tasks(instead))[:MOST_LINES],
                )


def _needed(process: Process | None, gate: Gate, beside: Beside) -> bool:
    if gate.kind == "all":
        return beside.within == gate.element
    return process is not None and beside.within in waited_for(process, gate)


def _opens(instead: Instead) -> bool:
    return bool(_tasks(instead))


def _tasks(instead: Instead) -> list[Step]:
    """Beside an open task ways that end in nothing say nothing."""
    if instead.event.interrupting:
        return list(instead.steps)
    return [step for step in instead.steps if step.kind == "task"]


def _when(step: Step) -> str | None:
    parts = [words for choice in step.choices for words in [_answered(choice)] if words]
    if step.race:
        parts.append("it comes first")
    return f"if {saying.joined(parts)}" if parts else None


def _answered(choice: Choice) -> str:
    labels = [label for _, label in choice.answers if label]
    said = _or([f"“{label}”" for label in labels], "or")
    if not said:
        otherwise = any(label == "" for _, label in choice.answers)
        said = "something else" if otherwise else "answered so that it leads here"
    return f"“{choice.question}” is {said}" if choice.question else f"it is {said}"


def _called(element: Element | None) -> str:
    if element is None:
        return "Something that is waited for"
    if element.name:
        return _flat(element.name)
    if element.timer is not None:
        return "A time that is drawn"
    return f"The message “{element.message}”" if element.message else element.id.replace("_", " ")


def _flat(text: str) -> str:
    return " ".join(text.split())


def _or(parts: list[str], last: str) -> str:
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"
