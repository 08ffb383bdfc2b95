"""What a document can speak of: what was answered, in values and in words, and what is undone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app import store
from app.casework.cases.earlier_answers import ALL, Step, by_step, collected, records, step_name
from app.casework.cases.locked_case import LockedCase
from app.casework.cases.matters import contexts
from app.casework.cases.persons import persons
from app.documents import told
from app.engine import feel
from app.engine.feel import World
from app.engine.forms import Field, Form, as_contexts, options
from app.store import DoneRow, TaskRow

#: no answer has this name
_AT = "@"


def case_scope(
    locked: LockedCase, step: Step | None = None, upto: int | None = None
) -> dict[str, Any]:
    """What a document can speak of: `records`, `told`, `persons`, `matters`, `settings`, `case`.

    `step`: as it is before anybody has done this one. `upto`: with what was answered up to that
    entry of the history; persons, matters and the case as they are now.
    """
    names = locked.loaded.record_names.clear()
    asked = {name: one for name, one in names.items() if (one.process, one.element) != step}
    values = records(locked, asked, upto=upto)
    settings = locked.loaded.program.settings
    people = as_contexts(persons(locked))
    base = {
        "records": values,
        "settings": settings,
        "persons": people,
        "matters": contexts(locked),
    }
    rows = store.work.answers.of_case(locked.unit, locked.row.id)
    rows = [row for row in rows if upto is None or row.seq <= upto]
    when = collected(by_step(locked, rows), {row.seq: {_AT: row.at} for row in rows}, asked)
    forms = {name: locked.form(record.form) for name, record in asked.items()}
    forms |= {f"{name}{ALL}": form for name, form in forms.items() if f"{name}{ALL}" not in asked}
    words = {
        name: _told(locked, forms[name], value, when[name], base) for name, value in values.items()
    }
    about = {
        "reference": locked.row.reference,
        "status": locked.row.status,
        "opened_at": locked.row.opened_at,
        "ended_at": locked.row.ended_at,
        "undone": _undone(locked, step),
        "done": [
            {**_line(locked, row), "at": row.at} for row in rows if _place(locked, row) != step
        ],
    }
    return {**base, "told": words, "case": about}


def _told(
    locked: LockedCase, form: Form | None, value: Any, when: Any, base: Mapping[str, Any]
) -> Any:
    """The answers in words, with the choices there were when they were given."""
    if form is None:
        return value
    if isinstance(value, list):
        several = zip(value, when, strict=True)
        return [_in_words(form, entry, base, locked.world(then[_AT])) for entry, then in several]
    return _in_words(form, value, base, locked.world(when[_AT]))


def _in_words(form: Form, entry: Any, base: Mapping[str, Any], world: World) -> dict[str, Any]:
    def labels(field: Field) -> dict[str, str]:
        return {option.value: option.label for option in options(field, {**entry, **base}, world)}

    return told(form.fields, entry, labels)


def _undone(locked: LockedCase, before: tuple[str, str] | None) -> list[dict[str, Any]]:
    """Tasks opened that nobody has done: open ones, and those withdrawn and not done since.

    Those of the step `before` stand there done or not, in an order that does not tell.
    """
    case = locked.row.id
    answered = store.work.answers.of_case(locked.unit, case)
    done = {(_place(locked, row), row.item) for row in answered}
    open_ = store.work.tasks.of_case(locked.unit, case)
    either: list[DoneRow | TaskRow] = [*answered, *open_]
    all_of_step = {
        (row.label or "", row.item or ""): {**_line(locked, row), "open": True, "due": None}
        for row in either
        if _place(locked, row) == before
    }
    rows = [{**_line(locked, row), "open": True, "due": row.due} for row in open_
            if _place(locked, row) != before]  # fmt: skip
    rows += [all_of_step[key] for key in sorted(all_of_step)]
    there = {(_place(locked, row), row.label) for row in open_}
    for row in store.work.answers.cancelled(locked.unit, case):
        place = _place(locked, row)
        if (place, row.item) not in done and (place, row.label) not in there:
            there.add((place, row.label))
            rows.append({**_line(locked, row), "open": False, "due": None})
    return rows


def _place(locked: LockedCase, row: DoneRow | TaskRow) -> tuple[str, str]:
    return locked.loaded.holder(row.process, row.element), row.element


def _line(locked: LockedCase, row: DoneRow | TaskRow) -> dict[str, Any]:
    values = feel.codec.loads(row.item.encode()) if row.item else {}
    process, element = _place(locked, row)
    about = {"process": process, "element": element, "name": step_name(locked, process, element)}
    return {**values, **about, "label": row.label}
