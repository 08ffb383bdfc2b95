"""What of a case may stand beside it in lists: people without their names, and what was chosen.

Only what its owner marked with `in_lists`; what people typed never stands there. It is kept sealed
with the case's key. Who may read it is `reading.in_short`'s.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from app.casework.cases.locked_case import LockedCase
from app.engine.forms import Field, Given, label_of, level, persons_of
from app.engine.forms.properties import CHOICES
from app.store.work import case_labels


def keep_in_lists(locked: LockedCase, given: Sequence[Given]) -> None:
    """`given`: the case's answers to forms with marks, in their order."""
    words = words_in_lists(given)
    body = json.dumps(words, ensure_ascii=False).encode() if words else None
    case_labels.keep(locked.unit, locked.key, body)


def words_in_lists(given: Sequence[Given]) -> tuple[str, ...]:
    """“J.E., child, born 2017”, “A child has died”. What was chosen last stands; a question of the
    same key in another form is the same question."""
    people = (label_of(person) for person in persons_of(given) if person.in_lists)
    chosen: dict[str, str] = {}
    for each in given:
        for key, words in _chosen(each.form.fields, each.answers):
            chosen.pop(key, None)
            chosen[key] = words
    return tuple(dict.fromkeys(text for text in (*people, *chosen.values()) if text))


def _chosen(fields: Iterable[Field], answers: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for question in level(fields):
        value = answers.get(question.key)
        if question.kind == "group" and isinstance(value, Mapping):
            yield from _chosen(question.fields, value)
        elif question.rules.in_lists and question.kind in CHOICES and value not in (None, "", []):
            yield question.key, _words(question, value)


def _words(question: Field, value: Any) -> str:
    """Empty where it was chosen from a list that is worked out, which may name somebody."""
    labels = {option.value: option.label for option in question.options}
    values = value if isinstance(value, list) else [value]
    return ", ".join(labels[each] for each in map(str, values) if each in labels)
