"""Makes a result fit to leave the evaluator: plain lists, contexts and Decimals, of a sane size."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from app.engine.feel.logic import Tally
from app.engine.feel.values import YearsMonths, plain

_DONE = frozenset({Decimal, str, bool, type(None), date, datetime, time, timedelta, YearsMonths})


def settled(value: Any) -> Any:
    """A copy that shares no list or context with the scope; int and float become Decimal."""
    return value if type(value) in _DONE else _settled(value, Tally())


def _settled(value: Any, tally: Tally) -> Any:
    if type(value) in _DONE:
        return value
    tally.step()
    if isinstance(value, list | tuple):
        return [_settled(item, tally) for item in value]
    if isinstance(value, Mapping):
        return {str(key): _settled(item, tally) for key, item in value.items()}
    return plain(value)
