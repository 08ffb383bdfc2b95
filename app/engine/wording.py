"""Owns phrases that several rules share."""

from __future__ import annotations

from collections.abc import Iterable

from app.engine.feel import nearest
from app.validation.record_names import RecordNames


def suggestion(name: str, known: Iterable[str]) -> str:
    """“ Did you mean …?” with the nearest known name, or nothing."""
    near = nearest(name, sorted(known))
    return f" Did you mean “{near}”?" if near else ""


def which(names: RecordNames, name: str, own: str | None = None, before: str = "") -> str:
    """How to say which step is meant, where several processes have it; “” where it is clear.

    `own`: the process in which it is said. `before`: what stands before the name, “records.”
    """
    if not names.ambiguous(name, own):
        return ""
    said = [f"“{before}{full}”" for full in names.instead(name, own)]
    if len(said) < 2:
        return "Several processes have such a step. Give it another id in all but one of them."
    return f"Several processes have such a step. Say which: {', '.join(said[:-1])} or {said[-1]}."
