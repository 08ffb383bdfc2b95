"""Owns how much a form can take in at most: characters and inputs, all rows of all lists counted.

A form that allows more than a request carries would lose what somebody typed, so the request's
limits follow from these, and a form beyond them is a finding.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.engine.attached import LONGEST_NAME
from app.engine.forms.fields import Field, Form
from app.engine.forms.typed_values import MOST_LINE, MOST_TEXT

MOST_CHARACTERS = 4_000_000
MOST_INPUTS = 10_000
#: of an answer that is no text: a date in three boxes, a number
_SHORT = 60
#: of a file beside its name: digest, size and kind
_ENTRY = 90
_INPUTS = {"date": 3, "time": 2, "datetime": 5}
_TEXTS = {"textarea": MOST_TEXT, "textfield": MOST_LINE}


@dataclass(frozen=True, slots=True)
class Capacity:
    characters: int
    inputs: int

    @property
    def fits(self) -> bool:
        return self.characters <= MOST_CHARACTERS and self.inputs <= MOST_INPUTS


def capacity(form: Form) -> Capacity:
    return _of(form.fields)


def _of(fields: Iterable[Field]) -> Capacity:
    characters = inputs = 0
    for field in fields:
        if field.fields:
            inner = _of(field.fields)
            rows = field.max_items if field.kind == "dynamiclist" else 1
            characters += inner.characters * rows
            inputs += inner.inputs * rows
        elif field.kind in _TEXTS:
            characters += field.max_length or _TEXTS[field.kind]
            inputs += 1
        elif field.kind == "checklist":
            characters += _SHORT * len(field.options)
            inputs += 1 + len(field.options)
        elif field.kind == "filepicker":
            characters += (LONGEST_NAME + _ENTRY) * field.max_items
            inputs += 1 + field.max_items
        elif field.key:
            characters += _SHORT
            inputs += _INPUTS.get(field.kind, 1)
    return Capacity(characters, inputs)
