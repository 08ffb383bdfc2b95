"""Work accounts as rows: who an account is at a provider, which sessions began there, what is
spent.

Keyed by what the provider calls itself and the person. The rules are casework's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from app.store.database.unit import Unit
from app.store.people.proof.tables import identity, session_origin, spent
from app.store.people.tables import session


@dataclass(frozen=True, slots=True)
class IdentityRow:
    issuer: str
    subject: str
    person: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a session began."""

    issuer: str
    subject: str
    sid: str | None
    #: sealed
    body: bytes | None


#: for which the token of a session's origin is sealed
PLACE = "token of a provider"

_IDENTITY = select(*(identity.c[n] for n in ("issuer", "subject", "person", "at", "by")))
_FIND = _IDENTITY.where(
    identity.c.issuer == bindparam("of"), identity.c.subject == bindparam("called")
)
_OF_PERSON = _IDENTITY.where(identity.c.person == bindparam("who")).order_by(
    identity.c.issuer, identity.c.subject
)
_ADD = insert(identity)
_REMOVE = delete(identity).where(
    identity.c.issuer == bindparam("of"), identity.c.subject == bindparam("called")
)
_ORIGIN = select(*(session_origin.c[n] for n in ("issuer", "subject", "sid", "body")))
_ORIGIN = _ORIGIN.where(session_origin.c.session == bindparam("which"))
_ADD_ORIGIN = insert(session_origin)
_OVER = delete(session_origin).where(session_origin.c.session.not_in(select(session.c.hash)))
_BEGAN = select(session_origin.c.session).where(session_origin.c.issuer == bindparam("of"))
_BY_SUBJECT = _BEGAN.where(session_origin.c.subject == bindparam("called"))
_BY_SID = _BEGAN.where(session_origin.c.sid == bindparam("sid"))
_SPEND = upsert(spent).on_conflict_do_nothing()
_SPENT_OVER = delete(spent).where(spent.c.until < bindparam("now"))


def find(unit: Unit, issuer: str, subject: str) -> IdentityRow | None:
    row = unit.row(_FIND, {"of": issuer, "called": subject})
    return None if row is None else IdentityRow(*row)


def of_person(unit: Unit, person: str) -> list[IdentityRow]:
    return [IdentityRow(*row) for row in unit.rows(_OF_PERSON, {"who": person})]


def add(unit: Unit, row: IdentityRow) -> None:
    """Raises `Clash` where the subject has an account already."""
    given = {"issuer": row.issuer, "subject": row.subject, "person": row.person}
    unit.run(_ADD, given | {"at": row.at, "by": row.by})


def remove(unit: Unit, issuer: str, subject: str) -> None:
    unit.run(_REMOVE, {"of": issuer, "called": subject})


def add_origin(unit: Unit, hash: bytes, origin: Origin) -> None:
    """Where the session with this hash began; those of sessions that are over go."""
    unit.run(_OVER)
    given = {"session": hash, "issuer": origin.issuer, "subject": origin.subject}
    unit.run(_ADD_ORIGIN, given | {"sid": origin.sid, "body": origin.body})


def origin(unit: Unit, hash: bytes) -> Origin | None:
    row = unit.row(_ORIGIN, {"which": hash})
    return None if row is None else Origin(*row)


def sessions_of(unit: Unit, issuer: str, subject: str | None, sid: str | None) -> Sequence[bytes]:
    """Hashes of the sessions that began there: the one called `sid`, or all of the subject."""
    if sid is not None:
        return [row[0] for row in unit.rows(_BY_SID, {"of": issuer, "sid": sid})]
    return [row[0] for row in unit.rows(_BY_SUBJECT, {"of": issuer, "called": subject})]


def spend(unit: Unit, hash: bytes, until: datetime, at: datetime) -> bool:
    """Whether it is the first time; `until`: when it could serve nobody any more."""
    unit.run(_SPENT_OVER, {"now": at})
    return unit.run(_SPEND, {"hash": hash, "until": until}).rowcount == 1
