"""Owns the names answers have in an HTML form and the paths messages use.

`key`, `group.key`, `list.0.key`; a date's parts are `key-day`, `key-month`, `key-year` and a
date-time's clock time is `key-time`. Names that begin with "_" belong to the page, not the form.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from app.engine.errors import nearest
from app.engine.forms.fields import Field, Form, level

_NAME = re.compile(
    r"([A-Za-z][A-Za-z0-9_]*(?:\.(?:[A-Za-z][A-Za-z0-9_]*|\d{1,4}))*)"
    r"(?:-(day|month|year|date|time))?(\[\])?",
    re.ASCII,
)
MOST_PAIRS = 20_000
MOST_ROWS = 500
MOST_NESTED = 16


def unflatten(
    pairs: Iterable[tuple[str, str]], rows: Iterable[tuple[str, int]] = ()
) -> dict[str, Any]:
    """The nested answers that the pairs of an HTML post mean; names of other shapes are left out.

    A name that comes more than once becomes a list of its texts. Rows keep their numbers' order;
    `rows` says how many a list has on the page (path, number): a row that posts nothing, because
    all of it is known, keeps its place, so that the next is not taken for it.
    """
    answers: dict[str, Any] = {}
    for count, (name, text) in enumerate(pairs):
        shape = _NAME.fullmatch(name)
        if count >= MOST_PAIRS:
            break
        if shape is None:
            continue
        steps = shape[1].split(".")
        if len(steps) > MOST_NESTED or any(s.isdigit() and int(s) >= MOST_ROWS for s in steps):
            continue
        if shape[2]:
            steps.append(shape[2])
        _put(answers, steps, text, several=bool(shape[3]))
    left = MOST_PAIRS
    for path, number in rows:
        left -= min(number, MOST_ROWS)
        if left >= 0:
            _keep_places(answers, path, min(number, MOST_ROWS))
    return {key: _with_lists(value) for key, value in answers.items()}


def _put(answers: dict[str, Any], steps: list[str], text: str, *, several: bool) -> None:
    for step in steps[:-1]:
        inner = answers.setdefault(step, {})
        if not isinstance(inner, dict):  # the name was used for a plain answer too
            return
        answers = inner
    last = steps[-1]
    old = answers.get(last)
    if last not in answers:
        answers[last] = [text] if several else text
    elif isinstance(old, list):
        old.append(text)
    elif isinstance(old, str):
        answers[last] = [old, text]


def _keep_places(answers: dict[str, Any], path: str, number: int) -> None:
    shape = _NAME.fullmatch(path)
    steps = path.split(".")
    if shape is None or shape[2] or shape[3] or len(steps) > MOST_NESTED or not number:
        return
    for step in steps:
        inner = answers.setdefault(step, {})
        if not isinstance(inner, dict):
            return
        answers = inner
    for place in range(number):
        answers.setdefault(str(place), {})


def _with_lists(value: Any) -> Any:
    """Contexts whose keys are all numbers are rows, in the order of their numbers."""
    if not isinstance(value, dict):
        return value
    inner = {key: _with_lists(part) for key, part in value.items()}
    if inner and all(key.isdigit() for key in inner):
        return [inner[key] for key in sorted(inner, key=int)]
    return inner


def path_of(field: Field, inside: str) -> str:
    """Where a field stands: its key under `inside`, or "#" and its id when it has no key."""
    name = field.key or f"#{field.id}"
    return f"{inside}.{name}" if inside else name


def unknown(form: Form, given: Mapping[str, Any]) -> dict[str, str]:
    """Keys that no question of the form has, each with a sentence naming the nearest."""
    sentences: dict[str, str] = {}
    _unknown(form.fields, given, "", sentences)
    return sentences


def _unknown(
    fields: Iterable[Field], given: Mapping[str, Any], inside: str, sentences: dict[str, str]
) -> None:
    known = {field.key: field for field in level(fields)}
    for key, value in given.items():
        path = f"{inside}.{key}" if inside else str(key)
        field = known.get(str(key))
        if field is None:
            near = nearest(str(key), known)
            hint = f" Did you mean “{near}”?" if near else ""
            sentences[path] = f"This form asks nothing called “{key}”.{hint}"
        elif field.kind == "group" and isinstance(value, Mapping):
            _unknown(field.fields, value, path, sentences)
        elif field.kind == "dynamiclist" and isinstance(value, list):
            for number, row in enumerate(value):
                if isinstance(row, Mapping):
                    _unknown(field.fields, row, f"{path}.{number}", sentences)
