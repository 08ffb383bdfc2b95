"""Whom a journey's case names, looked for in what leaves it; how is `documents`'."""

from __future__ import annotations

from collections.abc import Iterable

from app import store
from app.casework import Desk
from app.casework.cases import LockedCase, named_in_texts


def people_named_in(desk: Desk, case: str, texts: Iterable[str]) -> list[list[str]]:
    """Of each text the words that name a person of the case."""
    with desk.store.reading() as unit:
        row = store.cases.find(unit, case)
        if row is None:
            return [[] for _ in texts]
        locked = LockedCase(desk.installation, unit, row, store.cases.key_of(unit, row.id))
        return named_in_texts(locked, texts)
