"""Owns the questions of the forms, each with the class that its owner gave it.

A class is said on a question, on a list or group for all in it, or on the first text of a form for
all of the form; the nearest counts. What classes there are, and who may read each, is the setting
`classes`; the one marked `ordinary` is that of all questions that have none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.engine.forms import Field, Form, level
from app.validation.lint.readers.carried import Below, Carried, Part, Question


@dataclass(frozen=True, slots=True)
class Class:
    """A sort of answers, and who may read them."""

    id: str
    name: str
    #: roles, or one of `who.SORTS`; None: everybody
    readers: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the map tells of it."""

    question: Question
    #: in the owner's words, with those of the list or group around it
    label: str
    #: id of a class, known or not; "" where the house names none
    class_: str
    #: free text: what is said of it may be anything
    free: bool


def classes_of(settings: Mapping[str, Any]) -> dict[str, Class]:
    """By id; what is no row of a class is left out."""
    rows = settings.get("classes")
    known = {}
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, Mapping) and row.get("value"):
            readers = row.get("readers")
            id = str(row["value"])
            named = frozenset(map(str, readers)) if isinstance(readers, list) else None
            known[id] = Class(id, str(row.get("label") or id), named)
    return known


def ordinary(settings: Mapping[str, Any]) -> str:
    """The class of a question that has none."""
    rows = settings.get("classes")
    every = rows if isinstance(rows, list) else ()
    marked = (row for row in every if isinstance(row, Mapping) and row.get("ordinary") is True)
    return str(next((row.get("value") for row in marked), ""))


def questions(form: Form, house: str) -> Iterator[Asked]:
    """Every question of the form that takes an answer, but no list and no group of them."""
    heading = next((field for field in form.fields if field.kind == "text"), None)
    stated = heading.rules.class_ if heading is not None else None
    yield from _within(form.id, form.fields, (), "", stated or house)


def _within(
    form: str, fields: Iterable[Field], path: Below, around: str, class_: str
) -> Iterator[Asked]:
    for field in fields:
        own = field.rules.class_ or class_
        label = field.rules.name or field.label or field.key
        if field.kind in ("group", "dynamiclist"):
            inner = (*path, field.key) if field.key else path
            said = f"{around}{label}: " if field.key and label else around
            yield from _within(form, field.fields, inner, said, own)
        elif field.key:
            free = field.kind in ("textfield", "textarea")
            yield Asked(Question(form, (*path, field.key)), f"{around}{label}", own, free)


def classes_said(form: Form) -> Iterator[tuple[Field, str]]:
    """Every place in a form that names a class."""
    return ((field, field.rules.class_) for field in form.walk() if field.rules.class_)


def answers(form: Form) -> Carried:
    """What a record of the form holds, by the keys of its questions."""
    return frozenset(_answers(form.id, form.fields, ()))


def _answers(form: str, fields: Iterable[Field], path: Below) -> Iterator[Part]:
    for field in level(fields):
        if field.fields:
            yield from _answers(form, field.fields, (*path, field.key))
        else:
            yield Part((*path, field.key), Question(form, (*path, field.key)))


def persons(forms: Iterable[Form], kind: str | None = None) -> Carried:
    """What the list `persons` holds: answers that say something of a person of the case. With
    `kind`, of those who may be this: named as such, or as something else with a day of birth, by
    which two namings can be one person."""
    parts = {
        "name": ("name", "label"),
        "name_and_role": ("name", "label", "relation"),
        "born": ("born", "born_told"),
        "born_known": ("born_known", "born_told"),
        "born_year": ("born_year", "born_told"),
        "expected": ("expected", "born_told"),
        "died": ("died", "died_on", "life_told"),
        "chosen": ("id", "value"),
    }
    return frozenset(
        Part((fact,), question)
        for form in forms
        if kind is None or _names(form, kind)
        for part, question in _marked([form], "person_is")
        for fact in parts.get(part, (part,))
        if kind is None or _of_kind(form, question, kind)
    )


def _names(form: Form, kind: str) -> bool:
    said = {(field.rules.persons, field.rules.person_is) for field in form.walk()}
    return any(persons == kind or part == "born" for persons, part in said)


def _of_kind(form: Form, question: Question, kind: str) -> bool:
    """The question, or the list or group around it, names this kind, or asks a day of birth."""
    paths = [".".join(question.path[: n + 1]) for n in range(len(question.path))]
    around = [field for path in paths if (field := form.at(path)) is not None]
    kinds = {field.rules.persons for field in around} - {None}
    beside = around[-2].fields if len(around) > 1 else form.fields
    born = any(field.rules.person_is == "born" for field in beside)
    return kind in kinds or born


def matters(forms: Iterable[Form]) -> Carried:
    """What the list `matters` holds, and what their messages carry."""
    parts = {
        "text": ("text", "label"),
        "owner": ("owner", "answers_for_it"),
        "organisation": ("organisation", "organisation_name", "answers_for_it"),
        "status": ("status", "stands", "closed"),
        "number": ("matter", "value"),
    }
    return frozenset(
        Part((fact,), question)
        for part, question in _marked(forms, "matter_is")
        for fact in parts.get(part, (part,))
    )


def matter_messages(forms: Iterable[Form]) -> frozenset[str]:
    """Names of the messages that tell of matters."""
    rules = (field.rules for form in forms for field in form.walk())
    return frozenset(n for each in rules for n in (each.matter_named, each.matter_changed) if n)


def _marked(forms: Iterable[Form], rule: str) -> Iterator[tuple[str, Question]]:
    for form in forms:
        for part in answers(form):
            field = form.at(".".join(part.question.path))
            said = getattr(field.rules, rule) if field is not None else None
            if said:
                yield said, part.question
