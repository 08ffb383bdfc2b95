"""Makes a result fit to leave the evaluator: plain lists, contexts and Decimals, of a sane size."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from app.engine.feel.values import DECIMAL128, Tally, YearsMonths, plain
from app.engine.meaning import TODAY

_DONE = frozenset({str, bool, type(None), date, datetime, time, timedelta, YearsMonths})


def settled(value: Any, meaning: int = TODAY) -> Any:
    """A copy that shares no list or context with the scope; int and float become Decimal, and
    none is endless. Under the first meaning a number forgot its scale: 12.50 was stored as 12.5."""
    return value if type(value) in _DONE else _settled(value, Tally(), meaning < 2)


def _settled(value: Any, tally: Tally, bare: bool) -> Any:
    if type(value) in _DONE:
        return value
    tally.step()
    if isinstance(value, list | tuple):
        return [_settled(item, tally, bare) for item in value]
    if isinstance(value, Mapping):
        return {str(key): _settled(item, tally, bare) for key, item in value.items()}
    plain_value = plain(value)
    return (
        DECIMAL128.normalize(plain_value)
        if bare and isinstance(plain_value, Decimal)
        else plain_value
    )
