"""Random unstructured graphs with user tasks, compared after each step with a second interpreter.

A graph that fails is told by its seed: `play(seed)` plays it again.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest
from lxml import etree

from app.engine.bpmn.reading.reader import read
from app.engine.events import InstanceEnded
from app.engine.program import Program
from app.engine.run import Case

from . import kit
from .kit import CALENDAR, HEAD, MONDAY
from .token_game import Flow, Graph, Marking, Place, TooMany

GRAPHS, AT_A_TIME = 2_400, 100
STEPS = 9
KINDS = ("user", "user", "user", "task", "exclusive", *("parallel", "inclusive") * 2)
TAGS = {
    "start": "startEvent",
    "user": "userTask",
    "task": "task",
    "exclusive": "exclusiveGateway",
    "parallel": "parallelGateway",
    "inclusive": "inclusiveGateway",
    "end": "endEvent",
    "terminate": "endEvent",
    "boundary": "boundaryEvent",
}
LETTERS = "abcd"


def drawn(seed: int) -> Graph:
    """Any flows between any nodes; what leads back leads to a user task: it comes to rest."""
    rng = random.Random(seed)
    kinds = ["user", *(rng.choice(KINDS) for _ in range(rng.randint(3, 9)))]
    rng.shuffle(kinds)
    places = [Place("n0", "start"), *(Place(f"n{n}", kind) for n, kind in enumerate(kinds, 1))]
    last = [Place("e0", "end")]
    if rng.random() < 0.15:
        last.append(Place("e1", "terminate"))
    tasks = [one for one in places if one.kind == "user"]
    events = [
        Place(f"b{n}", "boundary", rng.choice(tasks).id, rng.random() < 0.5)
        for n in range(rng.choice((0, 0, 1, 2)))
    ]
    wires: list[tuple[Place, Place]] = []
    for number, one in enumerate(places[1:], 1):
        wires.append((rng.choice(places[1:number] or places[:1]), one))
    for _ in range(rng.randint(1, len(places))):
        a, b = sorted(rng.sample(range(1, len(places)), 2))
        wires.append((places[a], places[b]))
    for _ in range(rng.choice((0, 0, 1, 1, 2))):
        wires.append((rng.choice(places[1:]), rng.choice(tasks)))
    sources = {a.id for a, _ in wires}
    for one in (*places[1:], *events):
        if one.id not in sources or rng.random() < 0.2:
            wires.append((one, rng.choice([*last, *tasks] if one.id in sources else last)))
    # An event may lead anywhere: each time it happens somebody has said so.
    wires += [(event, rng.choice(places[1:])) for event in events if rng.random() < 0.8]
    every = {one.id: one for one in (*places, *events, *last)}
    return Graph(every, list(_flows(rng, every, wires)))


def _flows(
    rng: random.Random, places: dict[str, Place], wires: list[tuple[Place, Place]]
) -> Iterator[Flow]:
    pairs = list(dict.fromkeys((a.id, b.id) for a, b in wires))
    for id, place in places.items():
        targets = [b for a, b in pairs if a == id]
        decides = place.kind in ("exclusive", "inclusive") or (
            place.kind in ("user", "task") and rng.random() < 0.3
        )
        default = rng.randrange(len(targets)) if targets else 0
        for number, target in enumerate(targets):
            chosen = decides and len(targets) > 1
            letter = rng.choice(LETTERS) if chosen and number != default else None
            yield Flow(f"{id}_{target}", id, target, letter, chosen and number == default)


@cache
def plain() -> Program:
    return kit.program(kit.process(kit.S + kit.E, "s->e"))


def program(graph: Graph, seed: int) -> Program:
    """Read as at the gate, which judges the drawing besides (and minds some)."""
    body, roots = [], []
    for one in graph.places.values():
        inner, more = "", ""
        if one.kind == "terminate":
            inner = "<bpmn:terminateEventDefinition/>"
        if one.kind == "boundary":
            roots.append(f'<bpmn:message id="m_{one.id}" name="{one.id}"/>')
            inner = f'<bpmn:messageEventDefinition messageRef="m_{one.id}"/>'
            more = f' attachedToRef="{one.host}" cancelActivity="{str(one.cancels).lower()}"'
        default = next((f.id for f in graph.out[one.id] if f.default), None)
        more += f' default="{default}"' if default else ""
        body.append(f'<bpmn:{TAGS[one.kind]} id="{one.id}"{more}>{inner}</bpmn:{TAGS[one.kind]}>')
    for flow in graph.flows:
        inner = (
            f'<bpmn:conditionExpression>=contains(v, "{flow.letter}")</bpmn:conditionExpression>'
            if flow.letter
            else ""
        )
        body.append(
            f'<bpmn:sequenceFlow id="{flow.id}" sourceRef="{flow.source}" '
            f'targetRef="{flow.target}">{inner}</bpmn:sequenceFlow>'
        )
    text = (
        f'{HEAD}{"".join(roots)}<bpmn:process id="P" isExecutable="true">{"".join(body)}'
        "</bpmn:process></bpmn:definitions>"
    )
    (one,) = read(etree.fromstring(text), "t.bpmn")
    return replace(plain(), digest=f"random {seed}", processes={"P": one.process})


class Played:
    """The product's case of a graph; `kept`: stored and loaded before every step."""

    def __init__(self, made: Program, *, kept: bool) -> None:
        self.made, self.kept = made, kept
        self.case = Case(made, case_id="c", calendar=CALENDAR)
        self.states: dict[str, bytes] = {}
        self.ended: str | None = None

    def do(self, command: str, *given: object) -> None:
        if self.kept:
            self.case = Case(self.made, case_id="c", calendar=CALENDAR, states=self.states)
        events = getattr(self.case, command)(*given, MONDAY)
        self.states |= {id: shot.state for id, shot in self.case.snapshots().items()}
        self.ended = next((e.how for e in events if isinstance(e, InstanceEnded)), self.ended)

    def open(self) -> dict[str, str]:
        """Open tasks: id → element."""
        told = self.case.waiting()
        return {one.name or "": one.element for one in told if one.kind == "task"}

    def seen(self, graph: Graph) -> tuple[object, ...]:
        joins = {
            one.element: frozenset(f.id for f in graph.into[one.element]) - {*one.lacking}
            for one in self.case.waiting()
            if one.kind == "join"
        }
        return tuple(sorted(self.open().values())), joins, self.ended


def told(graph: Graph, marking: Marking) -> tuple[object, ...]:
    return marking.open, graph.joins(marking), marking.ended


def play(seed: int) -> int:
    """Plays one graph on both sides; gives how many steps were compared."""
    graph, rng = drawn(seed), random.Random(seed + 1)
    played = Played(program(graph, seed), kept=seed % 4 == 0)
    try:
        v = word(rng)
        markings = graph.begin(v)
        played.do("start", "P", {"v": v})
        for step in range(1, STEPS + 1):
            seen = played.seen(graph)
            markings = {one for one in markings if told(graph, one) == seen}
            assert markings, f"seed {seed}, step {step}: the product shows {seen}"
            open_ = played.open()
            if not open_:
                return step
            task = rng.choice(sorted(open_))
            events = graph.events[open_[task]]
            v = word(rng)
            if events and rng.random() < 0.4:
                event = rng.choice(events).id
                markings = set().union(*(graph.happen(one, event, v) for one in markings))
                played.do("message", event, {"v": v})
            else:
                done = open_[task]
                markings = set().union(*(graph.complete(one, done, v) for one in markings))
                played.do("complete", task, {"v": v})
    except TooMany:
        return 0
    return STEPS


def word(rng: random.Random) -> str:
    return "".join(letter for letter in LETTERS if rng.random() < 0.5)


@pytest.mark.parametrize("first", range(0, GRAPHS, AT_A_TIME))
def test_random_graphs_run_as_the_standard_says(first: int) -> None:
    compared = [play(seed) for seed in range(first, first + AT_A_TIME)]
    assert sum(1 for steps in compared if steps) > 0.9 * AT_A_TIME
    assert sum(compared) > 3 * AT_A_TIME
