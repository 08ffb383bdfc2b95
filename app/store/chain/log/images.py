"""Rows of the tables that the log speaks of, as it says them: read after a change, and compared.

A text that is secret or sealed is said by its SHA-256 alone, so the log holds no password's hash
and no reason of an absence, and still a changed one shows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table, bindparam, select

from app.store.chain.history import stamp
from app.store.database.unit import Unit
from app.store.people.authority.tables import (
    conflict,
    conflict_end,
    cover_agreed,
    opened_case,
    version_base,
)
from app.store.people.guests.tables import guest, guest_code, guest_link, guest_session
from app.store.people.proof.tables import identity, passkey, recovery_code, totp
from app.store.people.tables import (
    cover,
    cover_end,
    link,
    person,
    person_group,
    session,
    signing,
    token,
)
from app.store.schema import activation, deployment, settings

#: every row of these stands in the log: name → the table
LOGGED: dict[str, Table] = {
    table.name: table
    for table in (
        person, person_group, token, link, cover, cover_end, deployment, activation, settings,
        signing, cover_agreed, opened_case, conflict, conflict_end, version_base,
        identity, totp, recovery_code, passkey, session, guest, guest_link, guest_code,
        guest_session,
    )
}  # fmt: skip
#: columns that change without an order, when something is looked at
UNLOGGED = {
    ("token", "used_at"), ("totp", "counter"), ("passkey", "sign_count"), ("passkey", "used_at"),
    ("guest_code", "tries"), ("guest_session", "seen_at"),
    ("session", "seen_at"),
}  # fmt: skip
#: columns said by their digest
DIGESTED = {("person", "password"), ("cover", "body"), ("settings", "content"),
            ("conflict", "body"), ("totp", "body"),
            ("guest", "body"), ("guest", "name")}  # fmt: skip

Image = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one table that an order may have touched: all whose columns are so."""

    table: str
    where: Mapping[str, Any]


def account_rows(person: str) -> list[Rows]:
    """What an order touches that changes an account."""
    return [Rows("person", {"id": person}), Rows("person_group", {"person": person})]


def session_rows(person: str) -> Rows:
    """Where they are signed in."""
    return Rows("session", {"person": person})


def read(unit: Unit, rows: Rows) -> list[Image]:
    """How they are now, in the order of their keys."""
    table = LOGGED[rows.table]
    where = [table.c[name] == bindparam(f"w_{name}") for name in rows.where]
    asked = select(table).where(*where).order_by(*table.primary_key.columns)
    given = {f"w_{name}": value for name, value in rows.where.items()}
    return [said(rows.table, row._mapping) for row in unit.rows(asked, given)]


def everything(unit: Unit) -> Iterator[tuple[str, list[Image]]]:
    """(table, all its rows), table by table."""
    for name in LOGGED:
        yield name, read(unit, Rows(name, {}))


def key(table: str, image: Mapping[str, Any]) -> tuple[str, ...]:
    """What names the row in its table."""
    return tuple(str(image.get(column.name)) for column in LOGGED[table].primary_key.columns)


def said(table: str, row: Mapping[Any, Any]) -> Image:
    return {
        str(name): _said(value, (table, str(name)) in DIGESTED)
        for name, value in row.items()
        if (table, str(name)) not in UNLOGGED
    }


def _said(value: Any, digested: bool) -> Any:
    if digested and value is not None:
        content = value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")
        return hashlib.sha256(content).hexdigest()
    if isinstance(value, datetime):
        return stamp(value)
    return value.hex() if isinstance(value, bytes) else value
