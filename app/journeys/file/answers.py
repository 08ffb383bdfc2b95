"""Answers of a journey: YAML values as a form takes them. What is left out is `samples`'s."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from app.engine import LONDON, iso_clock, iso_minute, nearest
from app.engine.forms import Field, Form, unknown
from app.journeys.file.instants import Instants


def fitted(form: Form, answers: Mapping[str, Any], instants: Instants) -> dict[str, Any]:
    """The answers in the shapes that the form's fields take.

    `yes` ticks a checkbox, true chooses the option "yes", and a text "@8 working days ago 09:30"
    becomes the date or instant. BadInstant.
    """
    return _level(form.fields, answers, instants)


def payload(given: Mapping[str, Any], instants: Instants) -> dict[str, Any]:
    """The content of a message from outside, as JSON has it. BadInstant."""
    return {key: _json(value, instants) for key, value in given.items()}


def _json(given: Any, instants: Instants) -> Any:
    if isinstance(given, dict):
        return payload(given, instants)
    if isinstance(given, list):
        return [_json(value, instants) for value in given]
    if isinstance(given, Decimal):
        return {"type": "number", "value": str(given)}
    if isinstance(given, str) and given.startswith("@"):
        return _instant(None, given[1:], instants)
    return given


def strange(form: Form, given: Mapping[str, Any]) -> str | None:
    """What is wrong with the first answer that no question has; None when all have one."""
    for path, sentence in unknown(form, given).items():
        near = nearest(path.rpartition(".")[2], [field.key for field in form.walk() if field.key])
        hint = f" Did you mean “{near}”?" if near else ""
        return f"“{path}”: {sentence}{hint}"
    return None


def _level(
    fields: tuple[Field, ...], answers: Mapping[str, Any], instants: Instants
) -> dict[str, Any]:
    known = {field.key: field for field in flat(fields)}
    return {key: _fit(known.get(key), value, instants) for key, value in answers.items()}


def flat(fields: tuple[Field, ...]) -> list[Field]:
    """Fields of one level; groups without a key lend it their children."""
    flattened: list[Field] = []
    for field in fields:
        flattened += flat(field.fields) if field.kind == "group" and not field.key else [field]
    return flattened


def _fit(field: Field | None, value: Any, instants: Instants) -> Any:
    if isinstance(value, list):
        inner = field.fields if field is not None else ()
        return [
            _level(inner, row, instants) if isinstance(row, dict) else _fit(None, row, instants)
            for row in value
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
    return iso_clock(at) if kind == "time" else iso_minute(at)
