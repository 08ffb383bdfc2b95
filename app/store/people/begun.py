"""Start forms that somebody has begun and not sent, as rows. There is no case yet, and so no key of
one: what was typed is sealed with the key-encryption key.

A row opens for its own person alone, whoever is written into the column: the name of whose it is
lies sealed with the words.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.dialects.postgresql import insert as upsert

from app.store.database.errors import Sealed
from app.store.database.unit import Unit
from app.store.people.tables import start_draft


@dataclass(frozen=True, slots=True, kw_only=True)
class BegunRow:
    id: str
    person: str
    process: str
    #: digest of the version whose form it was typed in
    deployment: str
    at: datetime
    #: from then on it is swept
    until: datetime
    #: a case was started with it: nothing is kept, and nothing that comes late is taken in
    sent: bool = False


_NAMES = ("id", "person", "process", "deployment", "at", "until", "sent")
_LINES = select(*(start_draft.c[name] for name in _NAMES))
_OF_PERSON = _LINES.where(start_draft.c.person == bindparam("who"), start_draft.c.sent.is_(False))
_OF_PERSON = _OF_PERSON.order_by(start_draft.c.at.desc(), start_draft.c.id)
_COUNT = select(func.count()).where(
    start_draft.c.person == bindparam("who"), start_draft.c.sent.is_(False)
)
_FIND = select(*(start_draft.c[name] for name in (*_NAMES, "body"))).where(
    start_draft.c.id == bindparam("which"), start_draft.c.person == bindparam("who")
)
_LOCK = _FIND.with_for_update()
_PUT = upsert(start_draft)
_PUT = _PUT.on_conflict_do_update(
    index_elements=["id"],
    set_={name: _PUT.excluded[name] for name in ("deployment", "at", "until", "sent", "body")},
    where=start_draft.c.person == _PUT.excluded.person,
)
_DROP = delete(start_draft).where(
    start_draft.c.id == bindparam("which"), start_draft.c.person == bindparam("who")
)


def place(id: str) -> str:
    """For which a row is sealed."""
    return f"begun:{id}"


def of_person(unit: Unit, person: str) -> list[BegunRow]:
    """Without what was typed; the newest first."""
    return [_line(row) for row in unit.rows(_OF_PERSON, {"who": person})]


def count(unit: Unit, person: str) -> int:
    return int(unit.value(_COUNT, {"who": person}) or 0)


def find(unit: Unit, person: str, id: str, *, lock: bool = False) -> tuple[BegunRow, bytes] | None:
    """The row and what was typed, where it is this person's. `lock`: it is ours alone until the
    transaction ends. Raises `Sealed`."""
    row = unit.row(_LOCK if lock else _FIND, {"who": person, "which": id})
    if row is None:
        return None
    *_, body = row
    whose, _, content = zlib.decompress(unit.keys.open(body, place(id))).partition(b"\n")
    if json.loads(whose) != person:
        raise Sealed
    return _line(row), content


def put(unit: Unit, row: BegunRow, content: bytes) -> bool:
    """Takes the place of an earlier one with this id; False: that is somebody else's."""
    whose = json.dumps(row.person).encode()
    body = unit.keys.seal(zlib.compress(whose + b"\n" + content), place(row.id))
    given: dict[str, Any] = {name: getattr(row, name) for name in _NAMES}
    return unit.run(_PUT, given | {"body": body}).rowcount == 1


def drop(unit: Unit, person: str, id: str) -> bool:
    """Whether it was there."""
    return unit.run(_DROP, {"who": person, "which": id}).rowcount == 1


def _line(row: Any) -> BegunRow:
    return BegunRow(**dict(zip(_NAMES, row, strict=False)))
