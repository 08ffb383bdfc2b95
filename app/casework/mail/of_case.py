"""What was mailed of one case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from app import store
from app.casework import policy
from app.casework.access import Person
from app.casework.desk import Desk
from app.casework.mail.page import MailLine, line_of
from app.casework.reading.look import Look, look


def case_mail(desk: Desk, person: Person, case: str, at: datetime) -> tuple[MailLine, ...]:
    """Everything the case mailed. NotFound for who may not; it is written down as a look."""
    with look(desk, person, case, at, "mail", by="case mail") as seen:
        rows = store.work.letters.of_case(seen.unit, seen.row.id)
        return tuple(line_of(seen.unit, row, seen.row.reference) for row in rows)


def mails_of(seen: Look) -> Mapping[str, int] | None:
    """State → how many mails of the case; None for who may not see them."""
    roles = seen.locked.installation.roles
    rule = policy.rule("case mail")
    if not rule.allows(lambda power: roles.may(seen.person, power)):
        return None
    return store.work.letters.count(seen.unit, seen.row.id)
