"""Short texts that belong to no case, sealed with the key-encryption key itself; and what devices
know people by, which must stay what it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Column, bindparam, select, update

from app.store.database.errors import Sealed
from app.store.database.keys import Keys
from app.store.database.unit import Unit
from app.store.people.authority.tables import conflict, notice
from app.store.people.proof import factors, identities
from app.store.people.proof.tables import passkey, session_origin, totp
from app.store.people.tables import cover, start_draft

#: (column, what names its row) → the place that it is sealed for
SEALED: dict[tuple[Column[Any], Column[Any]], Callable[[Any], str]] = {
    (cover.c.body, cover.c.id): lambda id: f"cover:{id}",
    (conflict.c.body, conflict.c.id): lambda id: f"conflict:{id}",
    (notice.c.body, notice.c.id): lambda id: f"notice:{id}",
    (start_draft.c.body, start_draft.c.id): lambda id: f"begun:{id}",
    (totp.c.body, totp.c.person): factors.place,
    (session_origin.c.body, session_origin.c.session): lambda _: identities.PLACE,
}
KEYED: tuple[Column[Any], ...] = (passkey.c.handle,)

_HANDLES = select(passkey.c.credential, passkey.c.person).where(passkey.c.handle.is_(None))
_HANDLE = update(passkey).where(passkey.c.credential == bindparam("which"))
_HANDLE = _HANDLE.values(handle=bindparam("stays"))


def seal(unit: Unit, new: Keys) -> list[str]:
    """Gives what the old key does not open: "<table> <row>"."""
    return [
        closed
        for (column, named), place in SEALED.items()
        for closed in _sealed(unit, new, column, named, place)
    ]


def _sealed(
    unit: Unit, new: Keys, column: Column[Any], named: Column[Any], place: Callable[[Any], str]
) -> list[str]:
    put = update(column.table).where(named == bindparam("which"))
    put = put.values({column.name: bindparam("anew")})
    closed = []
    for name, body in unit.rows(select(named, column).where(column.is_not(None))):
        try:
            sealed = new.seal(unit.keys.open(body, place(name)), place(name))
        except Sealed:
            said = name.hex() if isinstance(name, bytes) else name
            closed.append(f"{column.table.name} {said}")
            continue
        unit.run(put, {"which": name, "anew": sealed})
    return closed


def keep_handles(unit: Unit) -> None:
    """They lie in people's devices, which no change of keys reaches."""
    unit.many(
        _HANDLE,
        [
            {"which": credential, "stays": unit.keys.fingerprint(factors.handle_of(person))}
            for credential, person in unit.rows(_HANDLES)
        ],
    )
