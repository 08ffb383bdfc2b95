"""What a walk ahead finds: steps with the answers that lead to them and where they wait for others.

The walk itself is `ahead`'s; here ways that differ only in an answer become one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from app.engine.bpmn import Element


@dataclass(frozen=True, slots=True)
class Choice:
    """A question of the drawing, and the answers that lead on."""

    gateway: str
    question: str | None
    #: (flow, its label); a label is None where none is drawn, "" where it is taken otherwise
    answers: tuple[tuple[str, str | None], ...]
    #: how many answers there are
    of: int


@dataclass(frozen=True, slots=True)
class Gate:
    """Where the way on waits for others."""

    #: "join": other paths, "rest": whatever else is open in the scope, "all": every item's turn
    kind: str
    #: 0: in the task's own scope, 1: in the scope around that, …
    level: int
    #: the join, or the activity that is repeated
    element: str = ""
    #: the flow by which the way comes to the join
    flow: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    #: "task", "wait" for an event, "process" that only the case knows, or "end" of everything
    kind: str
    element: Element | None
    choices: tuple[Choice, ...] = ()
    gates: tuple[Gate, ...] = ()
    #: only the first of several events that are waited for goes on
    race: bool = False


@dataclass(frozen=True, slots=True)
class Instead:
    """An event at the task's border, and what follows it."""

    event: Element
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Ahead:
    steps: tuple[Step, ...]
    #: events that withdraw the task, and those that begin something beside it
    instead: tuple[Instead, ...] = ()
    #: there is more than the walk could follow
    more: bool = False


def merged(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Each step once: answers that lead to the same together, questions that decide nothing out."""
    of: dict[tuple[object, ...], Step] = {}
    ways: dict[tuple[object, ...], list[tuple[Choice, ...]]] = {}
    for step in steps:
        element = step.element
        place = (element.process, element.id) if element is not None else None
        gates = tuple((gate.kind, gate.level, gate.element) for gate in step.gates)
        key = (step.kind, place, gates, step.race)
        of.setdefault(key, step)
        ways.setdefault(key, []).append(step.choices)
    return tuple(
        replace(step, choices=choices) for key, step in of.items() for choices in _fewest(ways[key])
    )


def _fewest(ways: list[tuple[Choice, ...]]) -> list[tuple[Choice, ...]]:
    left = list(dict.fromkeys(ways))
    at = 0
    while at < len(left):
        for other in range(at + 1, len(left)):
            both = _joined(left[at], left[other])
            if both is not None:
                left[at] = both
                del left[other]
                at = -1  # what was left alone before may join this one
                break
        at += 1
    return left if () not in left else [()]


def _joined(a: tuple[Choice, ...], b: tuple[Choice, ...]) -> tuple[Choice, ...] | None:
    """One way for two that differ in the answers to one question only."""
    if a == b:
        return a
    if len(a) != len(b):
        return None
    differ = [n for n, (choice, other) in enumerate(zip(a, b, strict=True)) if choice != other]
    at = differ[0]
    if len(differ) > 1 or a[at].gateway != b[at].gateway:
        return None
    answers = tuple(dict.fromkeys((*a[at].answers, *b[at].answers)))
    if len(answers) >= a[at].of:
        return (*a[:at], *a[at + 1 :])
    return (*a[:at], replace(a[at], answers=answers), *a[at + 1 :])
