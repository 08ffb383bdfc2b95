"""API tokens and one-time links as rows: only hashes of what is shown once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from app.store.database.unit import Unit
from app.store.people.tables import link, token

#: how a link ended
USED, REPLACED, WITHDRAWN = "used", "replaced", "withdrawn"


@dataclass(frozen=True, slots=True)
class TokenRow:
    hash: bytes
    person: str
    name: str
    at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None = None
    #: what it may be used for; None: as before tokens had scopes, all
    scope: tuple[str, ...] | None = None
    by: str | None = None
    used_at: datetime | None = None

    def serves(self, at: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > at)


@dataclass(frozen=True, slots=True)
class LinkRow:
    hash: bytes
    person: str
    at: datetime
    by: str
    expires_at: datetime
    ended_at: datetime | None = None
    how: str | None = None

    def serves(self, at: datetime) -> bool:
        return self.ended_at is None and self.expires_at > at


NAMES = (
    "hash", "person", "name", "at", "expires_at", "revoked_at", "scope", "by", "used_at",
)  # fmt: skip
_TOKENS = select(*(token.c[name] for name in NAMES)).order_by(token.c.person, token.c.name)
_TOKEN = _TOKENS.where(token.c.hash == bindparam("which"))
_OF_PERSON = _TOKENS.where(token.c.person == bindparam("who"))
_ADD_TOKEN = insert(token)
_REVOKE = update(token).where(token.c.hash == bindparam("which"), token.c.revoked_at.is_(None))
_REVOKE = _REVOKE.values(revoked_at=bindparam("now"))
_USED = update(token).where(token.c.hash == bindparam("which")).values(used_at=bindparam("now"))
_LINKS = select(
    *(link.c[n] for n in ("hash", "person", "at", "by", "expires_at", "ended_at", "how"))
)
_LINK = _LINKS.where(link.c.hash == bindparam("which"))
_LOCK_LINK = _LINK.with_for_update()
_OPEN_LINKS = _LINKS.where(link.c.person == bindparam("who"), link.c.ended_at.is_(None))
_ADD_LINK = insert(link)
_END_LINK = update(link).where(link.c.hash == bindparam("which"), link.c.ended_at.is_(None))
_END_LINK = _END_LINK.values(ended_at=bindparam("now"), how=bindparam("way"))


def from_row(row: Any) -> TokenRow:
    values = dict(zip(NAMES, row, strict=True))
    scope = values.pop("scope")
    return TokenRow(**values, scope=None if scope is None else tuple(json.loads(scope)))


def add_token(unit: Unit, row: TokenRow) -> None:
    """Raises `Clash` where the person has, or had, one of this name."""
    given: dict[str, Any] = {name: getattr(row, name) for name in NAMES}
    given["scope"] = None if row.scope is None else json.dumps(row.scope)
    unit.run(_ADD_TOKEN, given)


def token_of(unit: Unit, hash: bytes) -> TokenRow | None:
    row = unit.row(_TOKEN, {"which": hash})
    return None if row is None else from_row(row)


def tokens_of(unit: Unit, person: str) -> list[TokenRow]:
    """All there ever were, by name."""
    return [from_row(row) for row in unit.rows(_OF_PERSON, {"who": person})]


def all_tokens(unit: Unit) -> list[TokenRow]:
    return [from_row(row) for row in unit.rows(_TOKENS)]


def revoke(unit: Unit, hash: bytes, at: datetime) -> None:
    unit.run(_REVOKE, {"which": hash, "now": at})


def used(unit: Unit, hash: bytes, at: datetime) -> None:
    unit.later(_USED, {"which": hash, "now": at})


def add_link(unit: Unit, row: LinkRow) -> None:
    given = {"hash": row.hash, "person": row.person, "at": row.at, "by": row.by}
    unit.run(_ADD_LINK, given | {"expires_at": row.expires_at})


def link_of(unit: Unit, hash: bytes, *, lock: bool = False) -> LinkRow | None:
    """`lock`: it is ours alone until the transaction ends."""
    row = unit.row(_LOCK_LINK if lock else _LINK, {"which": hash})
    return None if row is None else LinkRow(*row)


def open_links(unit: Unit, person: str) -> Sequence[LinkRow]:
    """Not used and not ended; their time may be over."""
    return [LinkRow(*row) for row in unit.rows(_OPEN_LINKS, {"who": person})]


def end_link(unit: Unit, hash: bytes, at: datetime, how: str) -> None:
    unit.run(_END_LINK, {"which": hash, "now": at, "way": how})
