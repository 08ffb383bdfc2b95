"""Brings a form, answers and messages together into what the form template prints.

Used by task pages and start pages alike; what it stands on comes from the desk's reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from app.engine.feel import World
from app.engine.forms import Form, answers
from app.web.forms import layout
from app.web.forms.layout import Block, Problem


class Ground(Protocol):
    """What a form stands on: the form as drawn, and what its expressions may speak of."""

    @property
    def name(self) -> str: ...
    @property
    def form(self) -> Form | None: ...
    @property
    def scope(self) -> Mapping[str, Any]: ...
    @property
    def world(self) -> World: ...


@dataclass(frozen=True, slots=True)
class Filled:
    blocks: tuple[Block, ...]
    problems: tuple[Problem, ...]
    #: answers a person sees; None when no condition needs the server
    shown: str | None

    @property
    def paths(self) -> frozenset[str]:
        return layout.paths(self.blocks)


NOTHING = Filled(blocks=(), problems=(), shown=None)


def fill(
    ground: Ground, given: Mapping[str, Any] | None, messages: Mapping[str, str] | None = None
) -> Filled:
    """The form with `given` in it; None gives its first answers."""
    form, scope, world = ground.form, ground.scope, ground.world
    if form is None:
        return NOTHING
    if given is None:
        given = answers.initial(form, scope, world)
    given = answers.filled(form, given, scope, world)
    messages = messages or {}
    page = layout.Page(
        form=answers.worded(form, scope, world),
        given=given,
        messages=messages,
        shown=answers.shown(form, given, scope, world),
        options=lambda field: answers.options(field, scope, world),
    )
    blocks = _without_title(page.blocks(), ground.name)
    return Filled(
        blocks=blocks,
        problems=tuple(layout.problems(blocks, messages)),
        shown=" ".join(sorted(layout.paths(blocks))) if _server_decides(form) else None,
    )


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


def _server_decides(form: Form) -> bool:
    """Whether some question opens by a condition that a browser cannot show by itself."""
    return any(f.hide is not None and not layout.REVEAL.fullmatch(f.hide) for f in form.walk())
