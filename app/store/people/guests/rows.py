"""Statements about guests, their links, codes and sessions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, func, insert, select, update

from app.store.database.unit import Unit
from app.store.people.guests.tables import guest, guest_code, guest_link, guest_session

#: what the id of each begins with, so that it is no account's
PREFIX = "guest:"
#: how long what somebody types after the end of their session is kept for them
_LATE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class GuestRow:
    id: str
    case_id: str
    task: str
    name: str
    at: datetime
    print: bytes
    body: bytes
    ended_at: datetime | None = None
    how: str | None = None


@dataclass(frozen=True, slots=True)
class InviteRow:
    """A link."""

    hash: bytes
    guest: str
    at: datetime
    by: str
    expires_at: datetime
    ended_at: datetime | None = None
    how: str | None = None

    def serves(self, at: datetime) -> bool:
        return self.ended_at is None and self.expires_at > at


@dataclass(frozen=True, slots=True)
class CodeRow:
    id: str
    guest: str
    hash: bytes
    at: datetime
    by: str
    expires_at: datetime
    tries: int = 0
    ended_at: datetime | None = None
    how: str | None = None


_GUESTS = select(*(guest.c[name] for name in GuestRow.__dataclass_fields__))
_GUEST = _GUESTS.where(guest.c.id == bindparam("which"))
_LOCK = _GUEST.with_for_update()
_OF_TASK = (
    _GUESTS.where(guest.c.case_id == bindparam("case"), guest.c.task == bindparam("task_"))
    .order_by(guest.c.at.desc(), guest.c.ended_at.is_not(None), guest.c.id)
    .limit(1)
)
_ASKED = (
    select(guest.c.task, guest.c.name)
    .where(guest.c.case_id == bindparam("case"), guest.c.ended_at.is_(None))
    .order_by(guest.c.at)
)
_NAMES = select(guest.c.id, guest.c.name).where(guest.c.id.in_(bindparam("ids", expanding=True)))
_ADD = insert(guest)
_END = update(guest).where(guest.c.id == bindparam("which"), guest.c.ended_at.is_(None))
_END = _END.values(ended_at=bindparam("now"), how=bindparam("way"))
_LINK = select(*(guest_link.c[name] for name in InviteRow.__dataclass_fields__))
_LINK = _LINK.where(guest_link.c.hash == bindparam("which"))
_LOCK_LINK = _LINK.with_for_update()
_ADD_LINK = insert(guest_link)
_END_LINKS = update(guest_link).where(
    guest_link.c.guest == bindparam("whose"), guest_link.c.ended_at.is_(None)
)
_END_LINKS = _END_LINKS.values(ended_at=bindparam("now"), how=bindparam("way"))
_OPEN_LINKS = select(func.count()).select_from(guest_link).where(
    guest_link.c.guest == bindparam("whose"), guest_link.c.ended_at.is_(None),
    guest_link.c.expires_at > bindparam("now"),
)  # fmt: skip
_SINCE = select(func.count()).select_from(guest_link)
_SINCE = _SINCE.where(guest_link.c.guest == bindparam("whose"), guest_link.c.at > bindparam("from"))
_CODES = select(*(guest_code.c[name] for name in CodeRow.__dataclass_fields__))
_OPEN_CODE = _CODES.where(
    guest_code.c.guest == bindparam("whose"),
    guest_code.c.ended_at.is_(None),
    guest_code.c.expires_at > bindparam("now"),
).order_by(guest_code.c.at.desc())
_CODES_SINCE = select(func.count()).select_from(guest_code)
_CODES_SINCE = _CODES_SINCE.where(
    guest_code.c.guest == bindparam("whose"),
    guest_code.c.at > bindparam("from"),
    guest_code.c.by == bindparam("who"),
)
_ADD_CODE = insert(guest_code)
_TRY = update(guest_code).where(
    guest_code.c.id == bindparam("which"),
    guest_code.c.tries < bindparam("most"),
    guest_code.c.ended_at.is_(None),
)
_TRY = _TRY.values(tries=guest_code.c.tries + 1)
_END_CODES = update(guest_code).where(
    guest_code.c.guest == bindparam("whose"), guest_code.c.ended_at.is_(None)
)
_END_CODES = _END_CODES.values(ended_at=bindparam("now"), how=bindparam("way"))
_SESSION = select(
    guest_session.c.guest, guest_session.c.seen_at, guest_session.c.expires_at, guest_code.c.by,
).join(guest_code, guest_code.c.id == guest_session.c.code)  # fmt: skip
_SESSION = _SESSION.where(guest_session.c.hash == bindparam("which"))
_ADD_SESSION = insert(guest_session)
_SEEN = update(guest_session).where(guest_session.c.hash == bindparam("which"))
_SEEN = _SEEN.values(seen_at=bindparam("now"))
_DROP = delete(guest_session).where(guest_session.c.hash == bindparam("which"))
_OLD = delete(guest_session).where(guest_session.c.expires_at < bindparam("now"))
_DROP_ALL = delete(guest_session).where(guest_session.c.guest == bindparam("whose"))


def place(guest: str) -> str:
    """For which their contact is sealed with the case's key."""
    return f"guest:{guest}"


def print_of(unit: Unit, kept: bytes) -> bytes:
    """Of all that a case says of a guest: tells whether it is the same still."""
    return unit.keys.fingerprint(b"guest\n" + kept)


def add(unit: Unit, row: GuestRow) -> None:
    unit.run(_ADD, asdict(row))


def find(unit: Unit, id: str) -> GuestRow | None:
    row = unit.row(_GUEST, {"which": id})
    return None if row is None else GuestRow(*row)


def lock(unit: Unit, id: str) -> GuestRow | None:
    """As `find`; it is ours alone until the transaction ends."""
    row = unit.row(_LOCK, {"which": id})
    return None if row is None else GuestRow(*row)


def newest_of(unit: Unit, case: str, task: str) -> GuestRow | None:
    row = unit.row(_OF_TASK, {"case": case, "task_": task})
    return None if row is None else GuestRow(*row)


def asked_in(unit: Unit, case: str) -> dict[str, str]:
    """Task → name of who is asked it by a link now; where one replaced another, the newer."""
    return dict(unit.rows(_ASKED, {"case": case}))


def names(unit: Unit, ids: Sequence[str]) -> dict[str, str]:
    guests = [id for id in ids if id.startswith(PREFIX)]
    return dict(unit.rows(_NAMES, {"ids": guests})) if guests else {}


def end(unit: Unit, id: str, at: datetime, how: str) -> None:
    unit.run(_END, {"which": id, "now": at, "way": how})


def add_link(unit: Unit, row: InviteRow) -> None:
    unit.run(_ADD_LINK, asdict(row))


def link_of(unit: Unit, hash: bytes, *, lock: bool = False) -> InviteRow | None:
    row = unit.row(_LOCK_LINK if lock else _LINK, {"which": hash})
    return None if row is None else InviteRow(*row)


def end_links(unit: Unit, of: str, at: datetime, how: str) -> None:
    unit.run(_END_LINKS, {"whose": of, "now": at, "way": how})


def invited_since(unit: Unit, of: str, since: datetime) -> int:
    return int(unit.value(_SINCE, {"whose": of, "from": since}))


def has_link(unit: Unit, of: str, at: datetime) -> bool:
    """Whether a link opens something for them."""
    return bool(unit.value(_OPEN_LINKS, {"whose": of, "now": at}))


def add_code(unit: Unit, row: CodeRow) -> None:
    unit.run(_ADD_CODE, asdict(row))


def open_code(unit: Unit, of: str, at: datetime) -> CodeRow | None:
    row = unit.row(_OPEN_CODE, {"whose": of, "now": at})
    return None if row is None else CodeRow(*row)


def live_codes(unit: Unit, of: str, by: str, since: datetime) -> int:
    """How many codes this one made for the guest since then."""
    return int(unit.value(_CODES_SINCE, {"whose": of, "who": by, "from": since}))


def take_try(unit: Unit, code: str, most: int) -> bool:
    """Counts a try before it is looked at; whether there was one left."""
    return unit.run(_TRY, {"which": code, "most": most}).rowcount == 1


def end_codes(unit: Unit, of: str, at: datetime, how: str) -> None:
    unit.run(_END_CODES, {"whose": of, "now": at, "way": how})


def add_session(unit: Unit, hash: bytes, of: str, code: str, at: datetime, until: datetime) -> None:
    given = {"hash": hash, "guest": of, "code": code, "at": at, "seen_at": at}
    unit.run(_ADD_SESSION, {**given, "expires_at": until})


def session_of(unit: Unit, hash: bytes) -> tuple[str, datetime, datetime, str] | None:
    """(guest, last seen, end, by whom the code was given)."""
    row = unit.row(_SESSION, {"which": hash})
    return None if row is None else (row[0], row[1], row[2], row[3])


def seen(unit: Unit, hash: bytes, at: datetime) -> None:
    unit.run(_SEEN, {"which": hash, "now": at})


def end_session(unit: Unit, hash: bytes) -> None:
    unit.run(_DROP, {"which": hash})


def sweep(unit: Unit, at: datetime) -> None:
    """Sessions that are over, and late answers too. For where an entry of the log is written."""
    unit.run(_OLD, {"now": at - _LATE})


def end_sessions(unit: Unit, of: str) -> None:
    unit.run(_DROP_ALL, {"whose": of})
