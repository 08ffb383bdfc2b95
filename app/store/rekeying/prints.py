"""Keyed hashes: those of what is sealed elsewhere are made anew, the others forgotten."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, bindparam, delete, select, update

from app.store import cases
from app.store.database.errors import Sealed, WrongKey
from app.store.database.unit import Unit
from app.store.people.guests import rows as guests
from app.store.people.guests.tables import guest, guest_code
from app.store.people.tables import throttle
from app.store.schema import idempotency

KEYED: tuple[Column[Any], ...] = (
    guest.c.print, guest_code.c.hash, idempotency.c.request, throttle.c.what,
)  # fmt: skip

_GUESTS = select(guest.c.id, guest.c.case_id, guest.c.body, guest.c.print)
_PRINT = update(guest).where(guest.c.id == bindparam("which")).values(print=bindparam("anew"))
_NO_REQUEST = update(idempotency).values(request=b"")
_NO_TRIES = delete(throttle)


def print_anew(unit: Unit, anew: Unit) -> list[str]:
    """What a guest was asked as is sealed with the case's key, so its print can be made again; the
    keys of cases are wrapped anew before. Gives those of whom it cannot: "guest <id>"."""
    closed = []
    for id, case, body, was in unit.rows(_GUESTS):
        try:
            kept = cases.key_of(anew, case).open(body, guests.place(id))
        except (Sealed, WrongKey):
            kept = b""
        if guests.print_of(unit, kept) == was:
            unit.run(_PRINT, {"which": id, "anew": guests.print_of(anew, kept)})
        else:
            closed.append(f"guest {id}")
    return closed


def forget(unit: Unit) -> None:
    """Of a repeated request only its kind can be compared from here on; who failed to sign in
    begins anew. Codes that were told to guests serve no more, and last a quarter of an hour."""
    unit.run(_NO_REQUEST)
    unit.run(_NO_TRIES)
