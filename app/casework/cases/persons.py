"""The persons of a case: what its answers say of people, folded into one list (`forms.persons`).

Only answers to forms whose owner marked people are opened.
"""

from __future__ import annotations

from collections.abc import Iterator

from app import store
from app.casework.cases import history
from app.casework.cases.loaded_program import Loaded
from app.casework.cases.locked_case import LockedCase
from app.engine.forms import Form, Given, PersonOfCase, persons_of
from app.store import DoneRow


def persons(locked: LockedCase) -> tuple[PersonOfCase, ...]:
    """Everybody whom the case's answers name, in the order of their first mention."""
    return persons_of(answers_about_people(locked))


def answers_about_people(locked: LockedCase) -> Iterator[Given]:
    """The answers to forms that name people or give a reference, in their order."""
    rows = store.work.answers.of_case(locked.unit, locked.row.id)
    marked = [(row, form) for row in rows if (form := _marked(locked.loaded, row)) is not None]
    if not marked:
        return
    orders = history.orders_of(locked.unit, locked.key, {row.seq for row, _ in marked})
    for row, form in sorted(marked, key=lambda pair: pair[0].seq):
        said = orders.get(row.seq, {})
        yield Given(
            row.seq, row.element, form, said.get("answers") or {}, said.get("provenance") or {}
        )


def _marked(loaded: Loaded, row: DoneRow) -> Form | None:
    """The form that was answered, where its owner marked something in it."""
    process = loaded.holder(row.process, row.element)
    if row.element == process:
        drawn = loaded.process(process)
        form = loaded.form(drawn.start_form if drawn is not None else None)
    else:
        element = loaded.element(process, row.element)
        form = loaded.form((element.form or element.rules.form) if element is not None else None)
    return form if form is not None and form.id in loaded.marked_forms else None
