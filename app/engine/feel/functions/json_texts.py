"""`from json` and `to json`, as Camunda's FEEL has them (RFC 8259).

Numbers are read exactly. Dates, times and durations become texts; functions and intervals have no
JSON and give null. How values are stored is another matter: `codec`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from app.engine.feel.scope import Run, built_in
from app.engine.feel.values import DECIMAL128, kind, number, number_text, temporal_text

_LONGEST_NUMBER = 40


class NoJson(ValueError):
    """This has no JSON, or is none."""


def _number(text: str) -> Any:
    try:
        return number(DECIMAL128.create_decimal(text))
    except ArithmeticError:
        raise NoJson(text) from None


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    return dict(pairs)


def _constant(text: str) -> Any:
    raise NoJson(text)


@built_in("from json", "value: string")
def from_json(run: Run, text: str) -> Any:
    """The value of a JSON text; null where it is none."""
    run.step(1 + (len(text) >> 4))
    try:
        value = json.loads(
            text, parse_float=_number, parse_int=_number, parse_constant=_constant,
            object_pairs_hook=_pairs,
        )  # fmt: skip
        json.dumps(value, ensure_ascii=False, default=str).encode("utf-8")  # no half a character
    except (ValueError, RecursionError):
        return None
    return value


@built_in("to json", "value: any")
def to_json(run: Run, value: Any) -> Any:
    """The JSON text of a value."""
    try:
        return _written(value, run)
    except NoJson:
        return None


def _written(value: Any, run: Run) -> str:
    run.step()
    what = kind(value)
    if what == "number":
        decimal = number(value)
        if decimal is None:
            return "null"
        short = abs(decimal.adjusted()) < _LONGEST_NUMBER
        return number_text(decimal) if short else str(decimal)
    if what in ("null", "boolean", "string"):
        return json.dumps(value, ensure_ascii=False)
    if what == "list":
        return _joined("[", [_written(item, run) for item in value], "]", run)
    if isinstance(value, Mapping):
        parts = [
            f"{json.dumps(str(k), ensure_ascii=False)}:{_written(v, run)}" for k, v in value.items()
        ]
        return _joined("{", parts, "}", run)
    if what in ("function", "range", "unknown"):
        raise NoJson(what)
    return json.dumps(temporal_text(value))


def _joined(opening: str, parts: list[str], closing: str, run: Run) -> str:
    run.room_for(sum(map(len, parts)) + len(parts) + 2)
    return f"{opening}{','.join(parts)}{closing}"
