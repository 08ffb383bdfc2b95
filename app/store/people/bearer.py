"""Who sends a request, in one look: the token or session, its holder, for whom they cover."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, Table, and_, bindparam, select

from app.store.database.unit import Unit
from app.store.people import access, accounts, covers
from app.store.people.access import TokenRow
from app.store.people.accounts import PersonRow, SessionRow
from app.store.people.authority.tables import cover_agreed
from app.store.people.covers import CoverRow
from app.store.people.tables import cover, cover_end, person, session, token

#: a cover, and the account of who is away
Covered = tuple[CoverRow, PersonRow | None]
_away = person.alias("away")
_PERSON = [person.c[name] for name in accounts.NAMES]
_AWAY = [_away.c[name] for name in accounts.NAMES]
_TO_COVER = len(_PERSON)
_TO_AWAY = _TO_COVER + len(covers.COLUMNS)
_TO_OWN = _TO_AWAY + len(_AWAY)
_RUNNING = and_(
    cover.c.cover == person.c.id,
    cover.c.last >= bindparam("day"),
    cover.c.first <= bindparam("day"),
)


def _held_by(table: Table, names: Sequence[str]) -> Select[Any]:
    """The row of the table with a hash, its holder, and for whom they cover."""
    own = [table.c[name] for name in names]
    return (
        select(*_PERSON, *covers.COLUMNS, *_AWAY, *own)
        .outerjoin_from(table, person, person.c.id == table.c.person)
        .outerjoin(cover, _RUNNING)
        .outerjoin(cover_end, cover_end.c.cover == cover.c.id)
        .outerjoin(cover_agreed, cover_agreed.c.cover == cover.c.id)
        .outerjoin(_away, _away.c.id == cover.c.person)
        .where(table.c.hash == bindparam("which"))
        .order_by(cover.c.at.desc(), cover.c.id)
    )


_BEARER = _held_by(token, access.NAMES)
_HOLDER = _held_by(session, accounts.SESSION_NAMES)


@dataclass(frozen=True, slots=True)
class Holder:
    person: PersonRow | None
    #: in which they cover for others, the newest first
    covers: Sequence[Covered]


@dataclass(frozen=True, slots=True)
class Bearer(Holder):
    token: TokenRow


@dataclass(frozen=True, slots=True)
class Seated(Holder):
    session: SessionRow


def of(unit: Unit, hash: bytes, day: date, at: datetime) -> Bearer | None:
    """By the hash of a token; `day`: that of the instant `at` in London. It may be over."""
    rows = unit.rows(_BEARER, {"which": hash, "day": day.isoformat()})
    return Bearer(*_holder(rows, day, at), access.from_row(rows[0][_TO_OWN:])) if rows else None


def of_session(unit: Unit, hash: bytes, day: date, at: datetime) -> Seated | None:
    """As `of`, by the hash of a session."""
    rows = unit.rows(_HOLDER, {"which": hash, "day": day.isoformat()})
    return Seated(*_holder(rows, day, at), SessionRow(*rows[0][_TO_OWN:])) if rows else None


def _holder(
    rows: Sequence[Any], day: date, at: datetime
) -> tuple[PersonRow | None, Sequence[Covered]]:
    held = rows[0][:_TO_COVER]
    running = (
        (covers.from_row(row[_TO_COVER:_TO_AWAY]), row[_TO_AWAY:_TO_OWN])
        for row in rows
        if row[_TO_COVER] is not None
    )
    return (
        None if held[0] is None else accounts.from_row(held),
        [
            (each, None if away[0] is None else accounts.from_row(away))
            for each, away in running
            if each.runs(day, at)
        ],
    )
