"""Taking away somebody's second factors, or their work account: by who keeps accounts alone."""

from __future__ import annotations

from datetime import datetime

from app import store
from app.casework.access import Person
from app.casework.cases import LogKind, log_entry
from app.casework.desk import Desk
from app.casework.errors import NotFound, Refused
from app.casework.people.proof import demand
from app.casework.people.rules import may_change
from app.store import PersonRow, Rows

_FACTORS = ("totp", "recovery_code", "passkey")


def reset(desk: Desk, by: Person, person: str, at: datetime) -> PersonRow:
    """App, recovery codes and passkeys serve no more, and every session ends. Whoever needs a
    second factor sets up a new one when they sign in next. NotFound, Refused."""
    with desk.store.writing() as unit:
        row = may_change(desk, unit, by, person, at)
        has = demand.has(unit, person)
        if not has.any and not has.codes_left:
            raise Refused(f"{row.name} has no second factor.")
        store.people.factors.remove_app(unit, person)
        store.people.factors.put_codes(unit, person, (), at)
        store.people.factors.remove_passkeys(unit, person)
        store.people.accounts.end_sessions(unit, person)
        said = {"person": person, "name": row.name}
        rows = [Rows(table, {"person": person}) for table in _FACTORS]
        rows.append(store.session_rows(person))
        kind = LogKind.RESET_SECOND_FACTOR
        log_entry(desk.installation, unit, kind, by, at, said, about=[person], rows=rows)
    return row


def unlink(
    desk: Desk, by: Person, person: str, issuer: str, subject: str, at: datetime
) -> PersonRow:
    """They sign in with this work account no more; sessions end. NotFound, Refused."""
    with desk.store.writing() as unit:
        row = may_change(desk, unit, by, person, at)
        known = store.people.identities.find(unit, issuer, subject)
        if known is None or known.person != person:
            raise NotFound
        store.people.identities.remove(unit, issuer, subject)
        store.people.accounts.end_sessions(unit, person)
        said = {"person": person, "name": row.name, "issuer": issuer, "subject": subject}
        rows = [Rows("identity", {"issuer": issuer, "subject": subject})]
        rows.append(store.session_rows(person))
        kind = LogKind.UNLINK_IDENTITY
        log_entry(desk.installation, unit, kind, by, at, said, about=[person], rows=rows)
    return row
