"""How an answer came about, in a document’s annex: earlier ones in the words of their choices.

What there is to say of it is `cases.provenance_words`'.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.casework.cases import LockedCase, provenance_words
from app.documents import told
from app.engine import Fault, saying
from app.engine.forms import Field, Form, level, options
from app.store import DoneRow


def came_about(
    locked: LockedCase,
    how: Mapping[str, Any],
    steps: Mapping[int, str],
    form: Form | None,
    path: str,
    row: DoneRow,
) -> str:
    """Confirmed, corrected or worked out; `steps`: number of an entry → what its step is called."""
    return provenance_words.in_words(how, steps, _words(locked, form, path, row))


def _words(
    locked: LockedCase, form: Form | None, path: str, row: DoneRow
) -> provenance_words.Words:
    """An earlier answer to the question of this path, in the words people choose from."""
    keys = [key for key in path.split(".") if not key.isdigit()]
    field = _field(form.fields, keys) if form is not None and keys else None
    scope = {"settings": locked.loaded.program.settings}

    def labels(asked: Field) -> dict[str, str]:
        try:
            choices = options(asked, scope, locked.world(row.at))
        except Fault:  # it chooses from what another answer said
            return {}
        return {choice.value: choice.label for choice in choices}

    def said(value: Any) -> str:
        answer = told([field], {field.key: value}, labels)[field.key] if field else value
        return f"“{saying.answer(answer)}”"

    return said


def _field(fields: Iterable[Field], keys: Sequence[str]) -> Field | None:
    first, *rest = keys
    field = next((each for each in level(fields) if each.key == first), None)
    return _field(field.fields, rest) if field is not None and rest else field
