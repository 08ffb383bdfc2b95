"""Samples for what a step leaves out: valid answers, and which of them were made up.

Which answers are valid is asked of the form itself; this only proposes. What was given is never
touched, and what was given as empty is given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from app.engine import LONDON, iso_minute
from app.engine.feel import World
from app.engine.forms import Field, Form, options, read_answers
from app.journeys.file import EVERYTHING, FACTS, NOTHING, flat

#: kinds of questions that `FACTS` answers; a list gets its least rows, with such answers in them
_FACTS = frozenset({"textfield", "textarea", "number", "dynamiclist"})
_MOST_ROUNDS = 60
_ONE = frozenset({"radio", "select"})
_TEXTS = (
    "Sample answer", "1", "12345", "943 476 5919", "SW1A 1AA", "sample@example.org",
    "01632 960001", "https://example.org", "AB123456C", "2026-06-01",
)  # fmt: skip
#: of a person: no word of the other samples, where a pseudonym would then stand for it
_NAME = "Quentin Exemplar"


@dataclass(frozen=True, slots=True)
class Filling:
    """Answers, with samples where nothing was given."""

    answers: Mapping[str, Any]
    #: path of the question → the sample
    made_up: Mapping[str, Any]


def filled(
    form: Form,
    given: Mapping[str, Any],
    scope: Mapping[str, Any],
    world: World,
    how: str = EVERYTHING,
    *,
    keep: bool = False,
) -> Filling:
    """`given` and a valid sample for every required question that it leaves out.

    `keep`: of several samples for a choice, one by which all that was given is asked.

    `how`: `EVERYTHING`, or `FACTS` for names, numbers and texts, never a choice, a date or a box;
    or `NOTHING` but the times that the page offers to put in by itself (“Use the time now”).
    What was given is never touched: when it is wrong or empty, the form will say so.
    """
    answers: dict[str, Any] = deepcopy(dict(given))
    tried: dict[str, int] = {}
    for _ in range(_MOST_ROUNDS):
        reading = read_answers(form, answers, scope, world)
        ours = [path for path in reading.messages if path in tried or not _is_given(given, path)]
        progress = False
        for path in ours:
            field = _field(form, path)
            if field is None or not _may_fill(field, how):
                continue
            samples = _samples(field, scope, world, how)
            at = tried.get(path, 0)
            if at < len(samples):
                _put(answers, path, deepcopy(samples[at]))
                tried[path] = at + 1
                progress = True
        if not progress:
            break
    made_up = {path: _at(answers, path) for path in tried if _is_given(answers, path)}
    if keep and _hidden(form, given, answers, scope, world):
        chosen = [path for path in made_up if (_field(form, path) or form.fields[0]).kind in _ONE]
        for path in chosen:
            for sample in _samples(_field(form, path) or form.fields[0], scope, world, how):
                other = filled(form, {**given, path: sample}, scope, world, how)
                if not _hidden(form, given, other.answers, scope, world):
                    return Filling(other.answers, {**other.made_up, path: sample})
    return Filling(answers, made_up)


def _hidden(
    form: Form,
    given: Mapping[str, Any],
    answers: Mapping[str, Any],
    scope: Mapping[str, Any],
    world: World,
) -> bool:
    """Whether something that was given is not asked with these answers."""
    asked = read_answers(form, answers, scope, world).answers
    return any(value is not None and key not in asked for key, value in given.items())


def _may_fill(field: Field, how: str) -> bool:
    if how == NOTHING:
        return field.rules.past and field.kind in ("date", "datetime")
    return how != FACTS or field.kind in _FACTS


def _is_given(given: Any, path: str) -> bool:
    """The question, or a list or group around it, has an answer, be it an empty one."""
    for part in path.split("."):
        if isinstance(given, dict):
            if part not in given:
                return False
            given = given[part]
        elif isinstance(given, list) and given and part.isdigit():
            if int(part) >= len(given):  # one row more than were given
                return False
            given = given[int(part)]
        else:
            return True
    return True


def _at(given: Any, path: str) -> Any:
    """What stands there, where something does."""
    for part in path.split("."):
        given = given[int(part)] if isinstance(given, list) else given[part]
    return given


def _put(given: dict[str, Any], path: str, value: Any) -> None:
    """Sets the value, making the groups and list items on its way."""
    parts = path.split(".")
    here: Any = given
    for part, after in pairwise(parts):
        fresh: Any = [] if after.isdigit() else {}
        if isinstance(here, list):
            here += [{} for _ in range(int(part) + 1 - len(here))]
            here = here[int(part)]
        else:
            here = here.setdefault(part, fresh)
    if isinstance(here, dict):
        here[parts[-1]] = value


def _field(form: Form, path: str) -> Field | None:
    fields, field = form.fields, None
    for part in path.split("."):
        if part.isdigit():
            continue
        field = next((field for field in flat(fields) if field.key == part), None)
        if field is None:
            return None
        fields = field.fields
    return field


def _samples(field: Field, scope: Mapping[str, Any], world: World, how: str) -> list[Any]:
    """What may be a valid answer, the likeliest first."""
    if field.kind in ("radio", "select"):
        return [option.value for option in options(field, scope, world)]
    if field.kind == "checklist":
        values = [option.value for option in options(field, scope, world)]
        return [[values[0]], values] if values else []
    if field.kind == "dynamiclist":
        return _rows(field, scope, world, how)
    if field.kind == "filepicker":  # no file is made up
        return []
    return _BY_KIND.get(field.kind, _texts)(field, world)


def _rows(field: Field, scope: Mapping[str, Any], world: World, how: str) -> list[Any]:
    """The least number of rows, left to be filled in; else as many as the form shows at first."""
    least = max(1, field.min_items)
    drawn = field.appearance.get("defaultRepetitions", "")
    shown = min(int(drawn) if drawn.isdecimal() else 1, field.max_items)
    sure = {
        column.key: column
        for column in flat(field.fields)
        if column.required and column.hide is None
    }
    if how == FACTS:
        sure = {key: column for key, column in sure.items() if column.kind in _FACTS}
    first = {key: _samples(column, scope, world, how)[:1] for key, column in sure.items()}
    row = {key: samples[0] for key, samples in first.items() if samples}
    more = [[dict(row) for _ in range(shown)]] if shown > least else []
    return [[{} for _ in range(least)], *more]


def _texts(field: Field, world: World) -> list[Any]:
    shortest, longest = field.min_length or 0, field.max_length or 10_000
    names = [_NAME] if field.rules.person_is in ("name", "name_and_role", "aliases") else []
    padded = "Sample answer, long enough for this question. " * (shortest // 40 + 1)
    long_texts = [padded[:longest].strip()] if shortest > len(_TEXTS[0]) else []
    return [*long_texts, *(text[:longest] for text in (*names, *_TEXTS))]


def _numbers(field: Field, world: World) -> list[Any]:
    likely = [field.minimum, field.maximum, Decimal(1), Decimal(0), Decimal(10)]
    return [str(number) for number in likely if number is not None]


def _dates(field: Field, world: World) -> list[Any]:
    now = world.now
    if now is None:
        return ["2026-06-01"]
    today = now.astimezone(LONDON).date()
    aways = (0, -1, 1, 7, -30, 30, -365, -7300)
    return [(today + timedelta(days=away)).isoformat() for away in aways]


def _datetimes(field: Field, world: World) -> list[Any]:
    now = world.now
    if now is None:
        return ["2026-06-01T10:00"]
    here = now.astimezone(LONDON)
    moments = [here + timedelta(hours=away) for away in (-1, 1, 24, -24, 168, -168, -720)]
    return [iso_minute(at) for at in (here, *moments)]


_BY_KIND: dict[str, Callable[[Field, World], list[Any]]] = {
    "number": _numbers,
    "date": _dates,
    "datetime": _datetimes,
    "time": lambda field, world: ["10:00"],
    "checkbox": lambda field, world: [True],
}
