"""Sending once more what was mailed about no case: notices, links, resets.

Of a case it is an order (`orders.mailing`).
"""

from __future__ import annotations

from datetime import datetime

from app import store
from app.casework.access import Person
from app.casework.cases import LogKind, log_entry
from app.casework.commands import SendAgain
from app.casework.desk import Desk
from app.casework.errors import NotFound
from app.casework.letters import addressee, once_more
from app.casework.orders import ORDERS


def send_again(desk: Desk, by: Person, letter: str, at: datetime) -> None:
    """NotFound for who may not, and for what is not there; Conflict while it is being sent."""
    if not ORDERS[SendAgain].allows(desk.roles, by):
        raise NotFound
    letters = store.work.letters
    with desk.store.writing() as unit:
        row = letters.find(unit, letters.NO_CASE, letter)
        if row is None:
            raise NotFound
        once_more(unit, row, at)
        about = [row.person] if row.person is not None else []
        said = {"letter": row.id, "name": addressee(unit, row)}
        log_entry(desk.installation, unit, LogKind.SEND_AGAIN, by, at, said, about=about)
