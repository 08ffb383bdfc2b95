"""Brings a form, answers and messages together into what the form template prints.

Used by task pages and start pages alike; what it stands on comes from the desk's reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from app.casework.orders.answering import CONFIRMED
from app.casework.views import Asked, Origin
from app.engine import forms, saying
from app.engine.forms import Known, Section
from app.web.forms import blocks as printed
from app.web.forms import layout, windows
from app.web.forms.blocks import Block, Problem
from app.web.forms.submission import Posted, newly_opened
from app.web.forms.windows import Draft, Made


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
    #: keys of the questions whose answers open others by the server, with blanks between
    decides: str = ""
    #: the page, for what is typed on it
    made: Made | None = None
    #: questions that were answered in two places
    twice: tuple[windows.Twice, ...] = ()

    @property
    def stood(self) -> str:
        """How the questions stood when the page was made first."""
        return windows.said(self.made) if self.made else ""

    @property
    def takes_files(self) -> bool:
        return any(block.kind == "filepicker" for block in printed.walk(self.blocks))

    @property
    def paths(self) -> frozenset[str]:
        return printed.paths(self.blocks)


@dataclass(frozen=True, slots=True)
class Opened:
    """A question that somebody's answers have opened."""

    question: str
    #: HTML id of the first thing one can type into
    target: str


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
    section: Section | None = None,
    made: Made | None = None,
) -> Filled:
    """The form with `given` in it; None gives what it begins with. `section`: only that of it.
    `made`: the page that it comes back to; None: a new one."""
    form, scope, world, known = asked.form, asked.scope, asked.world, asked.known
    if form is None:
        return NOTHING
    given = forms.begins(form, scope, world, known) if given is None else given
    everything = forms.filled(form, forms.accepted(form, given, known), scope, world)
    messages = messages or {}
    shown = forms.offered(form, everything, scope, world)
    left = frozenset(known.left(given, shown))
    worded = forms.worded(form, scope, world)
    fields = section.of(worded) if section is not None else worded.fields
    page = layout.Page(
        form=replace(worded, fields=fields),
        given=everything,
        messages=messages,
        shown=shown,
        options=lambda field: forms.options(field, scope, world),
        notes=_notes(asked),
        left=left,
        reasons=reasons or {},
        earlier=forms.earlier_texts(fields, scope, world),
    )
    blocks = _without_title(page.blocks(), section.title if section is not None else asked.name)
    count = sum(block.kind == printed.KNOWN for block in printed.walk(blocks))
    told = {path: text for path, text in messages.items() if path != CONFIRMED}
    problems = printed.problems(blocks, told)
    unconfirmed = messages.get(CONFIRMED) if count else None
    if unconfirmed:
        problems.append(Problem(unconfirmed, CONFIRM_BOX))
    return Filled(
        blocks=blocks,
        problems=tuple(problems),
        shown=" ".join(sorted(printed.paths(blocks))) if layout.server_decides(fields) else None,
        known=count,
        confirmed=confirmed,
        unconfirmed=unconfirmed,
        decides=" ".join(sorted(layout.deciding(fields))) if layout.server_decides(fields) else "",
        made=windows.extended(made, blocks) if made else windows.made_of(blocks),
    )


def filled_again(
    asked: Asked,
    posted: Posted,
    messages: Mapping[str, str] | None = None,
    draft: Draft | None = None,
) -> Filled:
    """The form as it was posted. `draft`: what is kept of it, where something is kept twice."""
    filled = fill(
        asked, posted.given, messages, reasons=posted.reasons, confirmed=posted.confirmed,
        made=posted.made,
    )  # fmt: skip
    return with_twice(filled, asked, draft)


def filled_from(
    asked: Asked,
    draft: Draft | None,
    names: Mapping[str, str],
    messages: Mapping[str, str] | None = None,
) -> Filled:
    """The form with what is kept of it; None: with what it begins with. `names`: id of a person →
    their name."""
    if draft is None:
        return fill(asked, None)
    filled = fill(asked, draft.given, messages, reasons=draft.reasons)
    return with_twice(filled, asked, draft, names)


def over_draft(filled: Filled, draft: Draft | None) -> Filled:
    """A page that is shown in the place of a draft: what is typed there stands above it."""
    if draft is None or filled.made is None:
        return filled
    return replace(filled, made=replace(filled.made, page=draft.page))


def with_twice(
    filled: Filled, asked: Asked, draft: Draft | None, names: Mapping[str, str] | None = None
) -> Filled:
    if draft is None or asked.form is None or not draft.apart:
        return filled
    return replace(filled, twice=windows.twice(asked.form, draft, names or {}))


def opened(filled: Filled, shown_before: Iterable[str]) -> tuple[Opened, ...]:
    """The questions that the answers have opened since the page was made, in its order."""
    new = newly_opened(shown_before, filled.paths)
    return tuple(
        Opened(block.field.label or block.field.key, block.target)
        for block in printed.walk(filled.blocks)
        if block.path in new and block.kind != "group"
    )


def _notes(asked: Asked) -> dict[str, str]:
    """Path of a known answer → where it was said, or how it is worked out."""
    cells = asked.known.cells.items()
    return {path: _note(cell, asked.origins.get(path), asked.steps) for path, cell in cells}


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
    """A form often begins with its name as a heading, a section with a group of its name; the page
    has that already."""
    if blocks and blocks[0].kind == "group" and blocks[0].field.label.strip() == name:
        unnamed = replace(blocks[0].field, label="")
        return (replace(blocks[0], field=unnamed), *blocks[1:])
    if not blocks or blocks[0].kind != "text":
        return blocks
    first, _, rest = blocks[0].field.label.strip().partition("\n")
    if first.lstrip("# ").strip().casefold() != name.strip().casefold():
        return blocks
    if not rest.strip():
        return blocks[1:]
    field = replace(blocks[0].field, label=rest.strip())
    return (replace(blocks[0], field=field), *blocks[1:])
