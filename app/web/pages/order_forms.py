"""What is asked before an order is given, as a form like any other, and what the answers mean.

Which order asks what is `web.orders`'; what casework reads once more has its questions there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.casework.views import Asked
from app.engine import LONDON, forms
from app.engine.feel import World
from app.engine.forms import NOTHING_KNOWN, Field, Option

Answers = Mapping[str, Any]


def as_named(answers: Answers) -> dict[str, Any]:
    return dict(answers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """Asked on a page of its own, reached from the case, the task or the deadline."""

    #: in the page's address
    name: str
    title: str
    button: str
    #: what it leads to, before somebody does it
    explain: str
    fields: tuple[Field, ...]
    done: str
    #: what leads to it; "": its title
    link: str = ""
    warning: bool = False
    #: what the command takes, from the answers
    reads: Callable[[Answers], dict[str, Any]] = as_named


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
        known=NOTHING_KNOWN,
        origins={},
        steps={},
    )


def whom(key: str, label: str, message: str, options: tuple[Option, ...] = ()) -> Field:
    return Field(
        key=key, kind="select", id=key, label=label, required=True, options=options,
        messages={"required": message},
    )  # fmt: skip


TIME = Field(
    key="at", kind="time", id="at", label="Time of day",
    hint="Leave it empty when the task is due by the end of the day",
)  # fmt: skip
MESSAGE = whom("message", "What has happened", "Select what has happened")
INTO = Field(
    key="into", kind="textfield", id="into", label="Reference of the other case",
    hint="The case that goes on. It stands at the top of that case’s page.", required=True,
    max_length=60, messages={"required": "Enter the reference of the other case"},
)  # fmt: skip


def new_due(answers: Answers) -> dict[str, Any]:
    day, time = answers["due"], answers.get("at")
    due = datetime.combine(day, time.replace(tzinfo=None), LONDON) if time else day
    return {"due": due, "reason": answers["reason"]}


def happened(answers: Answers) -> dict[str, Any]:
    rows = answers.get("details") or []
    given = {row["name"]: row["value"] for row in rows if row.get("name")}
    return {"message": answers["message"], "given": given}
