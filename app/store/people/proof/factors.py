"""Second factors as rows: an authenticator app, recovery codes, passkeys.

Keys of apps come in sealed, codes hashed; of a passkey only the public half is known. The rules
are casework's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, func, insert, select, update

from app.store.database.unit import Unit
from app.store.people.proof.tables import passkey, recovery_code, totp


@dataclass(frozen=True, slots=True)
class TotpRow:
    person: str
    #: the key, sealed
    body: bytes
    at: datetime
    #: of the last code that was taken
    counter: int


@dataclass(frozen=True, slots=True)
class PasskeyRow:
    credential: bytes
    person: str
    name: str
    public_key: bytes
    at: datetime
    sign_count: int
    used_at: datetime | None = None
    #: by which the device knows the person; None: as `handle_of` makes it with the key in use
    handle: bytes | None = None


_TOTP = select(*(totp.c[n] for n in ("person", "body", "at", "counter")))
_TOTP = _TOTP.where(totp.c.person == bindparam("who"))
_ADD_TOTP = insert(totp)
_TAKE = update(totp).where(totp.c.person == bindparam("who"), totp.c.counter < bindparam("number"))
_TAKE = _TAKE.values(counter=bindparam("number"))
_NO_TOTP = delete(totp).where(totp.c.person == bindparam("who"))
_ADD_CODES = insert(recovery_code)
_USE_CODE = update(recovery_code).where(
    recovery_code.c.hash == bindparam("which"),
    recovery_code.c.person == bindparam("who"),
    recovery_code.c.used_at.is_(None),
)
_USE_CODE = _USE_CODE.values(used_at=bindparam("now"))
_CODES_LEFT = select(func.count()).select_from(recovery_code)
_CODES_LEFT = _CODES_LEFT.where(
    recovery_code.c.person == bindparam("who"), recovery_code.c.used_at.is_(None)
)
_NO_CODES = delete(recovery_code).where(recovery_code.c.person == bindparam("who"))
_PASSKEYS = select(
    *(passkey.c[n] for n in (
        "credential", "person", "name", "public_key", "at", "sign_count", "used_at", "handle",
    ))
)  # fmt: skip
_OF_PERSON = _PASSKEYS.where(passkey.c.person == bindparam("who")).order_by(passkey.c.name)
_PASSKEY = _PASSKEYS.where(passkey.c.credential == bindparam("which"))
_LOCK_PASSKEY = _PASSKEY.with_for_update()
_ADD_PASSKEY = insert(passkey)
_USED = update(passkey).where(passkey.c.credential == bindparam("which"))
_USED = _USED.values(sign_count=bindparam("count"), used_at=bindparam("now"))
_NO_PASSKEY = delete(passkey).where(
    passkey.c.person == bindparam("who"), passkey.c.name == bindparam("called")
)
_NO_PASSKEYS = delete(passkey).where(passkey.c.person == bindparam("who"))


def place(person: str) -> str:
    """For which the key of their app is sealed."""
    return f"totp:{person}"


def handle_of(person: str) -> bytes:
    """What of a person their devices are given, once it is hashed with a key: it tells nothing."""
    return f"passkeys of {person}".encode()


def app_of(unit: Unit, person: str) -> TotpRow | None:
    row = unit.row(_TOTP, {"who": person})
    return None if row is None else TotpRow(*row)


def add_app(unit: Unit, row: TotpRow) -> None:
    """Raises `Clash` where the person has one."""
    given = {"person": row.person, "body": row.body, "at": row.at, "counter": row.counter}
    unit.run(_ADD_TOTP, given)


def take(unit: Unit, person: str, counter: int) -> bool:
    """Whether the code of this counter, and no later one, was not yet taken; it is now."""
    return unit.run(_TAKE, {"who": person, "number": counter}).rowcount == 1


def remove_app(unit: Unit, person: str) -> None:
    unit.run(_NO_TOTP, {"who": person})


def put_codes(unit: Unit, person: str, hashes: Sequence[bytes], at: datetime) -> None:
    """These are the person's recovery codes from now on; none: there are none."""
    unit.run(_NO_CODES, {"who": person})
    given = [{"hash": hash, "person": person, "at": at, "used_at": None} for hash in hashes]
    unit.many(_ADD_CODES, given)


def use_code(unit: Unit, person: str, hash: bytes, at: datetime) -> bool:
    """Whether it is one of the person's and was not yet used; it is now."""
    return unit.run(_USE_CODE, {"who": person, "which": hash, "now": at}).rowcount == 1


def codes_left(unit: Unit, person: str) -> int:
    return int(unit.value(_CODES_LEFT, {"who": person}))


def passkeys_of(unit: Unit, person: str) -> list[PasskeyRow]:
    """By name."""
    return [PasskeyRow(*row) for row in unit.rows(_OF_PERSON, {"who": person})]


def passkey_of(unit: Unit, credential: bytes, *, lock: bool = False) -> PasskeyRow | None:
    """`lock`: it is ours alone until the transaction ends."""
    row = unit.row(_LOCK_PASSKEY if lock else _PASSKEY, {"which": credential})
    return None if row is None else PasskeyRow(*row)


def add_passkey(unit: Unit, row: PasskeyRow) -> None:
    """Raises `Clash` where the key, or the person's name for one, is there already."""
    given = {
        "credential": row.credential, "person": row.person, "name": row.name,
        "public_key": row.public_key, "at": row.at, "sign_count": row.sign_count, "used_at": None,
        "handle": row.handle,
    }  # fmt: skip
    unit.run(_ADD_PASSKEY, given)


def used_passkey(unit: Unit, credential: bytes, sign_count: int, at: datetime) -> None:
    unit.run(_USED, {"which": credential, "count": sign_count, "now": at})


def remove_passkey(unit: Unit, person: str, name: str) -> bool:
    return unit.run(_NO_PASSKEY, {"who": person, "called": name}).rowcount == 1


def remove_passkeys(unit: Unit, person: str) -> None:
    unit.run(_NO_PASSKEYS, {"who": person})
