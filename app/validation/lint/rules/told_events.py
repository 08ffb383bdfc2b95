"""Rules on events that people record: each has one form, whose answers are its message."""

from __future__ import annotations

from collections.abc import Iterator

from app.engine import suggestion
from app.engine.bpmn import Process, event_forms, told_by_people
from app.validation.lint.registry import rule
from app.validation.lint.view import Said, View


def _processes(view: View) -> list[Process]:
    """All that run, this one as it is drawn now."""
    known = {**view.known.processes, view.process.id: view.process}.values()
    return [process for process in known if process.executable]


@rule("event-without-form", "warning")
def event_without_form(view: View) -> Iterator[Said]:
    """Whoever records that something has happened is asked by a form when it was, about whom and
    what exactly. Without one it is one click: no date, no person, and limits count from the
    click."""
    for message, event in told_by_people(_processes(view)).items():
        if event.rules.form is None and event.process == view.process.id:
            yield Said(
                event.id,
                f"{view.the(event.id)} waits for “{message}”, which people may record, but no "
                "form asks them what has happened. Give it the property “form”, or “from_people” "
                "“false” if only another system sends it.",
            )


@rule("event-form")
def event_form(view: View) -> Iterator[Said]:
    """The form of an event says what is asked of whoever records it. It has to be in the set, and
    on an event that waits for a message; of one message there can be only one."""
    for element in view.elements.values():
        form = element.rules.form
        if form is None:
            continue
        if element.message is None:
            yield Said(
                element.id,
                f"{view.the(element.id)} has the property “form”, which belongs to an event that "
                "waits for a message. A task has its form in the panel “Form”.",
            )
        elif form not in view.known.form_ids:
            near = suggestion(form, view.known.form_ids)
            yield Said(
                element.id,
                f"{view.the(element.id)} is recorded by the form “{form}”, which is not in the "
                f"set.{near}",
                view.known.severity(),
            )
    for message, events in event_forms(_processes(view)).items():
        others = sorted({event.rules.form or "" for event in events})
        mine = [event for event in events if event.process == view.process.id]
        if len(others) > 1 and mine:
            yield Said(
                mine[0].id,
                f"The message “{message}” has several forms: {', '.join(others)}. Only one can "
                "be asked. Give its events the same one.",
            )
