"""Owns what tells an owner that components, sections and tables of a form are not shown as drawn.

What a section is stands with the form (`fields`), what a table holds `columns`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from app.engine.forms.columns import no_tables as no_tables
from app.engine.forms.fields import Field, level, section_title

#: with more questions than this a form is better asked in sections: two screens of a desk
MOST_ON_ONE_PAGE = 15

#: what we refuse, and what to do instead
REFUSED: Mapping[str, str] = {
    "html": "HTML could carry a program into the page. Use a text component instead.",
    "iframe": "A page inside the page could watch people type. Put a link in a text instead.",
    "image": "A picture from elsewhere would tell its owner who reads the form. Leave it out.",
    "button": "The page has its own buttons. Remove this one.",
    "documentPreview": "Documents are not shown inside forms. Put a link in a text instead.",
    "expression": "Computed fields are not shown. Use the property “prefill” of a read-only field.",
    "script": "Programs never run in a form. Use an expression.",
    "table": "Tables are not shown in forms. Use a text component instead.",
}

_NOT_ASKED = frozenset({"text", "separator", "group", "dynamiclist"})


def faults(fields: tuple[Field, ...]) -> Iterator[tuple[Field, str]]:
    """(field, sentence) for each; that a title is empty is told of the property."""
    for field in fields:
        for inner in _below(field):
            if inner.rules.section is not None:
                yield (
                    inner,
                    f"“{_called(inner)}” cannot begin a section, because it stands in a group or "
                    "list. Give the property “section” to what is outermost.",
                )
    titles = [section_title(field) for field in fields]
    for title, times in Counter(filter(None, titles)).items():
        if times > 1:
            last = [field for field in fields if section_title(field) == title][-1]
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


def without_beside(fields: tuple[Field, ...]) -> Iterator[tuple[Field, str]]:
    """(field, sentence) for each whose earlier text is not shown where it stands."""
    for field in level(fields):
        for inner in _below(field):
            if inner.rules.beside is not None:
                yield (
                    inner,
                    f"“{_called(inner)}” stands in a list or a group with an "
                    "answer of its own, where the property “beside” has no effect.",
                )


def _called(field: Field) -> str:
    return (field.label or field.key or field.id)[:80]


def _below(field: Field) -> Iterator[Field]:
    for inner in field.fields:
        yield from _all(inner)


def _all(field: Field) -> Iterator[Field]:
    yield field
    yield from _below(field)
