"""What may come after a task, as drawn: a walk along the flows to the next tasks, waits and ends.

A pure function of the program. Conditions are never worked out: where the drawing asks a question,
the steps say which answer leads to them. How a step is told to people is left to others.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from app.engine.ahead_steps import Ahead, Choice, Gate, Instead, Step, merged
from app.engine.bpmn import Element, Flow, Process
from app.engine.program import Program

#: steps along flows before the walk gives up and says that there is more
MOST_STEPS = 400
#: sub-processes and calls inside each other
DEEPEST = 20
_DECIDING = frozenset({"exclusiveGateway", "inclusiveGateway", "complexGateway"})
_JOINING = frozenset({"parallelGateway", "inclusiveGateway", "complexGateway"})
_SCOPES = frozenset({"subProcess", "transaction", "adHocSubProcess"})
#: of the ways out only one is gone
_ONE_WAY = frozenset({"exclusiveGateway", "eventBasedGateway"})
_WAITS = frozenset({"intermediateCatchEvent", "receiveTask"})

#: (process id, element id) of the task, then of each activity around it, innermost first
Chain = tuple[tuple[str, str], ...]


def ahead(program: Program, chain: Chain) -> Ahead:
    """What comes after the task that `chain` begins with. Unknown ids lead nowhere."""
    task = _element(program, chain[0]) if chain else None
    if task is None:
        return Ahead(())
    walk = _Walk(program, chain)
    walk.leave(_Path(), task)
    steps, more = walk.found(), walk.more
    return Ahead(steps, tuple(_instead(program, chain, task)), more)


def _instead(program: Program, chain: Chain, task: Element) -> Iterator[Instead]:
    process = program.processes[task.process]
    for event in process.elements.values():
        heard = event.timer or event.message or event.signal or event.condition
        if event.attached_to == task.id and heard:
            walk = _Walk(program, chain, beside=not event.interrupting)
            walk.leave(_Path(), event)
            yield Instead(event, walk.found())


def waited_for(process: Process, gate: Gate) -> frozenset[str]:
    """Elements from which another token can come to the join along another flow than ours."""
    ids: set[str] = set()
    into = [flow for flow in process.flows.values() if flow.target == gate.element]
    stack = [flow.source for flow in into if flow.id != gate.flow]
    while stack:
        id = stack.pop()
        if id in ids or id == gate.element:
            continue
        ids.add(id)
        stack += [flow.source for flow in process.flows.values() if flow.target == id]
        host = process.elements[id].attached_to if id in process.elements else None
        if host is not None:
            stack.append(host)
    return frozenset(ids)


def _element(program: Program, place: tuple[str, str]) -> Element | None:
    process = program.processes.get(place[0])
    return process.elements.get(place[1]) if process is not None else None


@dataclass(frozen=True, slots=True)
class _Path:
    """A way walked so far."""

    level: int = 0
    #: activities gone into on the way, outermost first
    inside: tuple[Element, ...] = ()
    choices: tuple[Choice, ...] = ()
    gates: tuple[Gate, ...] = ()
    race: bool = False
    #: where the way parted into several that are all gone, and those of them that it has passed
    #: the end or a join of: what lies behind waits for the other ways
    forks: frozenset[str] = frozenset()
    behind: frozenset[str] = frozenset()
    seen: frozenset[tuple[str, ...]] = field(default_factory=frozenset)


class _Walk:
    def __init__(self, program: Program, chain: Chain, *, beside: bool = False) -> None:
        self.program, self.chain = program, chain
        #: the task stays open meanwhile, so a plain end does not end what is around it
        self.beside = beside
        self.more = False
        self._steps: list[tuple[Step, _Path]] = []
        self._count = 0

    def found(self) -> tuple[Step, ...]:
        """Without what lies behind other steps of the same fork."""
        first = {fork for _, path in self._steps for fork in path.forks - path.behind}
        return merged(step for step, path in self._steps if not path.behind & first)

    def leave(self, path: _Path, element: Element) -> None:
        """`element` is done: go on along the flows out of it."""
        own = not path.inside and self._is_around(path.level, element)
        if own and element.loop is not None:
            path = replace(path, gates=(*path.gates, Gate("all", path.level, element.id)))
        out = [
            f
            for f in self.program.processes[element.process].flows.values()
            if f.source == element.id
        ]
        if not out:
            self._ended(path, element)
        for flow in out:
            on = _chosen(path, element, flow, out)
            if len(out) > 1 and element.kind not in _ONE_WAY and on.choices == path.choices:
                on = replace(on, forks=on.forks | {element.id})
            self._along(on, flow, element.process)

    def _is_around(self, level: int, element: Element) -> bool:
        return level < len(self.chain) and self.chain[level] == (element.process, element.id)

    def _along(self, path: _Path, flow: Flow, process: str) -> None:
        target = self.program.processes[process].elements.get(flow.target)
        self._count += 1
        place = (*(element.id for element in path.inside), process, flow.target)
        if target is None or place in path.seen:
            return
        if self._count > MOST_STEPS:
            self.more = True
            return
        path = replace(path, seen=path.seen | {place})
        if target.kind in _JOINING and self._joins(target):
            path = _past(path, Gate("join", path.level, target.id, flow.id))
        self._at(path, target)

    def _joins(self, element: Element) -> bool:
        flows = self.program.processes[element.process].flows.values()
        return sum(flow.target == element.id for flow in flows) > 1

    def _at(self, path: _Path, element: Element) -> None:
        if element.kind == "userTask":
            self._stop("task", path, element)
        elif element.kind in _WAITS:
            self._stop("wait", path, element) if element.link is None else self.leave(path, element)
        elif element.kind in _SCOPES:
            self._into(path, element, self._first_in(element))
        elif element.kind == "eventBasedGateway":
            self.leave(replace(path, race=True), element)
        elif element.kind == "callActivity":
            self._call(path, element)
        elif element.kind == "endEvent":
            self._ended(path, element)
        elif element.link is not None:
            self._linked(path, element)
        else:
            self.leave(path, element)

    def _stop(self, kind: str, path: _Path, element: Element | None) -> None:
        self._steps.append((Step(kind, element, path.choices, path.gates, path.race), path))

    def _into(self, path: _Path, element: Element, first: list[Element]) -> None:
        if len(path.inside) >= DEEPEST or not first:
            self.more = True
            return
        several = {element.id} if len(first) > 1 else set()
        inner = replace(path, inside=(*path.inside, element), forks=path.forks | several)
        for start in first:
            if start.kind == "startEvent":
                self.leave(inner, start)
            else:
                self._at(inner, start)

    def _first_in(self, element: Element) -> list[Element]:
        process = self.program.processes[element.process]
        return _begins(process, element.id, ad_hoc=element.kind == "adHocSubProcess")

    def _call(self, path: _Path, element: Element) -> None:
        called = self.program.processes.get(element.called_process or "")
        if called is None:
            self._stop("process", path, element)
        else:
            self._into(path, element, _begins(called, None))

    def _linked(self, path: _Path, element: Element) -> None:
        for other in self.program.processes[element.process].elements.values():
            catches = other.kind == "intermediateCatchEvent" and other.link == element.link
            if catches and other.scope == element.scope:
                self.leave(path, other)

    def _ended(self, path: _Path, element: Element) -> None:
        """The flow ends at `element`: what is around it goes on, or catches what it throws."""
        if element.ends == "cancel":
            self.more = True
        elif element.kind == "endEvent" and (element.error or element.escalation):
            self._thrown(path, element)
        else:
            self._out(path, element)

    def _out(self, path: _Path, element: Element) -> None:
        """Out of the scope: to the activity around it, or to the end of everything."""
        if element.ends != "terminate" and self.beside and path.level == 0 and not path.inside:
            return
        if element.ends != "terminate":
            path = _past(path, Gate("rest", path.level))
        if path.inside:
            self.leave(replace(path, inside=path.inside[:-1]), path.inside[-1])
            return
        around = self._around(path.level)
        if around is None:
            self._stop("end", path, element)
        else:
            self.leave(replace(path, level=path.level + 1), around)

    def _around(self, level: int) -> Element | None:
        return (
            _element(self.program, self.chain[level + 1]) if level + 1 < len(self.chain) else None
        )

    def _thrown(self, path: _Path, element: Element) -> None:
        """To the nearest event at a border around that catches it; else as any end."""
        at = path
        while True:
            host = at.inside[-1] if at.inside else self._around(at.level)
            if host is None:
                self._out(path, element)
                return
            out = replace(at, inside=at.inside[:-1]) if at.inside else _further(at)
            for event in self.program.processes[host.process].elements.values():
                if event.attached_to == host.id and _catches(event, element):
                    self.leave(out, event)
                    if not event.interrupting:
                        self._out(path, element)
                    return
            at = out


def _past(path: _Path, gate: Gate) -> _Path:
    """Past where others are waited for; in scopes begun on the way nothing else is open yet."""
    gates = path.gates if path.inside else (*path.gates, gate)
    return replace(path, gates=gates, behind=path.forks)


def _further(path: _Path) -> _Path:
    return replace(path, level=path.level + 1)


def _catches(event: Element, thrown: Element) -> bool:
    if thrown.error:
        return event.error == thrown.error
    return event.escalation == thrown.escalation


def _begins(process: Process, scope: str | None, *, ad_hoc: bool = False) -> list[Element]:
    """Where a process or sub-process begins by itself."""
    members = [element for element in process.elements.values() if element.scope == scope]
    starts = [member for member in members if member.kind == "startEvent"]
    plain = [
        start
        for start in starts
        if not (start.message or start.signal or start.timer or start.condition)
    ]
    if plain or not ad_hoc:
        return plain or starts
    targets = {flow.target for flow in process.flows.values()}
    return [
        member
        for member in members
        if member.id not in targets and member.attached_to is None and not member.triggered
    ]


def _chosen(path: _Path, element: Element, flow: Flow, out: list[Flow]) -> _Path:
    """The path with the answer that leads along `flow`, where the drawing asks."""
    asks = element.kind in _DECIDING or any(f.condition or f.default for f in out)
    if len(out) < 2 or not asks or (element.kind not in _DECIDING and not _conditional(flow)):
        return path
    question = element.name if element.kind in _DECIDING else None
    answer = flow.name or ("" if flow.default else None)
    choice = Choice(element.id, _line(question), ((flow.id, _line(answer)),), len(out))
    return replace(path, choices=(*path.choices, choice))


def _conditional(flow: Flow) -> bool:
    return bool(flow.condition) or flow.default


def _line(text: str | None) -> str | None:
    return " ".join(text.split()) if text is not None else None
