"""What somebody has typed of an event that they mean to record in a case, and not recorded yet:
kept for them alone, sealed with the case's key, until it is recorded or thirty days old.

It lies beside the drafts of tasks, under a name that no task has. Recording takes it away.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app import store
from app.casework.access import Person
from app.casework.cases.open_tasks import draft_of
from app.casework.commands import DeliverMessage
from app.casework.desk import Desk
from app.casework.drafts import Draft, Typed, after, draft_name, elsewhere
from app.casework.orders.admission import hold
from app.casework.reading.look import look


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    draft: Draft
    at: datetime

    def says_more(self, typed: Typed) -> bool:
        """Than what is about to be recorded, because of another window."""
        return elsewhere(self.draft, typed)


def noted(desk: Desk, person: Person, case: str, message: str, at: datetime) -> Noted | None:
    """What this person keeps of it; raises `NotFound` for a case they do not see."""
    with look(desk, person, case, at, None, by="recording") as seen:
        kept = draft_of(seen.locked, draft_name(message), person.id)
    return None if kept is None else Noted(draft=kept[0], at=kept[1])


def note(desk: Desk, person: Person, case: str, message: str, typed: Typed, at: datetime) -> Draft:
    """Keeps it, together with what was kept of it from another window. Raises `NotFound` for
    somebody who records nothing in the case."""
    order = DeliverMessage(actor=person, at=at, case=case, message=message)
    with desk.store.writing() as unit:
        locked = hold(desk.installation, unit, order)
        name = draft_name(message)
        was, saved_at = draft_of(locked, name, person.id) or (None, None)
        draft = after(was, typed, saved_at)
        moment = locked.at(at)
        store.work.answers.put_draft(unit, locked.key, name, person.id, draft.content(), moment)
    return draft
