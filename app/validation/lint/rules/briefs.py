"""Rules on briefs: what says to somebody what a task of theirs is about."""

from __future__ import annotations

from collections.abc import Iterator

from app.engine import suggestion
from app.validation.lint.registry import rule
from app.validation.lint.view import Said, View


@rule("unknown-brief")
def unknown_brief(view: View) -> Iterator[Said]:
    """A brief tells who has a task what it is about: whom, why, which document. If the set has no
    such form, they would work without it."""
    for task in view.of("userTask"):
        brief = task.rules.brief
        if brief is not None and brief not in view.known.form_ids:
            near = suggestion(brief, view.known.form_ids)
            yield Said(
                task.id,
                f"{view.the(task.id)} has the brief “{brief}”, which is no form of the set.{near}",
            )


@rule("brief-asks", "warning")
def brief_asks(view: View) -> Iterator[Said]:
    """A brief is read and not answered: what it asks would be lost. Its fields are read-only."""
    for task in view.of("userTask"):
        brief = view.known.forms.get(task.rules.brief or "")
        for field in brief.walk() if brief is not None else ():
            if field.key and field.kind not in ("group", "dynamiclist") and not field.read_only:
                yield Said(
                    task.id,
                    f"The brief of {view.the(task.id)} asks “{field.label or field.key}”, and "
                    "nobody can answer it there. Make the field read-only.",
                )
