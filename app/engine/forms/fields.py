"""What a form is: fields in order, as plain frozen values.

Parsing a file is `reader`, reading answers is `answers`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from app.engine.forms.properties import FieldRules


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    #: unique among its siblings; "" for display-only fields
    key: str
    #: "text" (display), "textfield", "textarea", "number", "date", "time", "datetime", "checkbox",
    #: "radio", "select", "checklist", "group", "dynamiclist", "separator"
    kind: str
    id: str
    label: str = ""
    hint: str = ""
    required: bool = False
    options: tuple[Option, ...] = ()
    #: FEEL source, worked out when shown: a list of texts, or of {value, label}
    options_expression: str | None = None
    #: FEEL source; the field is hidden and its answer dropped while this is true
    hide: str | None = None
    #: literal, or FEEL source with leading "="; property "prefill" wins over form-js defaultValue
    default: Any = None
    read_only: bool = False
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    decimal_digits: int | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    #: "email", "phone" or None
    validation_type: str | None = None
    #: own sentences by rule: "required", "minLength", "pattern", "max", "past" …
    messages: Mapping[str, str] = field(default_factory=dict)
    #: what its properties say, as types
    rules: FieldRules = field(default_factory=FieldRules)
    #: children of a group or dynamiclist
    fields: tuple[Field, ...] = ()
    #: repeat limits of a dynamiclist
    min_items: int = 0
    max_items: int = 50
    appearance: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Form:
    id: str
    file: str
    title: str
    fields: tuple[Field, ...]
    #: SHA-256 of the file, its version
    digest: str

    def walk(self) -> Iterator[Field]:
        """Every field, children after their parent."""
        stack = list(reversed(self.fields))
        while stack:
            field = stack.pop()
            yield field
            stack.extend(reversed(field.fields))

    def at(self, path: str) -> Field | None:
        """The question at this path of its answers; the number of a row counts for nothing."""
        fields, question = self.fields, None
        for step in path.split("."):
            if step.isdecimal():
                continue
            question = next((field for field in level(fields) if field.key == step), None)
            fields = question.fields if question is not None else ()
        return question


def level(fields: Iterable[Field]) -> Iterator[Field]:
    """The questions whose keys share one level: a group without a key adds no level of its own."""
    for question in fields:
        if question.kind == "group" and not question.key:
            yield from level(question.fields)
        elif question.key:
            yield question
