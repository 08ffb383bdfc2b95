"""Owns finding what nobody and nothing will ever move: a join that cannot complete, a wait for what
nobody sends, an instance that waits for nothing.

What moves by itself is an open task, a timer, a message or signal that somebody can send. From
there it is followed what that can move: a scope by what lies in it, a join by what can come to it.
What may still be withdrawn from outside (an interrupting event around it, an end that terminates)
is not told. Whether there are people for a task is casework's.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from threading import Lock

from app.engine.bpmn import CATCHES, MERGED, UNMERGED, told_by_people
from app.engine.program import Program
from app.engine.run.catching import Wait, waits
from app.engine.run.elements import Patient
from app.engine.run.graph import RAISES
from app.engine.run.tokens import STARTED, WAITING, Instance, Token
from app.engine.run.waiting import is_open_task

#: deployments; names only
_MOST_KEPT = 2_000
_kept: OrderedDict[tuple[str, ...], Sent] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True, slots=True)
class Stall:
    """A place where a case stands for ever."""

    instance: str
    #: the process that holds the element
    process: str
    element: str
    #: "join", "message", "signal", "conditional" or "nothing"
    why: str
    #: names of the messages or signals that nobody sends
    names: tuple[str, ...] = ()
    #: of a join, ids of the steps from which nothing comes any more
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sent:
    """What anybody can send to a case of a deployment."""

    messages: frozenset[str]
    signals: frozenset[str]

    def comes(self, wait: Wait) -> bool:
        """Whether it can happen, whatever else the case does."""
        trigger = wait.trigger
        named = {"message": self.messages, "signal": self.signals}.get(trigger.kind, ())
        return trigger.name in named


def sent(program: Program) -> Sent:
    """Messages that a drawing sends, a form tells or people record; signals that are thrown, or
    that come from other cases. Worked out once for each deployment."""
    across = tuple(program.settings.get("signals_across_cases") or ())
    key = (program.digest, *across)
    with _lock:
        if key in _kept:
            return _kept[key]
    thrown = [
        trigger
        for process in program.processes.values()
        for element in process.elements.values()
        if element.kind not in CATCHES
        for trigger in element.triggers
    ]
    rules = [field.rules for form in program.forms.values() for field in form.walk()]
    told = {name for each in rules for name in (each.matter_named, each.matter_changed) if name}
    messages = {each.name for each in thrown if each.kind == "message" and each.name} | told
    messages |= {*told_by_people(program.processes.values()), MERGED, UNMERGED}
    signals = {each.name for each in thrown if each.kind == "signal" and each.name}
    known = Sent(frozenset(messages), frozenset(signals.union(across)))
    with _lock:
        _kept[key] = known
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
    return known


def stalls(program: Program, runs: Iterable[Instance]) -> list[Stall]:
    """Of instances at rest, in the order in which they began to wait."""
    anybody = sent(program)
    return [stall for run in runs for stall in _Standing(run, anybody).stalls()]


class _Standing:
    """One instance at rest: which of its tokens something can move."""

    def __init__(self, run: Instance, anybody: Sent) -> None:
        self.run = run
        self.sent = anybody
        #: numbers of tokens that can move
        self.moves = {n for n, token in run.tasks.items() if self._by_itself(token)}

    def stalls(self) -> Iterator[Stall]:
        rest = [token for token in self.run.tasks.values() if token.n not in self.moves]
        if all(token.state == STARTED and token.children for token in rest):
            return  # each holds what moves
        while grown := [token.n for token in rest if self._moved(token)]:
            self.moves |= set(grown)
            rest = [token for token in rest if token.n not in self.moves]
        dead = [token for token in rest if token.state == WAITING or not token.children]
        for token in self._first(dead):
            if not self._withdrawn(token):
                yield self._told(token)

    def _by_itself(self, token: Token) -> bool:
        # What hangs on bank holidays goes on when these are known.
        timed = ("timers", "unset_timers", "undecided")
        if any(name in token.internal_data for name in timed) or is_open_task(token):
            return True
        return any(self.sent.comes(wait) for wait in waits(token))

    def _moved(self, token: Token) -> bool:
        """By something that moves."""
        if token.state == WAITING:
            return self._opens(token)
        if any(child.n in self.moves for child in token.children):
            return True
        # Whatever moves may set a variable.
        return bool(self.moves) and any(w.trigger.kind == "conditional" for w in waits(token))

    def _opens(self, token: Token) -> bool:
        """Whether what it waits for can come, or, of one that waits until nothing more can come,
        can go by."""
        if _patient(token):
            return all(other.n in self.moves for other in _before(token))
        places = {other.task_spec.name for other in _others(token) if other.n in self.moves}
        reach = [not places.isdisjoint(token.task_spec.sources[flow]) for flow in _empty(token)]
        return any(reach) if _any_will_do(token) else all(reach)

    def _first(self, dead: list[Token]) -> list[Token]:
        """Without the joins that only wait for what is told of already; of those that wait for
        each other, all."""
        behind = [token for token in dead if token.state == WAITING and self._waits_behind(token)]
        return [token for token in dead if token not in behind] or behind

    def _waits_behind(self, token: Token) -> bool:
        if _patient(token):
            return True
        places = {other.task_spec.name for other in _others(token)}
        sources = token.task_spec.sources
        return all(not places.isdisjoint(sources[flow]) for flow in _empty(token))

    def _withdrawn(self, token: Token) -> bool:
        """Whether something that moves may end it from outside."""
        if any(self._raises(self.run.tasks[n]) for n in self.moves):
            return True
        around = token.parent
        while around is not None:
            if self._interrupted(around) or self._terminated(around):
                return True
            around = around.parent
        return False

    def _interrupted(self, scope: Token) -> bool:
        specs = scope.task_spec._wf_spec.task_specs
        timers = [specs[timer["e"]] for timer in scope.internal_data.get("timers", ())]
        others = [wait.node for wait in waits(scope) if self.sent.comes(wait)]
        return any(node.element.interrupting for node in (*timers, *others))

    def _terminated(self, scope: Token) -> bool:
        inside = (child for child in scope.children if child.n in self.moves)
        return any(_leads_to(child, ("terminate",)) for child in inside)

    def _raises(self, token: Token) -> bool:
        return _leads_to(token, RAISES)

    def _told(self, token: Token) -> Stall:
        node, run = token.task_spec, self.run
        place = run.id, node.element.process, node.name
        if token.state == WAITING:
            flows = {flow.id: flow.source for flow in node.incoming}
            return Stall(*place, "join", lacking=tuple(flows[flow] for flow in _empty(token)))
        own = [w.trigger for w in waits(token) if w.role in ("event", "gateway")]
        for kind in ("message", "signal", "conditional"):
            names = tuple(each.name or "" for each in own if each.kind == kind)
            if names:
                return Stall(*place, kind, names=tuple(filter(None, names)))
        return Stall(*place, "nothing")


def _others(token: Token) -> list[Token]:
    """What else lies in its scope."""
    return [other for other in token.parent.children if other is not token]


def _empty(token: Token) -> list[str]:
    """Incoming flows that nothing has come along."""
    there = token.internal_data["in"]
    node = token.task_spec
    if _any_will_do(token):
        return [flow.id for flow in node.incoming]
    return [flow.id for flow in node.incoming if flow.id not in there]


def _any_will_do(token: Token) -> bool:
    """It counts what comes, along whichever flow."""
    return not token.task_spec.join or (
        token.task_spec.element.activation is not None and "opened" not in token.internal_data
    )


def _patient(token: Token) -> bool:
    return isinstance(token.task_spec, Patient) and not _any_will_do(token)


def _before(token: Token) -> list[Token]:
    """What an inclusive join waits for: what can come along an empty flow and no filled one."""
    sources, empty = token.task_spec.sources, _empty(token)
    none: frozenset[str] = frozenset()
    held = none.union(*(sources[flow] for flow in sources if flow not in empty))
    places = none.union(*(sources[flow] for flow in empty)) - held
    return [other for other in _others(token) if other.task_spec.name in places]


def _leads_to(token: Token, kinds: tuple[str, ...]) -> bool:
    """Whether it can come to an end event of one of these kinds."""
    name = token.task_spec.name
    return any(
        name in places
        for node in token.task_spec._wf_spec.task_specs.values()
        if node.element.kind == "endEvent" and node.element.first(*kinds) is not None
        for places in node.sources.values()
    )
