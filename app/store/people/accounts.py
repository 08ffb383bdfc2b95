"""Accounts as rows: people, the groups they stand in and on which days, sessions, throttles.

Passwords and tokens come in hashed. The rules of signing in are casework's; tokens and links are
`access`'s.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from app.store.among import among
from app.store.database.unit import Unit
from app.store.people.guests import rows as guests
from app.store.people.tables import person, person_group, session, throttle

#: a first and a last day
Days = tuple[date | None, date | None]


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
    #: role → its first and last day in London, both included; None: it has no such end
    days: Mapping[str, Days] = field(default_factory=dict)

    def roles_on(self, day: date) -> tuple[str, ...]:
        """Those of the roles that count on this day."""
        return tuple(role for role in self.roles if counts(self.days.get(role), day))


def counts(days: Days | None, day: date) -> bool:
    first, last = days or (None, None)
    return (first is None or first <= day) and (last is None or day <= last)


@dataclass(frozen=True, slots=True)
class SessionRow:
    person: str
    at: datetime
    seen_at: datetime
    expires_at: datetime
    #: the browser, in plain words
    device: str | None = None


NAMES = ("id", "name", "email", "roles", "attributes", "password", "disabled", "role_days")
_PERSON = select(*(person.c[n] for n in NAMES))
_BY_ID = _PERSON.where(person.c.id == bindparam("person"))
_BY_NAME = _PERSON.where(
    or_(person.c.id == bindparam("given"), func.lower(person.c.email) == bindparam("given"))
)
_SOME = select(person.c.id, person.c.name).where(among(person.c.id, "ids"))
_CONTACTS = select(person.c.id, person.c.name, person.c.email).where(
    among(person.c.id, "ids"), ~person.c.disabled
)
_OF_IDS = _PERSON.where(among(person.c.id, "ids")).order_by(person.c.id)
_ALL = _PERSON.order_by(person.c.name)
_PUT = upsert(person)
_PUT = _PUT.on_conflict_do_update(
    index_elements=["id"],
    set_={
        **{n: _PUT.excluded[n] for n in ("name", "email", "roles", "attributes", "role_days")},
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
    .where(
        person_group.c.group == bindparam("name_of"),
        ~person.c.disabled,
        or_(person_group.c.first.is_(None), person_group.c.first <= bindparam("day")),
        or_(person_group.c.last.is_(None), person_group.c.last >= bindparam("day")),
    )
    .order_by(person.c.id)
)

_ADD_SESSION = insert(session)
#: of a `SessionRow`
SESSION_NAMES = ("person", "at", "seen_at", "expires_at", "device")
_SESSIONS = select(session.c.hash, *(session.c[name] for name in SESSION_NAMES))
_SESSION = _SESSIONS.where(session.c.hash == bindparam("which"))
_OF_PERSON = _SESSIONS.where(session.c.person == bindparam("who"))
_OF_PERSON = _OF_PERSON.order_by(session.c.seen_at.desc(), session.c.hash)
_SEEN = update(session).where(session.c.hash == bindparam("which"))
_SEEN = _SEEN.values(seen_at=bindparam("now"))
_END = delete(session).where(session.c.hash == bindparam("which"))
_END_ALL = delete(session).where(session.c.person == bindparam("who"))
_OLD = delete(session).where(session.c.expires_at < bindparam("now"))

_THROTTLE = select(throttle.c.what, throttle.c.failures, throttle.c.last_at)
_THROTTLE = _THROTTLE.where(throttle.c.what.in_(bindparam("whats", expanding=True)))
_LEFT = upsert(throttle)
_LEFT = _LEFT.on_conflict_do_update(
    index_elements=["what"],
    set_={name: _LEFT.excluded[name] for name in ("failures", "last_at")},
)
_FORGIVE = delete(throttle).where(throttle.c.what == bindparam("which"))
_UNCOUNT = update(throttle).where(throttle.c.what == bindparam("which"), throttle.c.failures > 0)
_UNCOUNT = _UNCOUNT.values(failures=throttle.c.failures - 1)


def from_row(row: Any) -> PersonRow:
    id, name, email, roles, attributes, password, disabled, stored = row
    held = tuple(json.loads(roles))
    days = {role: _days(*each) for role, each in json.loads(stored or "{}").items()}
    return PersonRow(id, name, email, held, json.loads(attributes), password, disabled, days)


def _days(first: str | None, last: str | None) -> Days:
    return _day(first), _day(last)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def find(unit: Unit, id: str) -> PersonRow | None:
    row = unit.row(_BY_ID, {"person": id})
    return None if row is None else from_row(row)


def find_by_name(unit: Unit, given: str) -> PersonRow | None:
    """By id or, whatever its capitals, e-mail address."""
    row = unit.row(_BY_NAME, {"given": given.strip().lower()})
    return None if row is None else from_row(row)


def names(unit: Unit, ids: Sequence[str]) -> dict[str, str]:
    """Of people with an account, and of guests."""
    return dict(unit.rows(_SOME, {"ids": list(ids)})) | guests.names(unit, ids) if ids else {}


def contacts(unit: Unit, ids: Iterable[str]) -> dict[str, tuple[str, str | None]]:
    """Id → name and address, of those that can sign in."""
    asked = sorted(ids)
    rows = unit.rows(_CONTACTS, {"ids": asked}) if asked else ()
    return {id: (name, email) for id, name, email in rows}


def some(unit: Unit, ids: Iterable[str]) -> list[PersonRow]:
    """Of these those with an account."""
    asked = sorted(ids)
    return [from_row(row) for row in unit.rows(_OF_IDS, {"ids": asked})] if asked else []


def everybody(unit: Unit) -> list[PersonRow]:
    return [from_row(row) for row in unit.rows(_ALL)]


def put(unit: Unit, row: PersonRow, groups: Sequence[str], at: datetime) -> None:
    """New or changed; a password of None leaves the old one."""
    days = {role: [_iso(first), _iso(last)] for role, (first, last) in row.days.items()}
    given = {
        "id": row.id,
        "name": row.name,
        "email": row.email,
        "roles": json.dumps(row.roles),
        "attributes": json.dumps(dict(row.attributes), sort_keys=True),
        "password": row.password,
        "disabled": row.disabled,
        "at": at,
        "role_days": json.dumps(days, sort_keys=True) if days else None,
    }
    unit.run(_PUT, given)
    unit.run(_UNGROUP, {"who": row.id})
    unit.many(_GROUP, [_group(row.id, group, days) for group in sorted(set(groups))])


def _group(person: str, group: str, days: Mapping[str, list[str | None]]) -> dict[str, Any]:
    """A group counts as long as the role that it begins with."""
    first, last = days.get(group.partition(":")[0]) or (None, None)
    return {"group": group, "person": person, "first": first, "last": last}


def set_password(unit: Unit, id: str, hashed: str) -> None:
    unit.run(_PASSWORD, {"who": id, "hashed": hashed})


def disable(unit: Unit, id: str, off: bool = True) -> None:
    """Ends all sessions too."""
    unit.run(_DISABLE, {"who": id, "off": off})
    unit.run(_END_ALL, {"who": id})


def in_group(unit: Unit, group: str, day: date) -> list[PersonRow]:
    """Who stands in it on this day in London, and can sign in."""
    given = {"name_of": group, "day": day.isoformat()}
    return [from_row(row) for row in unit.rows(_IN_GROUP, given)]


def add_session(unit: Unit, hash: bytes, row: SessionRow) -> None:
    given = {"hash": hash, "person": row.person, "at": row.at, "seen_at": row.seen_at}
    unit.run(_OLD, {"now": row.at})
    unit.run(_ADD_SESSION, given | {"expires_at": row.expires_at, "device": row.device})


def find_session(unit: Unit, hash: bytes) -> SessionRow | None:
    row = unit.row(_SESSION, {"which": hash})
    return None if row is None else SessionRow(*row[1:])


def sessions_of(unit: Unit, person: str) -> list[tuple[bytes, SessionRow]]:
    """(hash, session), the one seen last first; also those that are over and not yet swept."""
    return [(row[0], SessionRow(*row[1:])) for row in unit.rows(_OF_PERSON, {"who": person})]


def seen(unit: Unit, hash: bytes, at: datetime) -> None:
    unit.run(_SEEN, {"which": hash, "now": at})


def end_session(unit: Unit, hash: bytes) -> None:
    unit.run(_END, {"which": hash})


def end_sessions(unit: Unit, person: str) -> None:
    unit.run(_END_ALL, {"who": person})


def failures(unit: Unit, what: Sequence[str]) -> dict[str, tuple[int, datetime]]:
    rows = unit.rows(_THROTTLE, {"whats": list(what)})
    return {key: (count, at) for key, count, at in rows}


def leave(unit: Unit, what: str, failures: int, at: datetime) -> None:
    """How many failures are left to count at this instant."""
    unit.run(_LEFT, {"what": what, "failures": failures, "last_at": at})


def forgive(unit: Unit, what: str) -> None:
    unit.run(_FORGIVE, {"which": what})


def uncount(unit: Unit, what: str) -> None:
    """Takes back one failure that was counted in advance."""
    unit.run(_UNCOUNT, {"which": what})
