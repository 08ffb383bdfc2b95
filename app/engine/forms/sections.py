"""Owns what the sections of a form are: one topic each, from a component to the next that begins one.

A component of the top level begins a section by its property `section`, which is the title.
Conditions hide questions, not sections: one of which nothing is shown is for who shows it to leave
out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from app.engine.forms.fields import Field, Form, level

#: with more questions than this a form is better asked in sections: three screens of a desk
MOST_ON_ONE_PAGE = 30

_NOT_ASKED = frozenset({"text", "separator", "group", "dynamiclist"})


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
    marks = [place for place, field in enumerate(form.fields) if _title(field)]
    if len(marks) < 2:
        return ()
    begins = [min(marks[0], lead(form)), *marks[1:]]
    ends = [*marks[1:], len(form.fields)]
    return tuple(
        Section(
            number=number,
            title=_title(form.fields[mark]),
            begins=begin,
            ends=end,
            keys=frozenset(question.key for question in level(form.fields[begin:end])),
        )
        for number, (mark, begin, end) in enumerate(zip(marks, begins, ends, strict=True), 1)
    )


def lead(form: Form) -> int:
    """How many fields stand before the first section and ask nothing: they introduce the form."""
    for place, field in enumerate(form.fields):
        if _title(field) or any(True for _ in level([field])):
            return place
    return len(form.fields)


def faults(fields: tuple[Field, ...]) -> Iterator[tuple[Field, str]]:
    """(field, sentence) for each section that is not shown as its owner means; that a title is empty
    is told of the property."""
    for field in fields:
        for inner in _below(field):
            if inner.rules.section is not None:
                yield (
                    inner,
                    f"“{_called(inner)}” cannot begin a section, because it stands in a group or "
                    "list. Give the property “section” to what is outermost.",
                )
    titles = [_title(field) for field in fields]
    for title, times in Counter(filter(None, titles)).items():
        if times > 1:
            last = [field for field in fields if _title(field) == title][-1]
            yield last, f"{times} sections are called “{title}”; give each a title of its own."
    yield from _where(fields, titles)


def _where(fields: tuple[Field, ...], titles: list[str]) -> Iterator[tuple[Field, str]]:
    marks = [place for place, title in enumerate(titles) if title]
    count = sum(inner.kind not in _NOT_ASKED for field in fields for inner in _all(field))
    if len(marks) == 1:
        sentence = "A single section has no effect: a form has two or more of them, or none."
        yield fields[marks[0]], sentence
    elif marks and any(True for _ in level(fields[: marks[0]])):
        yield (
            fields[marks[0]],
            f"Questions stand above the first section; they belong to “{titles[marks[0]]}”.",
        )
    elif not marks and count > MOST_ON_ONE_PAGE:
        yield (
            fields[0],
            f"This form asks {count} questions on one page. With the property “section” on what "
            "begins a topic it becomes a list of topics, one a page.",
        )


def _title(field: Field) -> str:
    return (field.rules.section or "").strip()


def _called(field: Field) -> str:
    return (field.label or field.key or field.id)[:80]


def _below(field: Field) -> Iterator[Field]:
    for inner in field.fields:
        yield from _all(inner)


def _all(field: Field) -> Iterator[Field]:
    yield field
    yield from _below(field)
