"""Who sends a request with a token, in one look: the token, its holder, for whom they cover."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, bindparam, select

from app.store.database.unit import Unit
from app.store.people import access, accounts, covers
from app.store.people.access import TokenRow
from app.store.people.accounts import PersonRow
from app.store.people.authority.tables import cover_agreed
from app.store.people.covers import CoverRow
from app.store.people.tables import cover, cover_end, person, token

#: a cover, and the account of who is away
Covered = tuple[CoverRow, PersonRow | None]
_away = person.alias("away")
_PERSON = [person.c[name] for name in accounts.NAMES]
_AWAY = [_away.c[name] for name in accounts.NAMES]
_TO_PERSON = len(access.NAMES)
_TO_COVER = _TO_PERSON + len(_PERSON)
_TO_AWAY = _TO_COVER + len(covers.COLUMNS)
_RUNNING = and_(
    cover.c.cover == person.c.id,
    cover.c.last >= bindparam("day"),
    cover.c.first <= bindparam("day"),
)
_BEARER = (
    select(*(token.c[name] for name in access.NAMES), *_PERSON, *covers.COLUMNS, *_AWAY)
    .outerjoin_from(token, person, person.c.id == token.c.person)
    .outerjoin(cover, _RUNNING)
    .outerjoin(cover_end, cover_end.c.cover == cover.c.id)
    .outerjoin(cover_agreed, cover_agreed.c.cover == cover.c.id)
    .outerjoin(_away, _away.c.id == cover.c.person)
    .where(token.c.hash == bindparam("which"))
    .order_by(cover.c.at.desc(), cover.c.id)
)


@dataclass(frozen=True, slots=True)
class Bearer:
    token: TokenRow
    person: PersonRow | None
    #: in which they cover for others, the newest first
    covers: Sequence[Covered]


def of(unit: Unit, hash: bytes, day: date, at: datetime) -> Bearer | None:
    """By the hash of the secret; `day`: that of the instant `at` in London. It may be over."""
    rows = unit.rows(_BEARER, {"which": hash, "day": day.isoformat()})
    if not rows:
        return None
    first = rows[0]
    held = first[_TO_PERSON:_TO_COVER]
    running = (
        (covers.from_row(row[_TO_COVER:_TO_AWAY]), row[_TO_AWAY:])
        for row in rows
        if row[_TO_COVER] is not None
    )
    return Bearer(
        access.from_row(first[:_TO_PERSON]),
        None if held[0] is None else accounts.from_row(held),
        [
            (each, None if away[0] is None else accounts.from_row(away))
            for each, away in running
            if each.runs(day, at)
        ],
    )
