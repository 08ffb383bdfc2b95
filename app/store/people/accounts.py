"""Accounts as rows: people, groups they stand in, sessions, API tokens, throttles.

Passwords and tokens come in hashed. The rules of signing in are casework's.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.store.database.unit import Unit
from app.store.people.tables import person, person_group, session, throttle, token


@dataclass(frozen=True, slots=True)
class PersonRow:
    id: str
    name: str
    email: str | None
    roles: tuple[str, ...]
    attributes: Mapping[str, str]
    #: argon2id; None: cannot sign in with a password
    password: str | None
    disabled: bool


@dataclass(frozen=True, slots=True)
class SessionRow:
    person: str
    at: datetime
    seen_at: datetime
    expires_at: datetime


_NAMES = ("id", "name", "email", "roles", "attributes", "password", "disabled")
_PERSON = select(*(person.c[n] for n in _NAMES))
_BY_ID = _PERSON.where(person.c.id == bindparam("person"))
_BY_NAME = _PERSON.where(
    or_(person.c.id == bindparam("given"), func.lower(person.c.email) == bindparam("given"))
)
_SOME = select(person.c.id, person.c.name).where(person.c.id.in_(bindparam("ids", expanding=True)))
_ALL = _PERSON.order_by(person.c.name)
_PUT = upsert(person)
_PUT = _PUT.on_conflict_do_update(
    index_elements=["id"],
    set_={
        **{n: _PUT.excluded[n] for n in ("name", "email", "roles", "attributes")},
        "password": func.coalesce(_PUT.excluded.password, person.c.password),
    },
)
_DISABLE = update(person).where(person.c.id == bindparam("who"))
_DISABLE = _DISABLE.values(disabled=bindparam("off"))
_PASSWORD = update(person).where(person.c.id == bindparam("who"))
_PASSWORD = _PASSWORD.values(password=bindparam("hashed"))
_UNGROUP = delete(person_group).where(person_group.c.person == bindparam("who"))
_GROUP = insert(person_group)
_IN_GROUP = (
    _PERSON.join(person_group, person_group.c.person == person.c.id)
    .where(person_group.c.group == bindparam("name_of"), ~person.c.disabled)
    .order_by(person.c.id)
)

_ADD_SESSION = insert(session)
_SESSION = select(session.c.person, session.c.at, session.c.seen_at, session.c.expires_at)
_SESSION = _SESSION.where(session.c.hash == bindparam("which"))
_SEEN = update(session).where(session.c.hash == bindparam("which"))
_SEEN = _SEEN.values(seen_at=bindparam("now"))
_END = delete(session).where(session.c.hash == bindparam("which"))
_END_ALL = delete(session).where(session.c.person == bindparam("who"))
_OLD = delete(session).where(session.c.expires_at < bindparam("now"))

_ADD_TOKEN = insert(token)
_TOKEN = select(token.c.person).where(
    token.c.hash == bindparam("which"),
    token.c.revoked_at.is_(None),
    or_(token.c.expires_at.is_(None), token.c.expires_at > bindparam("now")),
)
_REVOKE = update(token).where(
    token.c.person == bindparam("who"), token.c.name == bindparam("which")
)
_REVOKE = _REVOKE.values(revoked_at=bindparam("now"))

_THROTTLE = select(throttle.c.what, throttle.c.failures, throttle.c.last_at)
_THROTTLE = _THROTTLE.where(throttle.c.what.in_(bindparam("whats", expanding=True)))
_FAIL = upsert(throttle).values(what=bindparam("which"), failures=1, last_at=bindparam("now"))
_FAIL = _FAIL.on_conflict_do_update(
    index_elements=["what"],
    set_={"failures": throttle.c.failures + 1, "last_at": _FAIL.excluded.last_at},
)
_FORGIVE = delete(throttle).where(throttle.c.what == bindparam("which"))
_UNCOUNT = update(throttle).where(throttle.c.what == bindparam("which"), throttle.c.failures > 0)
_UNCOUNT = _UNCOUNT.values(failures=throttle.c.failures - 1)


def _person(row: Any) -> PersonRow:
    id, name, email, roles, attributes, password, disabled = row
    held = tuple(json.loads(roles))
    return PersonRow(id, name, email, held, json.loads(attributes), password, disabled)


def find(unit: Unit, id: str) -> PersonRow | None:
    row = unit.row(_BY_ID, {"person": id})
    return None if row is None else _person(row)


def find_by_name(unit: Unit, given: str) -> PersonRow | None:
    """By id or, whatever its capitals, e-mail address."""
    row = unit.row(_BY_NAME, {"given": given.strip().lower()})
    return None if row is None else _person(row)


def names(unit: Unit, ids: Sequence[str]) -> dict[str, str]:
    return dict(unit.rows(_SOME, {"ids": list(ids)})) if ids else {}


def everybody(unit: Unit) -> list[PersonRow]:
    return [_person(row) for row in unit.rows(_ALL)]


def put(unit: Unit, row: PersonRow, groups: Sequence[str], at: datetime) -> None:
    """New or changed; a password of None leaves the old one."""
    given = {
        "id": row.id,
        "name": row.name,
        "email": row.email,
        "roles": json.dumps(row.roles),
        "attributes": json.dumps(dict(row.attributes), sort_keys=True),
        "password": row.password,
        "disabled": row.disabled,
        "at": at,
    }
    unit.run(_PUT, given)
    unit.run(_UNGROUP, {"who": row.id})
    unit.many(_GROUP, [{"group": group, "person": row.id} for group in sorted(set(groups))])


def set_password(unit: Unit, id: str, hashed: str) -> None:
    unit.run(_PASSWORD, {"who": id, "hashed": hashed})


def disable(unit: Unit, id: str, off: bool = True) -> None:
    """Ends all sessions too."""
    unit.run(_DISABLE, {"who": id, "off": off})
    unit.run(_END_ALL, {"who": id})


def in_group(unit: Unit, group: str) -> list[PersonRow]:
    return [_person(row) for row in unit.rows(_IN_GROUP, {"name_of": group})]


def add_session(unit: Unit, hash: bytes, row: SessionRow) -> None:
    given = {"hash": hash, "person": row.person, "at": row.at, "seen_at": row.seen_at}
    unit.run(_OLD, {"now": row.at})
    unit.run(_ADD_SESSION, given | {"expires_at": row.expires_at})


def find_session(unit: Unit, hash: bytes) -> SessionRow | None:
    row = unit.row(_SESSION, {"which": hash})
    return None if row is None else SessionRow(*row)


def seen(unit: Unit, hash: bytes, at: datetime) -> None:
    unit.run(_SEEN, {"which": hash, "now": at})


def end_session(unit: Unit, hash: bytes) -> None:
    unit.run(_END, {"which": hash})


def end_sessions(unit: Unit, person: str) -> None:
    unit.run(_END_ALL, {"who": person})


def add_token(
    unit: Unit, hash: bytes, person: str, name: str, at: datetime, expires: datetime | None
) -> None:
    given = {"hash": hash, "person": person, "name": name, "at": at, "expires_at": expires}
    unit.run(_ADD_TOKEN, given)


def token_person(unit: Unit, hash: bytes, at: datetime) -> str | None:
    """Whose API token this is; None when unknown, expired or revoked."""
    holder: str | None = unit.value(_TOKEN, {"which": hash, "now": at})
    return holder


def revoke_token(unit: Unit, person: str, name: str, at: datetime) -> None:
    unit.run(_REVOKE, {"who": person, "which": name, "now": at})


def failures(unit: Unit, what: Sequence[str]) -> dict[str, tuple[int, datetime]]:
    rows = unit.rows(_THROTTLE, {"whats": list(what)})
    return {key: (count, at) for key, count, at in rows}


def fail(unit: Unit, what: str, at: datetime) -> None:
    unit.run(_FAIL, {"which": what, "now": at})


def forgive(unit: Unit, what: str) -> None:
    unit.run(_FORGIVE, {"which": what})


def uncount(unit: Unit, what: str) -> None:
    """Takes back one failure that was counted in advance."""
    unit.run(_UNCOUNT, {"which": what})
