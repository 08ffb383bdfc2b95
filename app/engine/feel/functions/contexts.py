"""Built-in functions over contexts (DMN 1.3 and 1.4 §10.3.4, context functions)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.engine.feel.scope import Run, built_in
from app.engine.feel.values import kind

Context = Mapping[str, Any]


@built_in("get value", "m/context: context, key: string")
def get_value(run: Run, m: Context, key: str) -> Any:
    return m.get(key)


@built_in("get value", "m/context: context, keys: list")
def get_value_of_path(run: Run, m: Context, keys: list[Any]) -> Any:
    value: Any = m
    for key in keys:
        if kind(value) != "context" or not isinstance(key, str):
            return None
        value = value.get(key)
    return value if keys else None


@built_in("get entries", "m/context: context")
def get_entries(run: Run, m: Context) -> Any:
    run.step(len(m))
    return [{"key": key, "value": value} for key, value in m.items()]


@built_in("context", "entries: list")
def context(run: Run, entries: list[Any]) -> Any:
    """A context of [{key, value}, …]; null where one is none or a key stands twice."""
    out: dict[str, Any] = {}
    for entry in entries:
        if kind(entry) != "context" or not {"key", "value"} <= entry.keys():
            return None
        key = entry["key"]
        if not isinstance(key, str) or key in out:
            return None
        out[key] = entry["value"]
    return out


@built_in("context put", "context: context, key: string, value: any")
def context_put(run: Run, m: Context, key: str, value: Any) -> Any:
    run.step(len(m))
    return {**m, key: value}


@built_in("context put", "context: context, keys: list, value: any")
def context_put_at_path(run: Run, m: Context, keys: list[Any], value: Any) -> Any:
    """A part of the path that is not there yet is made, as Camunda has it; one that is there and
    no context gives null."""
    if not keys or not isinstance(keys[0], str):
        return None
    if len(keys) == 1:
        return context_put(run, m, keys[0], value)
    inner = m.get(keys[0], {} if run.world.strict and run.meaning >= 2 else None)
    if kind(inner) != "context":
        return None
    changed = context_put_at_path(run, inner, keys[1:], value)
    return None if changed is None else context_put(run, m, keys[0], changed)


@built_in("context merge", "contexts: list")
def context_merge(run: Run, contexts: list[Any]) -> Any:
    """The last of several equal keys wins."""
    if any(kind(context) != "context" for context in contexts):
        return None
    run.step(sum(map(len, contexts)))
    return {key: value for context in contexts for key, value in context.items()}
