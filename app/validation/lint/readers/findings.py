"""Rules on classes of answers: each is known, and nobody reads one whom the settings do not name.

What the ways are is `ways`'s. These rules stand beside the map they judge by; `lint.rules` loads
them with the others.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.engine import joined, suggestion
from app.engine.forms import Form
from app.validation.lint.readers.asked import classes_of, classes_said
from app.validation.lint.readers.reader_map import reader_map
from app.validation.lint.readers.ways import WAYS, Row
from app.validation.lint.readers.who import SORTS
from app.validation.lint.registry import rule
from app.validation.lint.view import Said, View


@rule("unknown-class")
def unknown_class(view: View) -> Iterator[Said]:
    """A class says who may read an answer. One that the settings do not have protects nobody."""
    classes = classes_of(view.known.settings)
    for id, form in _forms_asked(view):
        for field, class_ in classes_said(form):
            if class_ not in classes:
                near = suggestion(class_, classes)
                yield Said(
                    id,
                    f"The form “{form.id}” gives “{field.label or field.key or field.id}” the "
                    f"class “{class_}”, which is none of settings.classes.{near}",
                )
    for each in classes.values() if _speaks_for_all(view) else ():
        for reader in sorted((each.readers or frozenset()) - {*view.known.groups, *SORTS}):
            near = suggestion(reader, {*view.known.groups, *SORTS})
            said = f"The class “{each.id}” of the settings may be read by “{reader}”"
            yield Said(None, f"{said}, which is neither a role nor a sort of readers.{near}")


@rule("class-beyond-readers")
def class_beyond_readers(view: View) -> Iterator[Said]:
    """The settings say who may read answers of each class. What a task shows, a mail says or a
    document holds reaches nobody else: they would read what is not theirs to know."""
    for (way, element, reader, class_), rows in _beyond(view).items():
        where = view.the(element) if element in view.elements else f"“{rows[0].stage}”"
        labels = list(dict.fromkeys(row.label for row in rows))
        yield Said(
            element or None,
            f"{where} brings {_told(labels)} of the class “{class_}” to “{reader}” ({WAYS[way]}), "
            "who may not read it. Leave it out there, offer it to others, or name them under "
            "“readers” of the class.",
        )


@rule("class-lost")
def class_lost(view: View) -> Iterator[Said]:
    """A question that begins with what was said before is answered by confirming it, and then holds
    the same. If more people may read it than what it began with, its class has lost what the
    other's protects."""
    if not _protects(view):
        return
    read = reader_map(view.known)
    several: dict[tuple[str, str, str], list[str]] = {}
    for process, element, question, before in read.taken_over:
        if process == view.process.id and read.widened(question, before):
            key = element, read.questions[before].class_, question.form
            several.setdefault(key, []).append(read.questions[question].label)
    for (element, class_, form), labels in several.items():
        where = view.the(element) if element else f"The {view.scope_name(None)}"
        yield Said(
            element or None,
            f"{where} begins {_told(list(dict.fromkeys(labels)))} with answers of the class "
            f"“{class_}”, and more people may read what is said there. Give it that class (form "
            f"“{form}”), or one with no more readers.",
        )


def _told(labels: list[str]) -> str:
    """The first of them, and how many there are besides."""
    others = f" and {len(labels) - 3} others" if len(labels) > 3 else ""
    return joined(f"“{' '.join(label.split())[:80]}”" for label in labels[:3]) + others


def _protects(view: View) -> bool:
    """The settings say of a class who may read it."""
    return any(each.readers is not None for each in classes_of(view.known.settings).values())


def _beyond(view: View) -> dict[tuple[str, str, str, str], list[Row]]:
    """(way, element, reader, class) → the rows that the settings do not allow."""
    several: dict[tuple[str, str, str, str], list[Row]] = {}
    if _protects(view):
        read = reader_map(view.known)
        mine = {view.process.id, ""} if _speaks_for_all(view) else {view.process.id}
        for row in read.rows:
            if row.process in mine and read.beyond(row):
                key = row.way, row.element, row.reader, row.class_
                several.setdefault(key, []).append(row)
    return several


def _speaks_for_all(view: View) -> bool:
    """What belongs to no process is said once, of the first."""
    return view.process.id == min(view.known.processes, default="")


def _forms_asked(view: View) -> Iterator[tuple[str | None, Form]]:
    asked: dict[str, str | None] = {view.process.start_form or "": None}
    for element in view.elements.values():
        for id in (element.form, element.rules.form):
            asked.setdefault(id or "", element.id)
    for form, place in asked.items():
        if form in view.known.forms:
            yield place, view.known.forms[form]
