"""Owns how values stand in a document: choices in their own words.

`told` turns answers into the labels that people chose; `words` turns any value into text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from app.engine import NOT_HELD, attached, saying
from app.engine.attached import Attached as Attached
from app.engine.forms import Field, level

Options = Callable[[Field], Mapping[str, str]]


def words(value: Any) -> str:
    """2 April 2026; 2 April 2026 at 2:05pm; Yes; one and two; One; Two; Not given. Without what a
    file of Word cannot hold."""
    told = "; ".join(value) if _of_labels(value) else saying.answer(value)
    said = NOT_HELD.sub("", told).replace("\r\n", "\n").replace("\r", "\n")
    return said or saying.NOT_GIVEN


def _of_labels(value: Any) -> bool:
    """Several texts that begin as sentences do: “The child and A parent” is no English."""
    if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
        return False
    return any(each[:1].isupper() for each in value[1:])


def files_of(field: Field, answers: Mapping[str, Any], path: str) -> tuple[Attached, ...]:
    """The files that the answer at this path names; of another question none."""
    return attached.at(answers, path) if field.kind == "filepicker" else ()


NOT_TICKED = "Not ticked"


def told(fields: Iterable[Field], answers: Mapping[str, Any], options: Options) -> dict[str, Any]:
    """The answers with choices in the words of the form; what is no question stays as it is."""
    in_words = dict(answers)
    for field in level(fields):
        if field.key in in_words:
            in_words[field.key] = _told(field, in_words[field.key], options)
    return in_words


def _told(field: Field, value: Any, options: Options) -> Any:
    if field.kind in ("radio", "select"):
        return options(field).get(value, value) if isinstance(value, str) else value
    if field.kind == "checkbox" and value is False:  # a box that nobody ticked says no “No”
        return NOT_TICKED
    if field.kind == "checklist" and isinstance(value, list):
        labels = options(field)
        return [labels.get(each, each) if isinstance(each, str) else each for each in value]
    if field.kind == "filepicker" and isinstance(value, list):
        return [file.words for file in attached.read_all(value)]
    if field.kind == "group" and isinstance(value, Mapping):
        return told(field.fields, value, options)
    if field.kind == "dynamiclist" and isinstance(value, list):
        return [told(field.fields, each, options) for each in value if isinstance(each, Mapping)]
    return value
