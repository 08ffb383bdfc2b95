"""Owns what is known of a form's questions before anybody answers them, and where it was said.

A question whose `prefill` has a value does not begin with it: it is shown as known, with where it
was said, or as worked out, with its rule. Only who confirms or corrects it states it. What was
said to this very question before is no news; such a question begins with it (`begins`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.engine.bpmn import ALL
from app.engine.feel import World
from app.engine.forms.fields import Field, Form, level
from app.engine.forms.input_names import path_of
from app.engine.forms.prefill import as_given, initial, known_answers

_RECORD = re.compile(r"\brecords\s*\.\s*(\w+)")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Source:
    """Where it was said: a name of `records`, and the path of the question in those answers."""

    record: str
    path: str


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one question."""

    field: Field
    #: in the shape of given answers
    value: Any
    #: None: nobody said just this, it is worked out
    source: Source | None
    #: names of the `records` that it is worked out from
    taken_from: tuple[str, ...] = ()

    @property
    def rule(self) -> str | None:
        """By which it was worked out, in the owner's words."""
        return self.field.rules.rule

    def is_said_in(self, answers: Mapping[str, Any]) -> bool:
        """Whether these answers (as `by_path` gives them), of the step that its source names, say
        just this."""
        said = answers.get(self.source.path) if self.source else None
        return said is not None and as_given(self.field, said) == self.value


@dataclass(frozen=True)
class KnownAnswers:
    """All that is known of a form's questions, by path; lists stand in `values` alone."""

    #: nested, as answers are given; what was said to the same question before is in it too
    values: Mapping[str, Any]
    cells: Mapping[str, Known]

    def left(self, given: Mapping[str, Any], shown: Collection[str]) -> tuple[str, ...]:
        """Paths of the shown questions that `given` leaves as they are known."""
        return tuple(
            path for path in self.cells if path in shown and not _is_given(given, path.split("."))
        )


NOTHING_KNOWN = KnownAnswers({}, {})


def known(
    form: Form, scope: Mapping[str, Any], world: World, own: Collection[str] = ()
) -> KnownAnswers:
    """What is known before anybody answers; `own`: names in `records` of this very step."""
    values = known_answers(form.fields, scope, world)
    records = scope.get("records")
    found = dict(
        _cells(form.fields, values, "", _Said(records if isinstance(records, Mapping) else {}))
    )
    cells = {path: cell for path, cell in found.items() if not _own(cell, path, own)}
    return KnownAnswers(values, cells)


def by_path(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Each answer by its path; those of lists by the number of their row."""
    return dict(_all_leaves(answers, ""))


def begins(
    form: Form, scope: Mapping[str, Any], world: World, known: KnownAnswers
) -> dict[str, Any]:
    """What the page begins with: harmless defaults, and what was said to these questions before."""
    first = initial(form, scope, world)
    return _without(first, known.cells.keys())


def accepted(form: Form, given: Mapping[str, Any], known: KnownAnswers) -> dict[str, Any]:
    """The given answers with what is known where nothing was given."""
    return _accepted(form.fields, given, known.values, known.cells.keys(), "")


def _cells(
    fields: Iterable[Field],
    values: Mapping[str, Any],
    inside: str,
    said: _Said,
    text: str = "",
) -> Iterator[tuple[str, Known]]:
    for field in level(fields):
        value, path = values.get(field.key), path_of(field, inside)
        source = field.rules.prefill or text
        if field.kind == "group" and isinstance(value, Mapping):
            yield from _cells(field.fields, value, path, said, source)
        elif field.kind == "dynamiclist" and isinstance(value, list):
            for number, row in enumerate(value):
                yield from _cells(field.fields, row, f"{path}.{number}", said, source)
        elif value not in (None, "", [], {}) and not field.read_only:
            yield path, Known(field, value, said.where(field, value, path, source), said.by(source))


class _Said:
    """The records that a form's expressions may speak of, to find where just this was said.

    Each record is gone through once for a kind of question and a key, so that a list of hundreds
    of rows costs no more than its length.
    """

    def __init__(self, records: Mapping[str, Any]) -> None:
        self._records = records
        self._leaves: dict[str, dict[str, Any]] = {}
        self._places: dict[tuple[str, str, str], dict[Any, str]] = {}

    def by(self, text: str) -> tuple[str, ...]:
        """Names of the records that the expression names and that hold something."""
        names = [name for name in _RECORD.findall(text) if self._records.get(name)]
        return tuple(dict.fromkeys(name.removesuffix(ALL) for name in names))

    def where(self, field: Field, value: Any, path: str, text: str) -> Source | None:
        """Where just this was said: at the same path, else under the field's own name or one that
        the expression names, so that a chance likeness is none."""
        words = {*_WORD.findall(text), field.key}
        for name in dict.fromkeys(_RECORD.findall(text)):
            leaves = self._of(name)
            if path in leaves and as_given(field, leaves[path]) == value:
                return Source(name.removesuffix(ALL), path)
            for key in sorted(words):
                found = self._at(name, key, field).get(_hashable(value))
                if found is not None:
                    return Source(name.removesuffix(ALL), found)
        return None

    def _of(self, name: str) -> dict[str, Any]:
        if name not in self._leaves:
            several = self._records.get(name)
            leaves: dict[str, Any] = {}
            for answers in several if isinstance(several, list) else [several]:
                leaves = {**dict(_all_leaves(answers, "")), **leaves}
            self._leaves[name] = leaves
        return self._leaves[name]

    def _at(self, name: str, key: str, field: Field) -> dict[Any, str]:
        place = (name, key, field.kind)
        if place not in self._places:
            given: dict[Any, str] = {}
            for path, said in self._of(name).items():
                if path.rpartition(".")[2] == key:
                    given.setdefault(_hashable(as_given(field, said)), path)
            self._places[place] = given
        return self._places[place]


def _hashable(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _all_leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _all_leaves(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list) and any(isinstance(row, Mapping) for row in value):
        for number, row in enumerate(value):
            yield from _all_leaves(row, f"{path}.{number}")
    elif value is not None:
        yield path, value


def _own(cell: Known, path: str, own: Collection[str]) -> bool:
    source = cell.source
    return source is not None and source.record in own and _column(source.path) == _column(path)


def _column(path: str) -> list[str]:
    return [step for step in path.split(".") if not step.isdigit()]


def _accepted(
    fields: Iterable[Field],
    given: Mapping[str, Any],
    values: Mapping[str, Any],
    paths: Collection[str],
    inside: str,
) -> dict[str, Any]:
    answers = dict(given)
    for field in level(fields):
        path, before = path_of(field, inside), values.get(field.key)
        mine = answers.get(field.key)
        if field.kind == "group" and isinstance(before, Mapping):
            inner = mine if isinstance(mine, Mapping) else {}
            answers[field.key] = _accepted(field.fields, inner, before, paths, path)
        elif field.kind == "dynamiclist" and isinstance(before, list):
            if not isinstance(mine, list):
                answers[field.key] = before
                continue
            known_rows = [*before, *({} for _ in mine[len(before) :])]
            answers[field.key] = [
                _accepted(field.fields, row, known_rows[number], paths, f"{path}.{number}")
                if isinstance(row, Mapping)
                else row
                for number, row in enumerate(mine)
            ]
        elif path in paths and field.key not in given:
            answers[field.key] = before
    return answers


def _is_given(given: Any, steps: list[str]) -> bool:
    for step in steps:
        if isinstance(given, Mapping) and step in given:
            given = given[step]
        elif isinstance(given, list) and step.isdigit() and int(step) < len(given):
            given = given[int(step)]
        else:
            return False
    return True


def _without(values: Mapping[str, Any], paths: Collection[str], inside: str = "") -> dict[str, Any]:
    """The nested values without the leaves at these paths; rows keep their places."""
    kept: dict[str, Any] = {}
    for key, value in values.items():
        path = f"{inside}.{key}" if inside else key
        if path in paths:
            continue
        if isinstance(value, Mapping):
            value = _without(value, paths, path)
        elif isinstance(value, list) and any(isinstance(row, Mapping) for row in value):
            value = [_without(row, paths, f"{path}.{n}") for n, row in enumerate(value)]
        kept[key] = value
    return kept
