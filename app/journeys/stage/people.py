"""Whom a journey's case names, to look for in what leaves it; how is `documents`'."""

from __future__ import annotations

from app import store
from app.casework import Desk
from app.casework.cases import LockedCase, persons
from app.documents import People, named
from app.engine.forms import as_contexts


def people_of(desk: Desk, case: str) -> People:
    with desk.store.reading() as unit:
        row = store.cases.find(unit, case)
        if row is None:
            return People(())
        key = store.cases.key_of(unit, row.id)
        locked = LockedCase(desk.installation, unit, row, key)
        return People(named(as_contexts(persons(locked))))
