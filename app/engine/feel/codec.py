"""Values as JSON and back, without loss: what is stored, hashed and sent to other programs.

Whole numbers are JSON numbers; whatever JSON has no word for is {"type": FEEL type, "value": text},
so also 12.50 and 3.00, whose scale belongs to them. A context that looks like such a pair is
wrapped in one of type "context". `dumps` is canonical: the same values give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from app.engine.errors import Fault
from app.engine.feel.values import DECIMAL128, Range, kind, number, texts

_PAIR = {"type", "value"}
#: whole numbers JSON readers keep exactly
_EXACT = 2**53 - 1
_AS_IT_IS = frozenset({str, bool, type(None)})
_READ: dict[str, Callable[[str], Any]] = {
    "date": texts.read_date,
    "time": texts.read_time,
    "date and time": texts.read_date_time,
    "days and time duration": texts.read_duration,
    "years and months duration": texts.read_duration,
}


def encode(value: Any) -> Any:
    """A FEEL value as JSON-able Python. Fault for a function or anything unknown."""
    what = kind(value)
    if what in ("null", "boolean", "string"):
        return value
    if what == "number":
        return _encode_number(value)
    if what == "list":
        return [encode(item) for item in value]
    if what == "context":
        entries = {str(key): encode(item) for key, item in value.items()}
        return {"type": "context", "value": entries} if entries.keys() == _PAIR else entries
    if what == "range":
        return {"type": "range", "value": _range_parts(value)}
    if what in _READ:
        return {"type": what, "value": texts.temporal_text(value)}
    raise Fault(f"A {what} cannot be stored.")


def _encode_number(value: Any) -> Any:
    decimal = number(value)
    if decimal is None:
        raise Fault("A number that is not finite cannot be stored.")
    scale = decimal.as_tuple().exponent
    if isinstance(scale, int) and scale >= 0 and abs(decimal) <= _EXACT:
        return int(decimal)
    short = -40 < decimal.adjusted() < 40
    return {"type": "number", "value": texts.number_text(decimal) if short else str(decimal)}


def _range_parts(value: Range) -> dict[str, Any]:
    exact = {"exact": True} if value.exact else {}
    return exact | {
        "start": encode(value.start),
        "end": encode(value.end),
        "start included": value.start_included,
        "end included": value.end_included,
        "open start": value.open_start,
        "open end": value.open_end,
    }


def decode(stored: Any) -> Any:
    """Inverse of `encode`. Fault for a pair of an unknown type or with a wrong text."""
    if type(stored) in _AS_IT_IS:
        return stored
    if isinstance(stored, (list, tuple)):
        return [decode(item) for item in stored]
    if isinstance(stored, (dict, Mapping)):
        return _decode_pair(stored) if stored.keys() == _PAIR else _decode_context(stored)
    return stored if isinstance(stored, str) else number(stored)


def _decode_context(stored: Mapping[str, Any]) -> dict[str, Any]:
    # Most of what is stored is text: it stands as it is, without another call.
    return {
        str(key): item if type(item) in _AS_IT_IS else decode(item) for key, item in stored.items()
    }


def _decode_pair(stored: Mapping[str, Any]) -> Any:
    what, value = stored["type"], stored["value"]
    if what == "context" and isinstance(value, Mapping):
        return _decode_context(value)
    if what == "range" and isinstance(value, Mapping):
        parts = [decode(part) for part in value.values()]
        return Range(
            **{name.replace(" ", "_"): part for name, part in zip(value, parts, strict=True)}
        )
    if what == "number" and isinstance(value, str):
        return _decimal(value)
    read = _READ.get(what) if isinstance(what, str) else None
    decoded = read(value) if read and isinstance(value, str) else None
    if decoded is None:
        raise Fault(f"“{value}” is not a stored value of the type “{what}”.")
    return decoded


def _decimal(text: str) -> Decimal:
    try:
        decimal = number(DECIMAL128.create_decimal(text))
    except ArithmeticError:
        decimal = None
    if decimal is None:
        raise Fault(f"“{text}” is not a stored number.")
    return decimal


def dumps(value: Any) -> bytes:
    """Canonical JSON: sorted keys, no spaces, UTF-8."""
    text = json.dumps(encode(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass")


def loads(content: bytes) -> Any:
    """Inverse of `dumps`."""
    return decode(json.loads(content.decode("utf-8", "surrogatepass")))
