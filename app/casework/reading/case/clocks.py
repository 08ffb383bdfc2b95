"""Which day of a time limit a case is on, as its drawings count it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from app.casework.reading.look import Look
from app.engine import Fault
from app.engine.feel import compile_expression


@dataclass(frozen=True, slots=True)
class ClockLine:
    """Day `day` of `days`."""

    #: what is counted
    label: str
    day: int
    days: int


def clocks(seen: Look) -> tuple[ClockLine, ...]:
    """Of what runs now, each once. A drawing that cannot say it now says nothing."""
    drawn = seen.locked.loaded.program.processes.values()
    counted = any(element.rules.clock for one in drawn for element in one.elements.values())
    if not counted or seen.row.ended_at is not None or seen.row.merged_into is not None:
        return ()
    return tuple(dict.fromkeys(_lines(seen)))


def _lines(seen: Look) -> Iterator[ClockLine]:
    for element, variables in seen.locked.engine.clocks():
        rules = element.rules
        day = _number(seen, rules.clock_day, variables)
        days = _number(seen, rules.clock_days, variables)
        if day is not None and days is not None and day >= 0:
            yield ClockLine(_label(seen, rules.clock or "", variables), day, days)


def _label(seen: Look, text: str, variables: dict[str, Any]) -> str:
    """What is counted, of whom where several run: “The limit of Child 2”."""
    value = _value(seen, text[1:], variables) if text.startswith("=") else text
    return value if isinstance(value, str) else ""


def _number(seen: Look, text: str | None, variables: dict[str, Any]) -> int | None:
    if not text:
        return None
    if not text.startswith("="):
        return int(text) if text.isascii() and text.isdigit() else None
    value = _value(seen, text[1:], variables)
    return int(value) if isinstance(value, Decimal | int) else None


def _value(seen: Look, expression: str, variables: dict[str, Any]) -> Any:
    """None where it cannot be worked out now."""
    try:
        world = seen.locked.world(seen.locked.at(seen.at))
        return compile_expression(expression.strip()).evaluate(variables, world)
    except Fault:
        return None
