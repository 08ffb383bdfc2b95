"""The persons of a case: what its answers say of people, folded into one list (`forms.persons`).

Only answers to forms whose owner marked people are opened.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app import store
from app.casework.cases.locked_case import LockedCase
from app.documents import names_in
from app.engine.forms import Given, PersonOfCase, as_contexts, persons_of


def persons(locked: LockedCase) -> tuple[PersonOfCase, ...]:
    """Everybody whom the case's answers name, in the order of their first mention."""
    return persons_of(answers_about_people(locked))


def named_in_texts(locked: LockedCase, texts: Iterable[str]) -> list[list[str]]:
    """Of each text the words that name a person of the case."""
    return names_in(as_contexts(persons(locked)), texts)


def answers_about_people(locked: LockedCase) -> Iterator[Given]:
    """The answers to forms that name people or give a reference, in their order."""
    marked = locked.loaded.marked_steps
    if not marked:
        return
    elements = sorted({element for _, element in marked})
    rows = [
        (row, form)
        for row in store.work.answers.of_elements(locked.unit, locked.row.id, elements)
        if (form := marked.get((locked.loaded.holder(row.process, row.element), row.element)))
    ]
    orders = locked.orders_of({row.seq for row, _ in rows})
    for row, form in rows:
        said = orders.get(row.seq, {})
        yield Given(
            row.seq, row.element, form, said.get("answers") or {}, said.get("provenance") or {}
        )
