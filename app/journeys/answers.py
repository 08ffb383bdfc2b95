"""Answers of a journey: YAML values as a form takes them, and samples for what is left out.

Which answers are valid is asked of the form itself; this only proposes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

from app.engine.drawing.answers import options, read_answers, unknown
from app.engine.drawing.fields import Field, Form
from app.engine.feel import World, nearest
from app.journeys.instants import LONDON, Instants

_MOST_ROUNDS = 60
_TEXTS = (
    "Sample answer", "1", "12345", "943 476 5919", "SW1A 1AA", "sample@example.org",
    "01632 960001", "https://example.org", "AB123456C", "2026-06-01",
)  # fmt: skip


def fitted(form: Form, answers: Mapping[str, Any], instants: Instants) -> dict[str, Any]:
    """The answers in the shapes that the form's fields take.

    `yes` ticks a checkbox, true chooses the option "yes", and a text "@8 working days ago 09:30"
    becomes the date or instant. BadInstant.
    """
    return _level(form.fields, answers, instants)


def payload(given: Mapping[str, Any], instants: Instants) -> dict[str, Any]:
    """The content of a message from outside, as JSON has it. BadInstant."""
    return {key: _json(one, instants) for key, one in given.items()}


def _json(given: Any, instants: Instants) -> Any:
    if isinstance(given, dict):
        return payload(given, instants)
    if isinstance(given, list):
        return [_json(one, instants) for one in given]
    if isinstance(given, Decimal):
        return {"type": "number", "value": str(given)}
    if isinstance(given, str) and given.startswith("@"):
        return _instant(None, given[1:], instants)
    return given


def strange(form: Form, given: Mapping[str, Any]) -> str | None:
    """What is wrong with the first answer that no question has; None when all have one."""
    for path, sentence in unknown(form, given).items():
        near = nearest(path.rpartition(".")[2], [one.key for one in form.walk() if one.key])
        hint = f" Did you mean “{near}”?" if near else ""
        return f"“{path}”: {sentence}{hint}"
    return None


def _level(
    fields: tuple[Field, ...], answers: Mapping[str, Any], instants: Instants
) -> dict[str, Any]:
    known = {one.key: one for one in _flat(fields)}
    return {key: _fit(known.get(key), value, instants) for key, value in answers.items()}


def _flat(fields: tuple[Field, ...]) -> list[Field]:
    """Fields of one level; groups without a key lend it their children."""
    found: list[Field] = []
    for one in fields:
        found += _flat(one.fields) if one.kind == "group" and not one.key else [one]
    return found


def _fit(field: Field | None, value: Any, instants: Instants) -> Any:
    if isinstance(value, list):
        inner = field.fields if field is not None else ()
        return [
            _level(inner, one, instants) if isinstance(one, dict) else _fit(None, one, instants)
            for one in value
        ]
    if isinstance(value, dict):
        return _level(field.fields if field is not None else (), value, instants)
    if isinstance(value, str) and value.startswith("@"):
        return _instant(field, value[1:], instants)
    if isinstance(value, Decimal):
        return str(value)
    if field is not None and field.kind == "checkbox" and value in ("yes", "no"):
        return value == "yes"
    if field is not None and field.kind in ("radio", "select", "textfield"):
        return _chosen(field, value)
    return value


def _chosen(field: Field, value: Any) -> Any:
    if not isinstance(value, bool):
        return value if value is None else str(value)
    values = {option.value for option in field.options}
    plain = "true" if value else "false"
    return plain if plain in values else ("yes" if value else "no")


def _instant(field: Field | None, text: str, instants: Instants) -> str:
    at = instants.read(text).astimezone(LONDON)
    kind = field.kind if field is not None else "datetime"
    if kind == "date":
        return at.date().isoformat()
    return f"{at:%H:%M}" if kind == "time" else f"{at:%Y-%m-%dT%H:%M}"


def filled(
    form: Form, given: Mapping[str, Any], scope: Mapping[str, Any], world: World
) -> dict[str, Any]:
    """`given` and a valid sample for every required question that it leaves out.

    What was given is never touched: when it is wrong, the form will say so.
    """
    found: dict[str, Any] = deepcopy(dict(given))
    tried: dict[str, int] = {}
    for _ in range(_MOST_ROUNDS):
        reading = read_answers(form, found, scope, world)
        ours = [path for path in reading.messages if path in tried or _get(given, path) is None]
        progress = False
        for path in ours:
            field = _field(form, path)
            if field is None:
                continue
            samples = _samples(field, scope, world)
            at = tried.get(path, 0)
            if at < len(samples):
                _put(found, path, deepcopy(samples[at]))
                tried[path] = at + 1
                progress = True
        if not progress:
            break
    return found


def _get(given: Any, path: str) -> Any:
    for part in path.split("."):
        if isinstance(given, dict):
            given = given.get(part)
        elif isinstance(given, list) and part.isdigit() and int(part) < len(given):
            given = given[int(part)]
        else:
            return None
    return None if given in ("", [], {}) else given


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
    fields, found = form.fields, None
    for part in path.split("."):
        if part.isdigit():
            continue
        found = next((one for one in _flat(fields) if one.key == part), None)
        if found is None:
            return None
        fields = found.fields
    return found


def _samples(field: Field, scope: Mapping[str, Any], world: World) -> list[Any]:
    """What may be a valid answer, the likeliest first."""
    if field.kind in ("radio", "select"):
        return [option.value for option in options(field, scope, world)]
    if field.kind == "checklist":
        values = [option.value for option in options(field, scope, world)]
        return [[values[0]], values] if values else []
    if field.kind == "dynamiclist":
        return _rows(field, scope, world)
    return _BY_KIND.get(field.kind, _texts)(field, world)


def _rows(field: Field, scope: Mapping[str, Any], world: World) -> list[Any]:
    """The least number of rows, left to be filled in; else as many as the form shows at first."""
    least = max(1, field.min_items)
    drawn = field.appearance.get("defaultRepetitions", "")
    shown = min(int(drawn) if drawn.isdecimal() else 1, field.max_items)
    sure = {one.key: one for one in _flat(field.fields) if one.required and one.hide is None}
    first = {key: _samples(one, scope, world)[:1] for key, one in sure.items()}
    row = {key: samples[0] for key, samples in first.items() if samples}
    more = [[dict(row) for _ in range(shown)]] if shown > least else []
    return [[{} for _ in range(least)], *more]


def _texts(field: Field, world: World) -> list[Any]:
    shortest, longest = field.min_length or 0, field.max_length or 10_000
    padded = "Sample answer, long enough for this question. " * (shortest // 40 + 1)
    found = [padded[:longest].strip()] if shortest > len(_TEXTS[0]) else []
    return [*found, *(text[:longest] for text in _TEXTS)]


def _numbers(field: Field, world: World) -> list[Any]:
    likely = [field.minimum, field.maximum, Decimal(1), Decimal(0), Decimal(10)]
    return [str(one) for one in likely if one is not None]


def _dates(field: Field, world: World) -> list[Any]:
    now = world.now
    if now is None:
        return ["2026-06-01"]
    today = now.astimezone(LONDON).date()
    return [(today + timedelta(days=away)).isoformat() for away in (0, -1, 1, 7, -30, 30, -365)]


def _datetimes(field: Field, world: World) -> list[Any]:
    now = world.now
    if now is None:
        return ["2026-06-01T10:00"]
    here = now.astimezone(LONDON)
    found = [now.astimezone(LONDON) + timedelta(hours=away) for away in (-1, 1, 24, -24, 168)]
    return [f"{at:%Y-%m-%dT%H:%M}" for at in (here, *found)]


_BY_KIND: dict[str, Callable[[Field, World], list[Any]]] = {
    "number": _numbers,
    "date": _dates,
    "datetime": _datetimes,
    "time": lambda field, world: ["10:00"],
    "checkbox": lambda field, world: [True],
}
