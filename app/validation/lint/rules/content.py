"""Rules on what the rest of a deployment must hold: groups, settings, who starts, who hears."""

from __future__ import annotations

import re
from collections.abc import Iterator

from app.engine import suggestion
from app.engine.bpmn import listed
from app.engine.forms import expressions_of
from app.validation.lint.places import places
from app.validation.lint.registry import rule
from app.validation.lint.view import Said, View


@rule("unknown-group")
def unknown_group(view: View) -> Iterator[Said]:
    """A group is a role of the settings, or one with “:value” behind. What is offered to a group
    that no role gives is offered to nobody, and the case would stand there."""
    roles = view.known.groups
    if not roles:
        return
    held: list[tuple[str | None, str, str | None]] = [
        (None, f"The process “{view.process.name or view.process.id}”", view.process.start_groups)
    ]
    held += [
        (element.id, view.the(element.id), element.groups) for element in view.elements.values()
    ]
    for id, what, groups in held:
        if groups is None or groups.startswith("=") or re.search(r"[$#]\{", groups):
            continue
        for group in listed(groups):
            role = group.partition(":")[0]
            if role not in roles:
                yield Said(
                    id,
                    f"{what} speaks of the group “{group}”, which no role in the settings "
                    f"gives.{suggestion(role, roles)}",
                )


_SETTING = re.compile(r"(?<![\w.])settings\.([A-Za-z_]\w*)")
_TEXT = re.compile(r'"(?:[^"\\]|\\.)*"')


@rule("unknown-setting")
def unknown_setting(view: View) -> Iterator[Said]:
    """A setting that there is not is empty (null) in FEEL. A misspelt one would go unnoticed until
    a deadline or a choice in a case comes out wrong."""
    if not view.known.complete:
        return
    known = set(view.known.settings)
    for id, what, text in _expressions(view):
        for name in dict.fromkeys(_SETTING.findall(_TEXT.sub("", text))):
            if name not in known:
                yield Said(
                    id,
                    f"{what[:1].upper()}{what[1:]} speaks of settings.{name}, which is not among "
                    f"the settings.{suggestion(name, known)}",
                )


def _expressions(view: View) -> Iterator[tuple[str, str, str]]:
    for place in places(view):
        if place.source is not None:
            yield place.id, place.what, place.source
    for element in view.elements.values():
        for form in view.forms_of(element):
            for field in form.walk():
                for source in expressions_of(field).values():
                    what = f"the field “{field.label or field.key}” of the form “{form.id}”"
                    yield element.id, what, source


@rule("start-message-twice")
def start_message_twice(view: View) -> Iterator[Said]:
    """A message begins one process, at one place. Where two wait to begin by it, only one of them
    would, and nobody could say which."""
    seen: dict[str, str] = {}
    for element in view.members(None):
        if (
            element.kind in ("startEvent", "receiveTask")
            and element.message
            and not view.into(element.id)
        ):
            if element.message in seen:
                yield Said(
                    element.id,
                    f"The message “{element.message}” begins this process at two places.",
                )
            seen[element.message] = element.id
    for other in view.known.processes.values():
        if other.id == view.process.id or not other.executable:
            continue
        for name in sorted(set(other.message_starts) & set(seen)):
            yield Said(
                seen[name],
                f"The message “{name}” begins this process and “{other.name or other.id}” too; "
                "only one of them would begin. Give one another message.",
            )


@rule("never-started", "warning")
def never_started(view: View) -> Iterator[Said]:
    """Nobody may start this process by hand, no message or signal begins it, and no process calls
    it. It is drawn as if it ran, and never will."""
    process = view.process
    begins = [start for start in view.members(None) if start.kind == "startEvent"]
    called = any(
        element.called_process == process.id
        for other in view.known.processes.values()
        for element in other.elements.values()
    )
    told = process.start_groups or process.message_starts or any(start.signal for start in begins)
    if view.known.complete and begins and not told and not called:
        yield Said(
            None,
            f"Nobody can start the process “{process.name or process.id}”: it has no property "
            "“start_groups”, no message begins it, and no process calls it.",
        )


@rule("message-unheard", "warning")
def message_unheard(view: View) -> Iterator[Said]:
    """The message is sent, but nothing in the set waits for it, so whoever was to be reached is
    not. Often its name is misspelt at one end."""
    if not view.known.complete:
        return
    heard: set[str] = set()
    for process in view.known.processes.values():
        heard |= set(process.message_starts)
        heard |= {
            element.message or ""
            for element in process.elements.values()
            if element.kind
            in ("intermediateCatchEvent", "boundaryEvent", "receiveTask", "startEvent")
        }
    for sender in view.of("endEvent", "intermediateThrowEvent", "sendTask"):
        if sender.message and sender.message not in heard:
            named = heard - view.known.nameless  # ids of a modeler are all alike
            near = (
                "" if sender.message in view.known.nameless else suggestion(sender.message, named)
            )
            yield Said(
                sender.id,
                f"{view.the(sender.id)} sends “{sender.message}”, which nothing in the set waits "
                f"for.{near}",
            )


@rule("not-executable", "warning")
def not_executable(view: View) -> Iterator[Said]:
    """BPMN marks the processes that run (isExecutable). One without the mark is a picture: it is
    checked and never started."""
    if not view.process.executable:
        name = view.process.name or view.process.id
        yield Said(
            None,
            f"The process “{name}” is not marked as executable, so it will not run. "
            "Tick “Executable” in its properties if it shall.",
        )


@rule("files-without-task")
def files_without_task(view: View) -> Iterator[Said]:
    """A file is kept with the task whose form asks for it. Before a case has begun, and where an
    event is recorded, there is no task, so a file could not be kept."""
    asked: list[tuple[str | None, str | None]] = [(None, view.process.start_form)]
    asked += [(element.id, element.rules.form) for element in view.elements.values()]
    for id, name in asked:
        form = view.known.forms.get(name or "")
        for field in form.walk() if form is not None else ():
            if field.kind == "filepicker":
                yield Said(
                    id,
                    f"“{field.label or field.key}” in the form “{name}” asks for a file, which "
                    "only the form of a task can. Ask for it in a task.",
                )
