"""A task that has ended, for somebody who comes too late: what its form asked, and what was sent.

Who did the task is told by the order that was refused.
"""

from __future__ import annotations

from datetime import datetime

from app import store
from app.casework.access import Person
from app.casework.cases import Draft, draft_of, history
from app.casework.desk import Desk
from app.casework.reading.answer_words import in_words
from app.casework.reading.look import look
from app.engine.forms import Form


def form_of_ended(desk: Desk, person: Person, case: str, task: str, at: datetime) -> Form | None:
    """The form of a task that has ended, for somebody who had it before them; None: not known."""
    with look(desk, person, case, at, None, by="task") as seen:
        row = store.work.answers.find(seen.unit, seen.row.id, task)
        return seen.locked.loaded.form_of_step(row.process, row.element) if row else None


def draft_of_ended(desk: Desk, person: Person, case: str, task: str, at: datetime) -> Draft | None:
    """What this person had saved of a task that somebody else ended, or that was withdrawn."""
    with look(desk, person, case, at, None, by="task") as seen:
        if store.work.answers.find(seen.unit, seen.row.id, task) is None:
            return None
        kept = draft_of(seen.locked, task, person.id)
    return kept[0] if kept else None


def sent_of(
    desk: Desk, person: Person, case: str, task: str, at: datetime
) -> tuple[tuple[str, str], ...]:
    """(question, answer in words) of what was sent for a task that is done, for who sees the case
    in whole or sent it themselves; nothing for others."""
    with look(desk, person, case, at, "what was recorded", by="answers") as seen:
        row = store.work.answers.find(seen.unit, seen.row.id, task)
        if row is None or row.how == "cancelled":
            return ()
        if not (seen.whole or person.id in row.doers):
            return ()
        kept = history.some(seen.unit, seen.key, {row.seq})
        said = kept[row.seq].said if row.seq in kept else {}
        return in_words(seen, seen.locked.form(said.get("form")), said.get("answers") or {}, row.at)
