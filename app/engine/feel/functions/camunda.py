"""Functions Camunda's FEEL has beyond the standard, because its modeler offers them to people.

`is defined` and `get or else` are worked out in `blocks` where their first argument may be an
unknown name. What gives another value each time, or needs another program, is refused by name.
"""

from __future__ import annotations

import base64
from decimal import Decimal
from typing import Any

from app.engine.errors import ExpressionFault
from app.engine.feel import patterns
from app.engine.feel.functions.contexts import context_merge, context_put
from app.engine.feel.scope import REFUSED, Run, built_in
from app.engine.feel.values import cut, equal, kind

_REPLAY = "a case must come to the same again whenever it is worked out anew"
REFUSED |= {
    "uuid": f"It would be another each time, and {_REPLAY}. Use the case's reference.",
    "random number": f"It would be another each time, and {_REPLAY}.",
    "fromAi": "It marks a value for Camunda's AI connector, which is not here. "
    "Write the value itself.",
    "cycle": "Write the repetition in the timer itself, as R3/PT1H or R/P1D.",
}


@built_in("is defined", "value: any")
def is_defined(run: Run, value: Any) -> Any:
    return value is not None


@built_in("get or else", "value: any, default: any")
def get_or_else(run: Run, value: Any, default: Any) -> Any:
    return default if value is None else value


@built_in("assert", "value: any, condition: any, cause?: string|null")
def assert_(run: Run, value: Any, condition: Any, cause: str | None = None) -> Any:
    """The value; a fault with the cause where the condition is not true."""
    if condition is True:
        return value
    raise ExpressionFault(cause or "What this expression asserts is not so.")


@built_in("put", "context: context, key: string, value: any")
def put(run: Run, m: Any, key: str, value: Any) -> Any:
    """The old name of `context put`."""
    return context_put(run, m, key, value)


@built_in("put all", "contexts…: context")
def put_all(run: Run, *contexts: Any) -> Any:
    """The old name of `context merge`, of contexts one by one."""
    return context_merge(run, list(contexts)) if contexts else None


@built_in("put all", "contexts: list")
def put_all_of_list(run: Run, contexts: list[Any]) -> Any:
    return context_merge(run, contexts)


@built_in("to base64", "value: string")
def to_base64(run: Run, value: str) -> Any:
    run.step(len(value) >> 6)
    return base64.b64encode(value.encode("utf-8", "surrogatepass")).decode()


@built_in("is empty", "list: any")
def is_empty(run: Run, value: Any) -> Any:
    """Of a list; anything else is null (under the first meaning a list of it, or null)."""
    if kind(value) == "list":
        return not value
    return False if run.meaning < 2 and value is not None else None


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


@built_in("extract", "string/input: string, pattern: string")
def extract(run: Run, string: str, pattern: str) -> Any:
    """All parts of a text that match a pattern."""
    run.step(len(string) >> 4)
    try:
        return [match.group(0) for match in patterns.compiled(pattern, "").finditer(string)]
    except patterns.NoPattern:
        return None
