"""A task that has ended, for somebody who comes too late: what its form asked.

What was answered is the case's; who did the task is told by the order that was refused.
"""

from __future__ import annotations

from datetime import datetime

from app import store
from app.casework.access import Person
from app.casework.desk import Desk
from app.casework.reading.look import look
from app.engine.forms import Form


def form_of_ended(desk: Desk, person: Person, case: str, task: str, at: datetime) -> Form | None:
    """The form of a task that has ended, for somebody who had it before them; None: not known."""
    with look(desk, person, case, at, None, by="task") as seen:
        row = store.work.answers.find(seen.unit, seen.row.id, task)
        return seen.locked.loaded.form_of_step(row.process, row.element) if row else None
