"""Owns what content can speak of beside variables: `settings`, and the answers in `records`.

The answers of a start form are kept under the id of the process; the id of the start event itself
is another name for it, which is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.engine.drawing.fields import Form
from app.engine.drawing.looked_up import look_up
from app.engine.drawing.program import Process
from app.engine.drawing.shapes import Record, Several, Shape, merged, of_form, of_json


def settings_shape(settings: Mapping[str, Any]) -> Record:
    keys = {name: of_json(name, value) for name, value in settings.items()}
    return Record("settings", keys, "setting")


def roles_of(settings: Mapping[str, Any]) -> frozenset[str]:
    """The ids of the roles that a deployment knows; empty where its settings list none."""
    given: Any = settings.get("roles")
    if isinstance(given, Mapping):
        return frozenset(str(one) for one in given)
    if isinstance(given, list):
        return frozenset(str(o.get("id") if isinstance(o, dict) else o) for o in given)
    return frozenset()


def answers_shape(name: str, form: Form, settings: Record) -> Record:
    """The answers that a form can give; the options of a list in the settings are known too."""

    def options(source: str) -> Shape:
        return look_up(source, lambda name: settings if name == "settings" else None)[0]

    return of_form(name, form.fields, options)


def records_shape(
    processes: Iterable[Process], forms: Mapping[str, Form], settings: Record
) -> Record:
    """`records`: step → its answers, `<step>_all` → everybody's, the items of its loops beside."""
    processes = list(processes)
    items = {
        one.loop.element
        for process in processes
        for one in process.elements.values()
        if one.loop is not None and one.loop.element
    }
    found: dict[str, Shape] = {}
    renamed: dict[str, str] = {}
    for process in processes:
        for id, form in _asking(process):
            shape = _answered(id, form, forms, settings)
            if shape is not None:
                shape = Record(id, {**dict.fromkeys(items), **shape.keys})
            found[id] = merged(found[id], shape) if id in found else shape
        if process.start_form is not None:
            starts = {e.id for e in process.elements.values() if e.form and e.kind == "startEvent"}
            for id in starts & (found.keys() - {process.id}):
                renamed |= {id: process.id, f"{id}_all": f"{process.id}_all"}
    found |= {f"{id}_all": Several(shape) for id, shape in found.items()}
    return Record("records", found, "step", renamed)


def _answered(
    id: str, form: str | None, forms: Mapping[str, Form], settings: Record
) -> Record | None:
    if form is None:
        return Record(id, {})
    return answers_shape(id, forms[form], settings) if form in forms else None


def _asking(process: Process) -> Iterable[tuple[str, str | None]]:
    """(id in `records`, form): what a person answers. A task without a form asks nothing."""
    if process.start_form is not None:
        yield process.id, process.start_form
    for one in process.elements.values():
        if one.kind == "userTask" or (one.kind == "startEvent" and one.form):
            yield one.id, one.form
