"""The matters that a case follows: what its answers named for somebody to do, each as it stands.

Which row of an answer is which matter was settled when it was answered, and its entry keeps that
(`matters` of `CompleteTask`), so that a later release finds the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app import store
from app.casework.cases.locked_case import LockedCase
from app.engine import day_in_london
from app.engine.feel import World
from app.engine.forms import Form
from app.engine.forms.matters import Matter, Named, follows_matters, matter_as_kept, named_matters
from app.engine.forms.matters import as_contexts as matter_contexts


@dataclass(frozen=True, slots=True)
class Followed:
    """A matter as it stands now, and where it was first named."""

    matter: Matter
    named_at: datetime
    process: str
    step: str


def followed(locked: LockedCase) -> tuple[Followed, ...]:
    """Every matter of the case, in the order in which they were named."""
    steps = locked.loaded.matter_steps
    if not steps:
        return ()
    elements = sorted({element for _, element in steps})
    rows = [
        row
        for row in store.work.answers.of_elements(locked.unit, locked.row.id, elements)
        if (locked.loaded.holder(row.process, row.element), row.element) in steps
    ]
    orders = locked.orders_of({row.seq for row in rows})
    matters: dict[int, Followed] = {}
    for row in sorted(rows, key=lambda row: row.seq):
        for kept in orders.get(row.seq, {}).get("matters") or ():
            matter = matter_as_kept(kept["matter"])
            first = matters.get(matter.matter)
            at, process, step = (
                (first.named_at, first.process, first.step)
                if first is not None
                else (row.at, row.process, row.element)
            )
            matters[matter.matter] = Followed(matter, at, process, step)
    return tuple(matters[number] for number in sorted(matters))


def contexts(locked: LockedCase) -> list[dict[str, Any]]:
    """As expressions of the content speak of them."""
    return matter_contexts(
        (one.matter, day_in_london(one.named_at), one.step) for one in followed(locked)
    )


def named_in(
    locked: LockedCase,
    form: Form | None,
    answers: Mapping[str, Any],
    provenance: Mapping[str, Mapping[str, Any]],
    scope: Mapping[str, Any],
    world: World,
) -> list[Named]:
    """What these answers name, each found among the matters that the case has already."""
    if form is None or not follows_matters(form):
        return []
    before = [one.matter for one in followed(locked)]
    return named_matters(form, answers, provenance, before, scope, world)


def as_kept(named: Iterable[Named]) -> list[dict[str, Any]]:
    return [{"path": n.path, "tells": n.tells, "matter": n.matter.said()} for n in named]


def told_of(named: Iterable[Named]) -> list[tuple[str, Mapping[str, Any]]]:
    """What the engine is told: (name of the message, what it carries)."""
    return [(one.tells, one.matter.said()) for one in named if one.tells]
