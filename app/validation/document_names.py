"""Owns judging whether a document that goes outward can hide the names that stand in it.

Pseudonyms stand for the persons of a case; whom the forms do not mark is none of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from app.documents import PLACEHOLDER, Template, every_text
from app.engine.bpmn import ALL, Process, RecordNames
from app.engine.forms import Form, marks_something

_NAME = re.compile(r"(?:^|_)(?:(?:legal_|full_)?names?|alias|aliases|surname|forename)\Z")
_RECORD = re.compile(r"\b(?:records|told)\s*\.\s*(\w+)")
_KEY = re.compile(r"\.\s*(\w+)")
_BLOCK = re.compile(r"«\s*(?:for|if)\b([^«»]*)»")


def unhidden(
    template: Template, processes: Mapping[str, Process], forms: Mapping[str, Form]
) -> Iterator[tuple[str, bool]]:
    """(sentence, whether it is refused) for what may leave with names."""
    if not template.manifest.outward:
        return
    if not any(marks_something(form) for form in forms.values()):
        yield (
            "It goes outward, and no form says whom it names: no pseudonym can stand for a name. "
            "Give the questions that ask for names the properties “persons” and “person_is”.",
            True,
        )
        return
    said = [*_said(template)]
    named = {name for text in said for name in _RECORD.findall(text)}
    keys = {key for text in said for key in _KEY.findall(text)}
    asked = RecordNames(processes.values()).clear()
    ids = {record.form for name, record in asked.items() if {name, f"{name}{ALL}"} & named}
    told = [form for id, form in forms.items() if id in ids]
    for form in told:
        for question in form.walk():
            rules = question.rules
            if question.key in keys and _NAME.search(question.key) and not rules.person_is:
                yield (
                    f"It goes outward and shows “{question.key}” of {form.file}, which asks for a "
                    "name and does not say whose: no pseudonym stands for it. Give the question "
                    "the properties “persons” and “person_is”.",
                    False,
                )


def _said(template: Template) -> Iterator[str]:
    for text in every_text(template.content):
        yield from (found.strip() for found in PLACEHOLDER.findall(text))
        yield from _BLOCK.findall(text)
