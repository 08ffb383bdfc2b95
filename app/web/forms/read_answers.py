"""A form's answers to be read before they are sent, each with its question.

Laid out from the blocks of its pages; nothing here can be typed into.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.web.forms import blocks as printed
from app.web.forms import input_values
from app.web.forms.blocks import Block


@dataclass(frozen=True, slots=True)
class Answer:
    """A question with its answer, or a heading over several."""

    label: str
    #: "" of a heading
    words: str = ""
    heading: bool = False
    #: HTML id of the question on its section's page
    target: str = ""
    note: str = ""
    error: str | None = None


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
            for row in block.rows:
                yield Answer(f"{block.item.capitalize()} {row.number}", heading=True, target=row.id)
                yield from answers_of(row.blocks)
        else:
            yield _answer(block, label)
            for choice in block.choices:
                if choice.checked:
                    yield from answers_of(choice.blocks)


def _answer(block: Block, label: str) -> Answer:
    why = f"{block.note}. Corrected: {block.why.value}" if block.why and block.why.value else ""
    return Answer(
        label,
        block.words or _words(block) or "Not answered",
        target=block.target,
        note=why or block.note,
        error=block.error or (block.why.error if block.why else None),
    )


def _words(block: Block) -> str:
    if block.kind == "checkbox":
        return "Ticked" if block.value else "Not ticked"
    return input_values.in_words(block.kind, block.value, block.choices)
