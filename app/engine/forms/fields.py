"""What a form is: fields in order, in sections where it has any, as plain frozen values.

A component of the top level begins a section by its property `section`, which is the title; it
reaches to the next. Conditions hide questions, not sections: one of which nothing is shown is for
who shows it to leave out.

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
    #: "radio", "select", "checklist", "filepicker", "group", "dynamiclist", "separator"
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
    #: kinds of files that a filepicker takes; (): all that are known
    accepts: tuple[str, ...] = ()
    #: repeat limits of a dynamiclist; `max_items` of a filepicker: so many files
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


@dataclass(frozen=True, slots=True)
class Section:
    #: 1-based place in the form, whatever is shown of it
    number: int
    title: str
    #: index of its first field among the form's own, and of the first behind it
    begins: int
    ends: int
    #: keys of its answers at the top of what is given
    keys: frozenset[str]

    def of(self, form: Form) -> tuple[Field, ...]:
        """Its fields, of the form or of one that says the same in other words."""
        return form.fields[self.begins : self.ends]

    def holds(self, path: str) -> bool:
        """Whether the question at this path of the answers is one of its own."""
        return path.partition(".")[0].removesuffix("[]") in self.keys


def sections(form: Form) -> tuple[Section, ...]:
    """In the order of the form; none where it is one page. Questions above the first title belong
    to the first section; texts there introduce the form (`lead`)."""
    marks = [place for place, begin in enumerate(form.fields) if section_title(begin)]
    if len(marks) < 2:
        return ()
    begins = [min(marks[0], lead(form)), *marks[1:]]
    ends = [*marks[1:], len(form.fields)]
    return tuple(
        Section(
            number=number,
            title=section_title(form.fields[mark]),
            begins=begin,
            ends=end,
            keys=frozenset(question.key for question in level(form.fields[begin:end])),
        )
        for number, (mark, begin, end) in enumerate(zip(marks, begins, ends, strict=True), 1)
    )


def lead(form: Form) -> int:
    """How many fields stand before the first section and ask nothing: they introduce the form."""
    for place, question in enumerate(form.fields):
        if section_title(question) or any(True for _ in level([question])):
            return place
    return len(form.fields)


def section_title(field: Field) -> str:
    """Of the section that begins with it; "": none does."""
    return (field.rules.section or "").strip()
