"""Owns phrases that several rules share."""

from __future__ import annotations

from collections.abc import Iterable

from app.engine.feel import nearest


def suggestion(name: str, known: Iterable[str]) -> str:
    """“ Did you mean …?” with the nearest known name, or nothing."""
    near = nearest(name, sorted(known))
    return f" Did you mean “{near}”?" if near else ""
