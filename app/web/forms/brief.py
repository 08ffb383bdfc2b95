"""What a task is about, as lines to read: headings, texts, and facts with their labels.

It is drawn as a form of texts and read-only fields; nothing here can be answered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.casework.views import Asked, Brief
from app.web.forms.blocks import Block, Row
from app.web.forms.page import fill

#: of a fact that nobody has recorded
NOT_RECORDED = "Not recorded"


@dataclass(frozen=True, slots=True)
class Line:
    #: "heading", "text" (Markdown) or "fact"
    kind: str
    words: str
    label: str = ""


def lines(brief: Brief | None) -> tuple[Line, ...]:
    """What the brief says now."""
    if brief is None:
        return ()
    asked = Asked(name=brief.form.title, form=brief.form, scope=brief.scope, world=brief.world)
    filled = fill(asked, None)
    return tuple(_lines(filled.blocks))


def _lines(blocks: Iterable[Block]) -> Iterator[Line]:
    for block in blocks:
        if block.kind == "text":
            yield Line("text", block.field.label)
        elif block.kind in ("group", "dynamiclist"):
            inner = list(_lines(block.blocks))
            for row in block.rows:
                inner += _row(block, row)
            if block.field.label and inner and not block.rows:
                yield Line("heading", block.field.label)
            yield from inner
        elif block.path and block.field.read_only:
            yield Line("fact", block.words or NOT_RECORDED, block.field.label)


def _row(block: Block, row: Row) -> Iterator[Line]:
    """One of several, called by its first fact: “Child 2: Zoë”."""
    first, *others = list(_lines(row.blocks)) or [Line("fact", "")]
    number = f" {row.number}" if len(block.rows) > 1 else ""
    yield Line("heading", f"{block.item.capitalize()}{number}: {first.words or NOT_RECORDED}")
    yield from others
