"""Whether somebody wants each mail at once, or one mail a day for what may wait.

Which mails may wait the drawing says; when the daily one goes and what it says is the scheduler's.
"""

from __future__ import annotations

from datetime import datetime

from app.casework.access import Person
from app.casework.desk import Desk
from app.store.work import daily


def wants_daily(desk: Desk, person: Person) -> bool:
    with desk.store.reading() as unit:
        return bool(daily.wanting(unit, [person.id]))


def choose(desk: Desk, person: Person, wants: bool, at: datetime) -> None:
    """Whoever wants each at once gets what waits now."""
    with desk.store.writing() as unit:
        daily.choose(unit, person.id, wants)
        if not wants:
            daily.release(unit, person.id, at)
