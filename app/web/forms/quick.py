"""One answer that settles a form: what would be stated, what has to be said beside it, in one page.

Which answer it is says the form (`quick_answer`, `quick_label`); it is sent like any other, so what
may stand is the desk's. How it looks is `components/quick.html`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.casework.views import Asked
from app.engine import forms
from app.engine.forms import Field
from app.web.forms import blocks as printed
from app.web.forms import input_values
from app.web.forms.blocks import Block
from app.web.forms.page import fill

_INSIDE = frozenset({"group", "dynamiclist"})


@dataclass(frozen=True, slots=True, kw_only=True)
class QuickAnswer:
    #: what is stated, in the form's words
    label: str
    #: name and value of the input that carries it
    name: str
    value: str
    #: (question, answer in words): all that would be recorded and is not asked here
    stated: tuple[tuple[str, str], ...]
    #: questions that must be answered all the same
    blocks: tuple[Block, ...]


def quick_answer(asked: Asked) -> QuickAnswer | None:
    """None where the form has no such answer, or something known or in rows needs a look first."""
    question = _question(asked)
    if question is None or asked.form is None:
        return None
    value = str(question.rules.quick_answer)
    given = {question.key: [value] if question.kind == "checklist" else value}
    messages = forms.read_answers(
        asked.form, forms.accepted(asked.form, given, asked.known), asked.scope, asked.world
    ).messages
    blocks = list(printed.walk(fill(asked, given, messages).blocks))
    if any(_needs_a_look(block) for block in blocks):
        return None
    return QuickAnswer(
        label=question.rules.quick_label or question.label,
        name=f"{question.key}[]" if question.kind == "checklist" else question.key,
        value=value,
        stated=tuple(
            (block.field.label, words)
            for block in blocks
            if block.path and not block.error and (words := _words(block))
        ),
        blocks=tuple(
            replace(block, error=None, id=f"quick-{block.id}") for block in blocks if block.error
        ),
    )


def _question(asked: Asked) -> Field | None:
    """Only one outside of lists and named groups, which anybody sees who opens the form."""
    fields = forms.level(asked.form.fields) if asked.form is not None else ()
    return next((field for field in fields if _offers(field, asked)), None)


def _offers(field: Field, asked: Asked) -> bool:
    answer = field.rules.quick_answer
    options = forms.options(field, asked.scope, asked.world) if answer else ()
    return not field.read_only and any(option.value == answer for option in options)


def _needs_a_look(block: Block) -> bool:
    return block.kind == printed.KNOWN or bool(block.error and block.kind in _INSIDE)


def _words(block: Block) -> str:
    if block.kind in _INSIDE or (block.kind == "checkbox" and not block.value):
        return ""
    empty = isinstance(block.value, Mapping) and not any(block.value.values())
    return "" if empty else input_values.in_words(block.kind, block.value, block.choices)
