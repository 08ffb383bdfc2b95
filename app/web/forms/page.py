"""Brings a form, answers and messages together into what the form template prints.

Used by task pages and start pages alike; what it stands on comes from the desk's reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.casework.orders.answering import CONFIRMED
from app.casework.views import Asked, Origin
from app.engine import forms, saying
from app.engine.forms import Known
from app.web.forms import blocks as printed
from app.web.forms import layout
from app.web.forms.blocks import Block, Problem
from app.web.forms.submission import Posted


@dataclass(frozen=True, slots=True)
class Filled:
    blocks: tuple[Block, ...]
    problems: tuple[Problem, ...]
    #: answers a person sees; None when no condition needs the server
    shown: str | None
    #: how many answers are shown as known, for the person to confirm
    known: int = 0
    confirmed: bool = False
    #: that they must be confirmed
    unconfirmed: str | None = None

    @property
    def paths(self) -> frozenset[str]:
        return printed.paths(self.blocks)


#: HTML id of the box by which a person says that what is known is right
CONFIRM_BOX = "confirmed"
NOTHING = Filled(blocks=(), problems=(), shown=None)


def fill(
    asked: Asked,
    given: Mapping[str, Any] | None,
    messages: Mapping[str, str] | None = None,
    *,
    reasons: Mapping[str, str] | None = None,
    confirmed: bool = False,
) -> Filled:
    """The form with `given` in it; None gives what it begins with."""
    form, scope, world, known = asked.form, asked.scope, asked.world, asked.known
    if form is None:
        return NOTHING
    if given is None:
        given = forms.begins(form, scope, world, known)
    everything = forms.filled(form, forms.accepted(form, given, known), scope, world)
    messages = messages or {}
    shown = forms.offered(form, everything, scope, world)
    left = frozenset(known.left(given, shown))
    page = layout.Page(
        form=forms.worded(form, scope, world),
        given=everything,
        messages=messages,
        shown=shown,
        options=lambda field: forms.options(field, scope, world),
        notes={
            path: _note(cell, asked.origins.get(path), asked.steps)
            for path, cell in known.cells.items()
        },
        left=left,
        reasons=reasons or {},
    )
    blocks = _without_title(page.blocks(), asked.name)
    count = sum(block.kind == printed.KNOWN for block in printed.walk(blocks))
    told = {path: text for path, text in messages.items() if path != CONFIRMED}
    problems = printed.problems(blocks, told)
    unconfirmed = messages.get(CONFIRMED) if count else None
    if unconfirmed:
        problems.append(Problem(unconfirmed, CONFIRM_BOX))
    return Filled(
        blocks=blocks,
        problems=tuple(problems),
        shown=" ".join(sorted(printed.paths(blocks)))
        if layout.server_decides(form.fields)
        else None,
        known=count,
        confirmed=confirmed,
        unconfirmed=unconfirmed,
    )


def filled_again(asked: Asked, posted: Posted, messages: Mapping[str, str] | None = None) -> Filled:
    """The form as it was posted."""
    return fill(asked, posted.given, messages, reasons=posted.reasons, confirmed=posted.confirmed)


def _note(cell: Known, origin: Origin | None, steps: Mapping[str, str]) -> str:
    """Where it was said, or how it is worked out."""
    if origin is not None:
        by = f", by {saying.joined(origin.by)}" if origin.by else ""
        return f"From “{origin.step}”, {saying.day(origin.at)}{by}"
    if cell.rule:
        return f"Worked out: {cell.rule}"
    named = [f"“{steps[name]}”" for name in cell.taken_from if name in steps]
    return f"Put together from {saying.joined(named)}" if named else "Worked out from the case"


def _without_title(blocks: tuple[Block, ...], name: str) -> tuple[Block, ...]:
    """A form often begins with its name as a heading; the page has that already."""
    if not blocks or blocks[0].kind != "text":
        return blocks
    first, _, rest = blocks[0].field.label.strip().partition("\n")
    if first.lstrip("# ").strip().casefold() != name.strip().casefold():
        return blocks
    if not rest.strip():
        return blocks[1:]
    field = replace(blocks[0].field, label=rest.strip())
    return (replace(blocks[0], field=field), *blocks[1:])
