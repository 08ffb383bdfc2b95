"""Owns the border for people's answers: given values in, typed answers or one message a field out.

The parts: `input_names` (HTML names), `prefill` (first answers), `cells` (what is
shown), `typed_values` (types), `validation` (what may stand), `messages` (sentences).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.engine.feel import World
from app.engine.forms.cells import Grid
from app.engine.forms.fields import Form
from app.engine.forms.input_names import unflatten, unknown
from app.engine.forms.messages import worded
from app.engine.forms.prefill import earlier_texts, filled, given_again, initial
from app.engine.forms.typed_values import options
from app.engine.forms.validation import messages

__all__ = [
    "Reading",
    "earlier_texts",
    "filled",
    "given_again",
    "initial",
    "offered",
    "options",
    "read_answers",
    "shown",
    "unflatten",
    "unknown",
    "worded",
]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a person's answers mean."""

    #: typed, every question that was shown (None when left empty); hidden ones are absent
    answers: Mapping[str, Any]
    #: path → the one sentence about it; empty when all may stand
    messages: Mapping[str, str]
    #: as it came, so that nothing typed is lost
    given: Mapping[str, Any]


def read_answers(
    form: Form,
    given: Mapping[str, Any],
    scope: Mapping[str, Any],
    world: World,
    *,
    draft: bool = False,
) -> Reading:
    """Typed answers and messages. A draft has no messages: what cannot be read yet is left empty.

    `scope` holds records, variables and settings; instants in answers are aware UTC.
    """
    grid = Grid(form, given, scope, world)
    return Reading(grid.root.values, {} if draft else messages(grid), given)


def shown(
    form: Form, given: Mapping[str, Any], scope: Mapping[str, Any], world: World
) -> frozenset[str]:
    """Paths of what is visible with these answers; a display text's path is "#" and its id."""
    return frozenset(cell.path for cell, _ in Grid(form, given, scope, world).shown())


def offered(
    form: Form, given: Mapping[str, Any], scope: Mapping[str, Any], world: World
) -> frozenset[str]:
    """What a page shows: `shown`, and in rows that were added and hold nothing yet what they ask.

    Such rows count for nothing elsewhere, so they change nothing outside themselves.
    """
    settled = shown(form, given, scope, world)
    rows = {inside for path in settled for inside in _around(path)}
    with_blanks = Grid(form, given, scope, world, blanks=True)
    blank = (
        cell.path
        for cell, row in with_blanks.shown()
        if row.number is not None and cell.path.rpartition(".")[0] not in rows
    )
    return settled | frozenset(blank)


def _around(path: str) -> Iterator[str]:
    """What a path stands in, from its own row outwards."""
    inside = path.rpartition(".")[0]
    while inside:
        yield inside
        inside = inside.rpartition(".")[0]
