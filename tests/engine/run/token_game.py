"""A second, small interpreter of the token game (BPMN 2.0.2, sections 13.3 and 13.4).

Written from the standard's text alone, on flows that hold tokens; nothing of the product is used.
Where several inclusive joins could go on at once the standard says no order, so a step has a set of
outcomes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

#: a graph that fills up with more tokens than this is not played on
MOST_TOKENS = 40
MOST_OUTCOMES = 40


class TooMany(Exception):
    """Tokens multiply, or joins can go on in too many orders."""


@dataclass(frozen=True)
class Flow:
    id: str
    source: str
    target: str
    #: taken when the text variable `v` holds this letter; None: always
    letter: str | None = None
    default: bool = False


@dataclass(frozen=True)
class Place:
    id: str
    #: "start", "user", "task", a gateway's "exclusive", "parallel" or "inclusive", "end",
    #: "terminate" or "boundary"
    kind: str
    #: of a boundary event
    host: str = ""
    cancels: bool = True


@dataclass(frozen=True)
class Marking:
    """Where tokens are: (flow, how many), and open user tasks, both sorted; how it ended."""

    flows: tuple[tuple[str, int], ...] = ()
    open: tuple[str, ...] = ()
    ended: str | None = None


@dataclass
class Graph:
    places: dict[str, Place]
    flows: list[Flow]
    out: dict[str, list[Flow]] = field(init=False)
    into: dict[str, list[Flow]] = field(init=False)
    events: dict[str, list[Place]] = field(init=False)

    def __post_init__(self) -> None:
        self.out = {id: [f for f in self.flows if f.source == id] for id in self.places}
        self.into = {id: [f for f in self.flows if f.target == id] for id in self.places}
        at_border = [one for one in self.places.values() if one.kind == "boundary"]
        self.events = {id: [e for e in at_border if e.host == id] for id in self.places}

    def joins(self, marking: Marking) -> dict[str, frozenset[str]]:
        """Gateways at which tokens wait → the incoming flows that hold one."""
        found: dict[str, set[str]] = {}
        target = {flow.id: flow.target for flow in self.flows}
        for flow, _ in marking.flows:
            found.setdefault(target[flow], set()).add(flow)
        return {gateway: frozenset(flows) for gateway, flows in found.items()}

    # the moves

    def begin(self, v: str) -> set[Marking]:
        (start,) = (one.id for one in self.places.values() if one.kind == "start")
        return self._play(self._left(start, v), [], v)

    def complete(self, marking: Marking, task: str, v: str) -> set[Marking]:
        """13.3.2: the task is done; one token on each flow that its end chooses."""
        return self._play([*_tokens(marking), *self._left(task, v)], _without(marking, task), v)

    def happen(self, marking: Marking, event: str, v: str) -> set[Marking]:
        """13.5.3: a boundary event catches; its host is withdrawn where it interrupts."""
        one = self.places[event]
        rest = _without(marking, one.host) if one.cancels else list(marking.open)
        return self._play([*_tokens(marking), *self._left(event, v)], rest, v)

    def _left(self, id: str, v: str) -> list[str]:
        """Flows that get a token when a node is left (13.2.1, 13.4.1 to 13.4.3)."""
        flows, kind = self.out[id], self.places[id].kind
        if kind == "parallel" or not any(f.letter or f.default for f in flows):
            return [flow.id for flow in flows]
        true = [f.id for f in flows if not f.default and (f.letter is None or f.letter in v)]
        if kind == "exclusive":
            true = true[:1]
        return true or [flow.id for flow in flows if flow.default]

    def _play(self, tokens: Iterable[str], open: list[str], v: str) -> set[Marking]:
        """All markings in which it can come to rest."""
        done: set[Marking] = set()
        stack = [(Counter(tokens), open)]
        seen = set()
        while stack:
            marking = self._rest(*stack.pop(), v)
            if marking in seen:
                continue
            seen.add(marking)
            if len(seen) > MOST_OUTCOMES:
                raise TooMany
            joins = [] if marking.ended else list(self._enabled(marking))
            for join in joins:
                held = Counter(dict(marking.flows))
                held.subtract({flow.id: 1 for flow in self.into[join] if held[flow.id]})
                held.update(self._left(join, v))
                stack.append((+held, list(marking.open)))
            if not joins:
                done.add(marking)
        return done

    def _rest(self, held: Counter[str], open: list[str], v: str) -> Marking:
        """Everything moves that needs to know nothing of the rest of the graph."""
        open, moved = list(open), True
        while moved:
            moved = False
            for flow in self.flows:
                if not held[flow.id]:
                    continue
                place, ways = self.places[flow.target], self.into[flow.target]
                if place.kind == "inclusive" and len(ways) > 1:
                    continue
                taken = ways if place.kind == "parallel" else [flow]
                if not all(held[one.id] for one in taken):
                    continue
                moved = True
                held.subtract(one.id for one in taken)
                if place.kind == "terminate":
                    return Marking(ended="terminated")
                if place.kind == "user":
                    open.append(place.id)
                else:
                    held.update(self._left(place.id, v))
                if held.total() + len(open) > MOST_TOKENS:
                    raise TooMany
        flows = tuple(sorted((+held).items()))
        ended = None if flows or open else "completed"
        return Marking(flows, tuple(sorted(open)), ended)

    def _enabled(self, marking: Marking) -> Iterator[str]:
        """13.4.3: for every path from a token to an empty incoming flow there must be one from
        that token to a filled one; neither may visit the gateway."""
        for join, filled in self.joins(marking).items():
            if self.places[join].kind != "inclusive":
                continue
            empty = {flow.id for flow in self.into[join]} - filled
            reached = [self._reached(start, join) for start in self._starts(marking, join)]
            if not any(flows & empty and not flows & filled for flows in reached):
                yield join

    def _starts(self, marking: Marking, join: str) -> Iterator[list[Flow]]:
        """What each token could go along next; those that stand at the gateway itself aside."""
        flows = {flow.id: flow for flow in self.flows}
        yield from ([flows[id]] for id, _ in marking.flows if flows[id].target != join)
        for task in marking.open:
            events = [flow for event in self.events[task] for flow in self.out[event.id]]
            yield [*self.out[task], *events]

    def _reached(self, start: list[Flow], join: str) -> set[str]:
        found: set[str] = set()
        stack = list(start)
        while stack:
            flow = stack.pop()
            if flow.id in found:
                continue
            found.add(flow.id)
            if flow.target != join:
                stack += self.out[flow.target]
                stack += [f for event in self.events[flow.target] for f in self.out[event.id]]
        return found


def _tokens(marking: Marking) -> Iterator[str]:
    for flow, count in marking.flows:
        yield from [flow] * count


def _without(marking: Marking, task: str) -> list[str]:
    rest = list(marking.open)
    rest.remove(task)
    return rest
