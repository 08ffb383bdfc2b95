"""Lists that somebody saved under a name, for themselves or for a group, as rows.

What of a list is wished for is casework's. Of each person there are few: who saves one more than
`MOST` is told so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert as upsert

from app.store.database.unit import Unit
from app.store.people.tables import person, saved_list


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedRow:
    person: str
    name: str
    #: JSON, as casework reads it
    wish: str
    #: "g:…" whose people see it too; "": nobody
    shared: str
    at: datetime
    #: name of who saved it
    by: str = ""


_PUT = upsert(saved_list)
_PUT = _PUT.on_conflict_do_update(
    index_elements=["person", "name"],
    set_={name: _PUT.excluded[name] for name in ("wish", "shared", "at")},
)
_DROP = delete(saved_list).where(
    saved_list.c.person == bindparam("who"), saved_list.c.name == bindparam("called")
)
_COUNT = select(func.count()).where(
    saved_list.c.person == bindparam("who"), saved_list.c.name != bindparam("called")
)
_SEEN = (
    select(saved_list.c.person, saved_list.c.name, saved_list.c.wish, saved_list.c.shared,
           saved_list.c.at, person.c.name)
    .join_from(saved_list, person, person.c.id == saved_list.c.person)
    .where(or_(saved_list.c.person == bindparam("who"),
               saved_list.c.shared.in_(bindparam("groups", expanding=True))))
    .order_by(saved_list.c.name, saved_list.c.person)
)  # fmt: skip


def put(unit: Unit, row: SavedRow) -> None:
    """Takes the place of one of the same name."""
    given = {"person": row.person, "name": row.name, "wish": row.wish, "shared": row.shared}
    unit.run(_PUT, given | {"at": row.at})


def drop(unit: Unit, person: str, name: str) -> None:
    unit.run(_DROP, {"who": person, "called": name})


def others(unit: Unit, person: str, name: str) -> int:
    """How many the person has beside the one of this name."""
    return int(unit.value(_COUNT, {"who": person, "called": name}))


def seen(unit: Unit, person: str, groups: Iterable[str]) -> list[SavedRow]:
    """Their own, and those shared with one of these groups; by name."""
    rows = unit.rows(_SEEN, {"who": person, "groups": sorted(groups)})
    return [
        SavedRow(person=who, name=name, wish=wish, shared=shared, at=at, by=by)
        for who, name, wish, shared, at, by in rows
    ]
