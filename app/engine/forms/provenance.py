"""Owns how each answer came about: said, confirmed, corrected, worked out.

Told by comparing what a person sends with what was known before (`known`). An answer that is not
told of here was simply said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal

from app.engine.forms.fields import Field, Form, level
from app.engine.forms.input_names import path_of
from app.engine.forms.known import Known, KnownAnswers

#: what a person did with an answer that was known: took it, changed it, took what was worked out,
#: left what a question begins with (`harmless_default`), or only read what nobody can change
How = Literal["confirmed", "corrected", "worked_out", "offered", "shown"]


def says_something(form: Form) -> bool:
    """Whether the form itself gives answers: it shows some, or begins with harmless ones."""
    return any(field.read_only or field.rules.harmless_default for field in form.walk())


def provenance(
    form: Form,
    answers: Mapping[str, Any],
    known: KnownAnswers,
    first: Mapping[str, Any],
    reasons: Mapping[str, str],
) -> dict[str, dict[str, Any]]:
    """Path of the answer → how it came about, for each that its person did not simply say.

    `answers`: in the shape of given ones. `first`: what the page began with.
    """
    told: dict[str, dict[str, Any]] = {}
    flat = dict(_leaves(form.fields, answers, ""))
    aligned, gone = _aligned(flat, known)
    defaults = dict(_leaves(form.fields, first, ""))
    for path, (field, value) in flat.items():
        before = known.cells.get(aligned.get(path, path))
        if before is not None:
            told[path] = _told(before, value, reasons.get(path))
        elif field.read_only and value not in (None, "", []):
            told[path] = {"how": "shown"} | ({"rule": field.rules.rule} if field.rules.rule else {})
        elif field.rules.harmless_default and value == defaults.get(path, (field, None))[1]:
            told[path] = {"how": "offered"}
    for place, rows in gone.items():
        if place.partition(".")[0] not in answers:  # it was hidden
            continue
        why = {"reason": reasons[place]} if reasons.get(place) else {}
        told[place] = {"how": "corrected", "taken_out": rows} | why
    return told


def _told(before: Known, value: Any, reason: str | None) -> dict[str, Any]:
    same = _plain(before.value) == _plain(value)
    how: How = "corrected" if not same else "confirmed" if before.source else "worked_out"
    entry: dict[str, Any] = {"how": how}
    if before.source is not None:
        entry |= {"record": before.source.record, "question": before.source.path}
    elif before.rule:
        entry["rule"] = before.rule
    if not same:
        entry |= {"was": before.value} | ({"reason": str(reason)} if reason else {})
    return entry


def _plain(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def _leaves(
    fields: Iterable[Field], answers: Mapping[str, Any], inside: str
) -> Iterator[tuple[str, tuple[Field, Any]]]:
    for field in level(fields):
        value, path = answers.get(field.key), path_of(field, inside)
        if field.kind == "group" and isinstance(value, Mapping):
            yield from _leaves(field.fields, value, path)
        elif field.kind == "dynamiclist" and isinstance(value, list):
            for number, row in enumerate(value):
                yield from _leaves(field.fields, row, f"{path}.{number}")
        elif field.key in answers:
            yield path, (field, value)


def _aligned(
    flat: Mapping[str, tuple[Field, Any]], known: KnownAnswers
) -> tuple[dict[str, str], dict[str, list[dict[str, Any]]]]:
    """Path of an answer in a list → path of what was known of it, and the known rows that are gone.

    Rows are matched by what they share, so that a row taken out makes no corrections behind it.
    """
    pairs: dict[str, str] = {}
    gone: dict[str, list[dict[str, Any]]] = {}
    given, before = _rows(flat), _rows(known.cells)
    for place in dict.fromkeys([*given, *before]):
        free = dict(before.get(place, {}))
        for number, row in given.get(place, {}).items():
            match = _match(number, row, free, flat, known)
            if match is None:
                pairs |= dict.fromkeys(row.values(), "")
                continue
            columns = free.pop(match)
            pairs |= {path: columns.get(column, "") for column, path in row.items()}
        if free:
            gone[place] = [
                {column: known.cells[path].value for column, path in columns.items()}
                for columns in free.values()
            ]
    return pairs, gone


def _match(
    number: int,
    row: Mapping[str, str],
    free: Mapping[int, Mapping[str, str]],
    flat: Mapping[str, tuple[Field, Any]],
    known: KnownAnswers,
) -> int | None:
    """The known row that the given one was: the one at its place, or the most alike."""
    if number in free and _alike(row, free[number], flat, known) == len(free[number]):
        return number
    alike = {n: (_alike(row, before, flat, known), n == number) for n, before in free.items()}
    return max(alike, key=alike.__getitem__, default=None)


def _rows(paths: Iterable[str]) -> dict[str, dict[int, dict[str, str]]]:
    """Path of a list → number of the row → column → path, for the outermost lists."""
    lists: dict[str, dict[int, dict[str, str]]] = {}
    for path in paths:
        steps = path.split(".")
        at = next((n for n, step in enumerate(steps) if step.isdigit()), None)
        if at is not None:
            rows = lists.setdefault(".".join(steps[:at]), {})
            rows.setdefault(int(steps[at]), {})[".".join(steps[at + 1 :])] = path
    return lists


def _alike(
    row: Mapping[str, str],
    before: Mapping[str, str],
    flat: Mapping[str, tuple[Field, Any]],
    known: KnownAnswers,
) -> int:
    return sum(
        _plain(flat[path][1]) == _plain(known.cells[before[column]].value)
        for column, path in row.items()
        if column in before
    )
