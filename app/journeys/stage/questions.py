"""What is asked where a case starts or a task is open: its form, and what a first person signed.

What a journey answers is `samples`' and the step's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from app import store
from app.casework import DeliverMessage, Desk, LockedCase
from app.casework.cases import history, scope
from app.casework.orders import active, as_given, form_scope, signature
from app.casework.orders.events import asked_of_event, happening
from app.engine import Program
from app.engine.forms import Form


def active_program(desk: Desk) -> Program:
    """The one that new cases start on. Refused when nothing is deployed."""
    with desk.store.reading() as unit:
        return active(desk.installation, unit).program


def form_of_start(desk: Desk, process: str) -> tuple[Form | None, dict[str, Any]]:
    """The start form and what its expressions may name."""
    with desk.store.reading() as unit:
        loaded = active(desk.installation, unit)
        known = loaded.process(process)
        form = loaded.form(known.start_form) if known else None
        return form, form_scope(loaded)


def form_of_event(
    desk: Desk, case: str, message: str, at: datetime
) -> tuple[Form | None, Mapping[str, Any]]:
    """The form by which people record the message, and what its expressions may name."""
    with desk.store.reading() as unit:
        row = store.cases.find(unit, case)
        if row is None:
            return None, {}
        locked = LockedCase(desk.installation, unit, row, store.cases.key_of(unit, row.id))
        about = happening(locked.loaded, message)
        asked = asked_of_event(locked, about, at) if about is not None else None
        return (asked.form, asked.scope) if asked is not None else (None, {})


def entry_of_message(desk: Desk, case: str, message: str) -> int | None:
    """Number of the newest history entry by which the message came."""
    with desk.store.reading() as unit:
        row = store.cases.find(unit, case)
        if row is None:
            return None
        key = store.cases.key_of(unit, row.id)
        rows = [
            r.seq
            for r in store.chain.history.rows(unit, row.id, 0, row.seq)
            if r.kind == DeliverMessage.__name__
        ]
        came = history.some(unit, key, rows)
        fitting = [seq for seq in rows if came[seq].said.get("message") == message]
        return fitting[-1] if fitting else None


def form_of_task(desk: Desk, case: str, task: str) -> tuple[Form | None, dict[str, Any]]:
    """The form of an open task and what its expressions may name."""
    with _open_task(desk, case, task) as (locked, row):
        if locked is None or row is None:
            return None, {}
        return locked.form(row.form), scope(locked, row)


def signed(desk: Desk, case: str, task: str) -> tuple[int | None, dict[str, Any] | None]:
    """The task's version, and what a first person gave, where a second one is waited for."""
    with _open_task(desk, case, task) as (locked, row):
        if locked is None or row is None:
            return None, None
        first = signature(locked, row)
        given = as_given(locked.form(first.form), first) if first else None
        return row.version, given


@contextmanager
def _open_task(
    desk: Desk, case: str, task: str
) -> Iterator[tuple[LockedCase | None, store.TaskRow | None]]:
    with desk.store.reading() as unit:
        row, open_task = store.cases.find(unit, case), store.work.tasks.find(unit, case, task)
        if row is None or open_task is None:
            yield None, None
        else:
            key = store.cases.key_of(unit, case)
            yield LockedCase(desk.installation, unit, row, key), open_task
