"""Rules on matters that a case follows: what names them, and that something follows them."""

from __future__ import annotations

from collections.abc import Iterator

from app.engine import suggestion
from app.engine.bpmn.properties import CATCHES
from app.engine.forms import Form
from app.engine.forms.matters import follows_matters
from app.validation.lint.registry import rule
from app.validation.lint.view import Said, View


def _caught(view: View) -> frozenset[str]:
    """Names of the messages for which something waits, or with which a process begins."""
    known = {**view.known.processes, view.process.id: view.process}.values()
    return frozenset(
        element.message
        for process in known
        for element in process.elements.values()
        if element.message and element.kind in CATCHES
    )


@rule("matter-not-followed")
def matter_not_followed(view: View) -> Iterator[Said]:
    """What a form names for somebody to do is told by a message, and a process that begins with it
    follows it. Where no message is named, or nothing waits for it, nobody would ever hear of it. A
    text that alone names something needs none: a step of the drawing does what it says."""
    for task in view.of("userTask"):
        form = view.known.forms.get(task.form or "")
        for list_ in form.walk() if form is not None else ():
            rules = list_.rules
            if not rules.matters:
                continue
            where = f"{view.the(task.id)} names matters to follow (“{list_.label or list_.key}”)"
            if rules.matter_named is None and list_.kind == "dynamiclist":
                yield Said(task.id, f"{where}, and has no “matter_named” that tells of them.")
            for name in filter(None, (rules.matter_named, rules.matter_changed)):
                if name not in _caught(view):
                    near = suggestion(name, _caught(view))
                    said = f"{where} and tells “{name}”, for which nothing waits.{near}"
                    yield Said(task.id, said, view.known.severity())


@rule("matter-place")
def matter_place(view: View) -> Iterator[Said]:
    """Matters are named, and told of, in the forms of tasks. In a start form, or in the form of an
    event that people record, the marks have no effect."""
    asked: list[tuple[str | None, str | None]] = [(None, view.process.start_form)]
    asked += [(element.id, element.rules.form) for element in view.elements.values()]
    for element, id in asked:
        form: Form | None = view.known.forms.get(id or "")
        if form is not None and follows_matters(form):
            yield Said(
                element,
                f"The form “{form.id}” marks matters to follow, which has an effect only in the "
                "form of a task.",
            )
