"""Functions Camunda's FEEL has beyond the standard, because its modeler offers them to people.

Those that give another value each time (`uuid`, `random number`) are left out: a case must replay.
`is defined` is worked out in `blocks`, as its argument may be an unknown name.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from app.engine.feel import patterns
from app.engine.feel.logic import equal
from app.engine.feel.registry import built_in
from app.engine.feel.values import cut
from app.engine.feel.world import Run


@built_in("is defined", "value: any")
def is_defined(run: Run, value: Any) -> Any:
    return value is not None


@built_in("get or else", "value: any, default: any")
def get_or_else(run: Run, value: Any, default: Any) -> Any:
    return default if value is None else value


@built_in("is empty", "list: list")
def is_empty(run: Run, items: list[Any]) -> Any:
    return not items


@built_in("is blank", "string: string")
def is_blank(run: Run, string: str) -> Any:
    return not string.strip()


@built_in("duplicate values", "list: list")
def duplicate_values(run: Run, items: list[Any]) -> Any:
    """Each value that occurs more than once, once."""
    out: list[Any] = []
    for place, item in enumerate(items):
        run.step(1 + (len(items) >> 4))
        again = any(equal(item, other, run) is True for other in items[place + 1 :])
        if again and not any(equal(item, other, run) is True for other in out):
            out.append(item)
    return out


@built_in("partition", "list: list, size: number")
def partition(run: Run, items: list[Any], size: Decimal) -> Any:
    """The list in pieces of a size; the last may be shorter."""
    if size < 1:
        return None
    step = min(cut(size), len(items) or 1)
    return [items[i : i + step] for i in range(0, len(items), step)]


@built_in("extract", "string: string, pattern: string")
def extract(run: Run, string: str, pattern: str) -> Any:
    """All parts of a text that match a pattern."""
    run.step(len(string) >> 4)
    try:
        return [found.group(0) for found in patterns.compiled(pattern, "").finditer(string)]
    except patterns.NoPattern:
        return None
