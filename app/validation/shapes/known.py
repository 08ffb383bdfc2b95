"""Owns what content can speak of beside variables: `settings`, and the answers in `records`.

Which names `records` has is `record_names`'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from app.engine.bpmn import ALL, Process, RecordNames, which
from app.engine.forms import PERSON_FACTS, Form
from app.engine.forms.matters import FACTS as MATTER_FACTS
from app.validation.shapes.lookups import look_up
from app.validation.shapes.shape import Record, Several, Shape, of_form, of_json

#: (name in `records`, id of the form) → what can be answered
Kept = dict[tuple[str, str | None], Record | None]


def settings_shape(settings: Mapping[str, Any]) -> Record:
    keys = {name: of_json(name, value) for name, value in settings.items()}
    return Record("settings", keys, "setting")


def roles_of(settings: Mapping[str, Any]) -> frozenset[str]:
    """The ids of the roles that a deployment knows; empty where its settings list none."""
    given: Any = settings.get("roles")
    if isinstance(given, Mapping):
        return frozenset(str(role) for role in given)
    if isinstance(given, list):
        return frozenset(str(o.get("id") if isinstance(o, dict) else o) for o in given)
    return frozenset()


def answers_shape(name: str, form: Form, settings: Record) -> Record:
    """The answers that a form can give; the options of a list in the settings are known too."""

    def options(source: str) -> Shape:
        return look_up(source, lambda name: settings if name == "settings" else None)[0]

    return of_form(name, form.fields, options)


def persons_shape() -> Several:
    """`persons`: everybody whom the answers of a case name."""
    return Several(Record("persons", dict.fromkeys(PERSON_FACTS), "fact"))


def matters_shape() -> Several:
    """`matters`: everything that the case follows."""
    return Several(Record("matters", dict.fromkeys(MATTER_FACTS), "fact"))


def records_shape(
    processes: Iterable[Process],
    forms: Mapping[str, Form],
    settings: Record,
    own: str | None = None,
    kept: Kept | None = None,
) -> Record:
    """`records` in a text of process `own` (None: of none, as in a document): step → its answers,
    `<step>_all` → everybody's, the items of its loops beside.

    `kept`: what was worked out of the same forms and settings, for the texts of any process."""
    processes, kept = list(processes), {} if kept is None else kept
    items = {
        element.loop.element
        for process in processes
        for element in process.elements.values()
        if element.loop is not None and element.loop.element
    }
    names = RecordNames(processes)
    known: dict[str, Shape] = {}
    for name, record in names.clear(own).items():
        if (name, record.form) not in kept:
            kept[name, record.form] = _answered(name, record.form, forms, settings)
        shape = kept[name, record.form]
        if shape is not None:
            shape = Record(name, {**dict.fromkeys(items), **shape.keys})
        known[name] = shape
    renamed = {name: names.documented(name, own) for name in known}
    renamed = {name: better for name, better in renamed.items() if better != name}
    unclear = {name: which(names, name, own, "records.") for name in names if name not in known}
    known |= {f"{name}{ALL}": Several(shape) for name, shape in known.items()}
    renamed |= {f"{name}{ALL}": f"{better}{ALL}" for name, better in renamed.items()}
    unclear |= {f"{name}{ALL}": said for name, said in unclear.items()}
    return Record("records", known, "step", renamed, unclear)


def _answered(
    name: str, form: str | None, forms: Mapping[str, Form], settings: Record
) -> Record | None:
    """A task without a form asks nothing."""
    if form is None:
        return Record(name, {})
    return answers_shape(name, forms[form], settings) if form in forms else None
