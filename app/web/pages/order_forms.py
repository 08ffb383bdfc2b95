"""What is asked before an order is given, as a form like any other.

Which order asks what is casework's wording's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from app.casework.orders import questions
from app.casework.views import Asked as Asked
from app.engine import forms
from app.engine.feel import World
from app.engine.forms import Field, Option

#: asked before something is recorded, where the same was recorded before
SAME = Field(
    key="_same", kind="radio", id="same", label="Is this another one?", required=True,
    options=(
        Option("another", "It is another one"),
        Option("same", "It is the same: do not record it again"),
    ),
    messages={"required": "Select whether this is another one"},
)  # fmt: skip
ANOTHER = replace(
    questions.ANOTHER, key="_another", required=False,
    hint="Only if it is another one. It is recorded in the history of the case.",
)  # fmt: skip


def another_one() -> Asked:
    return ask("again", "", (SAME, ANOTHER), {})


def ask(
    name: str, title: str, fields: Iterable[Field], options: Mapping[str, Iterable[Option]]
) -> Asked:
    """`options`: for choices that differ from case to case, by the question's key."""
    chosen = tuple(
        replace(question, options=tuple(options[question.key]))
        if question.key in options
        else question
        for question in fields
    )
    return Asked(
        name="",
        form=forms.Form(id=name, file="", title=title, fields=chosen, digest=""),
        scope={},
        world=World(),
    )
