"""From where a journey's checks look: the stage, the cast, what the content names, and who looks.

Also what a check answers, and which of several tasks or deadlines it means.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.engine import nearest
from app.journeys.file import About, Instants, JourneyFault, Names, Spot
from app.journeys.stage.cast import Cast
from app.journeys.stage.ledger import Deadline, Ledger, Task
from app.journeys.stage.stage import Stage


@dataclass(frozen=True, slots=True)
class Viewpoint:
    stage: Stage
    cast: Cast
    names: Names
    instants: Instants
    #: who gives the step; None: nobody in particular
    who: str | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    holds: bool
    #: what is said when it does not
    sentence: str
    #: None: that of the check's key
    line: int | None = None


def tasks_meant(
    ledger: Ledger, tasks: Sequence[Task], spots: frozenset[Spot], about: About
) -> list[list[Task]]:
    """Of these tasks those that are meant: all together, or for each label its own.

    JourneyFault for a label that none there ever had: it would hold for ever.
    """
    if not about.which:
        return [list(tasks)]
    for label in about.which:
        _known_label(ledger, spots, about, label)
    return [[task for task in tasks if task.is_for(label)] for label in about.which]


def deadlines_meant(
    ledger: Ledger, deadlines: Iterable[Deadline], spots: frozenset[Spot], about: About
) -> list[Deadline]:
    """Of these deadlines those that are meant. JourneyFault as for tasks."""
    if not about.which:
        return list(deadlines)
    for label in about.which:
        _known_label(ledger, spots, about, label)
    tasks = ledger.tasks
    return [
        deadline
        for deadline in deadlines
        if deadline.task in tasks
        and any(tasks[deadline.task].is_for(label) for label in about.which)
    ]


def called(about: About, label: str | None = None) -> str:
    """How a sentence calls it: “a”, or “a” for police."""
    chosen = label or ", ".join(about.which)
    return f"“{about.name}” for {chosen}" if chosen else f"“{about.name}”"


def _known_label(ledger: Ledger, spots: frozenset[Spot], about: About, label: str) -> None:
    if any(task.is_for(label) for task in ledger.tasks_at(spots)):
        return
    known = ledger.labels_at(spots)
    so_far = f"it was for {', '.join(known)}" if known else "there was none to tell apart"
    near = nearest(label, known)
    hint = f" Did you mean “{near}”?" if near else ""
    raise JourneyFault(
        f"“{about.name}” was never for “{label}”; so far {so_far}.{hint}", line=about.line
    )
