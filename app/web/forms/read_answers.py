"""A form's answers to be read before they are sent, each with its question.

Laid out from the blocks of its pages; nothing here can be typed into.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from app.engine import saying
from app.engine.forms.dates import read_date
from app.web.forms import blocks as printed
from app.web.forms import input_values
from app.web.forms.blocks import Block

#: what is said where nobody answered
NOTHING = "Not answered"


@dataclass(frozen=True, slots=True)
class Answer:
    """A question with its answer, a heading over several, or a list whose rows stand as a table."""

    label: str
    #: "" of a heading
    words: str = ""
    heading: bool = False
    #: HTML id of the question on its section's page
    target: str = ""
    note: str = ""
    error: str | None = None
    #: which row of a list it is of, “episode 3”; "": of none
    of: str = ""
    #: of a table: its headings, and number and answers of each row; None: not asked in it
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[int, tuple[Answer | None, ...]], ...] = ()


def answers_of(blocks: Iterable[Block]) -> Iterator[Answer]:
    """What was answered to them, in their order."""
    for block in blocks:
        label = block.field.label or block.field.key
        if block.kind in ("text", "separator"):
            continue
        if block.kind == printed.KNOWN_LIST:
            yield from answers_of(block.blocks)
        elif block.kind == "group":
            if block.field.label:
                yield Answer(label, heading=True, target=block.id, error=block.error)
            yield from answers_of(block.blocks)
        elif block.kind == "dynamiclist":
            if not block.rows or block.error:
                yield Answer(label, "Nothing added", target=block.target, error=block.error)
            if block.columns and block.rows:
                yield _table(block, label)
                continue
            for row in block.rows:
                of = f"{block.item} {row.number}"
                yield Answer(of.capitalize(), heading=True, target=row.id)
                yield from (replace(one, of=one.of or of) for one in answers_of(row.blocks))
        else:
            yield _answer(block, label)
            for choice in block.choices:
                if choice.checked:
                    yield from answers_of(choice.blocks)


def _table(block: Block, label: str) -> Answer:
    """To be read row by row; the way to change it is one, and its messages lead to the cells."""
    return Answer(
        label,
        target=block.id,
        columns=(block.item.capitalize(), *(one.label or one.key for one in block.columns)),
        rows=tuple(
            (row.number, tuple(_cell(row.cell(column)) for column in block.columns))
            for row in block.rows
        ),
    )


def _cell(block: Block | None) -> Answer | None:
    """An empty one stays empty: its heading says what it would hold."""
    if block is None:
        return None
    cell = _answer(block, block.field.label or block.field.key)
    return replace(cell, words="") if cell.words == NOTHING and not cell.error else cell


def _answer(block: Block, label: str) -> Answer:
    why = f"{block.note}. Corrected: {block.why.value}" if block.why and block.why.value else ""
    return Answer(
        label,
        block.words or _words(block) or NOTHING,
        target=block.target,
        note=why or block.note,
        error=block.error or (block.why.error if block.why else None),
    )


def _words(block: Block) -> str:
    if block.kind == "checkbox":
        return "Ticked" if block.value else "Not ticked"
    if block.kind == "date" and block.value:
        day = read_date(block.field, block.typed)  # as a table brought it: “1/4/2025”
        if isinstance(day, date):
            return saying.day(day)
    return input_values.in_words(block.kind, block.value, block.choices)
