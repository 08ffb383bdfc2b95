"""Where an answer stands among those that were typed: found, and put in, by its path."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from app.engine.forms.input_names import MOST_ROWS

#: how deep lists may lie in lists before a path is nonsense
DEPTH = 8


def put(given: dict[str, Any], path: str, value: Any, *, over: bool) -> None:
    """The answer at this path, made where there is none; rows are not, but for the next one."""
    steps = path.split(".")
    last = steps[-1]
    here: Any = given
    for step, after in list(pairwise(steps))[:DEPTH]:
        if isinstance(here, list) and step.isdecimal() and int(step) == len(here) < MOST_ROWS:
            here.append({})
        if isinstance(here, dict):
            here = here.setdefault(step, [] if after.isdecimal() else {})
        else:
            here = into(here, step)
    if isinstance(here, dict) and (over or last not in here):
        here[last] = value


def into(here: Any, step: str) -> Any:
    """What lies one step further; of rows only those that are there."""
    if isinstance(here, dict):
        return here.setdefault(step, {})
    if isinstance(here, list) and step.isdecimal() and int(step) < len(here):
        return here[int(step)]
    return None


def value_at(given: Any, path: str) -> Any:
    """The answer at this path; None: there is none."""
    here = given
    for step in path.split(".")[: 2 * DEPTH]:
        if isinstance(here, dict):
            here = here.get(step)
        elif isinstance(here, list) and step.isdecimal() and int(step) < len(here):
            here = here[int(step)]
        else:
            return None
    return here


def draft_name(message: str) -> str:
    """Under which a draft of an event lies beside those of tasks; no task is called so."""
    return f"message:{message}"
